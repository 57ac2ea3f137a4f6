package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.DemoSite;
import dev.signalbox.demo.load.Ledger;
import dev.signalbox.demo.load.LoadSettings;
import dev.signalbox.demo.load.OpenLoopClient;
import dev.signalbox.demo.load.Reconciliation;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.EnvironmentWriter;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.DatabaseTypes;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.support.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Jdbi;

/// A whole service under a light load: the site of the demo with few rows, a lease of 1 s, and a
/// ledger of what the service was asked and promised. Closing it ends every process it began.
final class Rig implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(1);
  private static final int ACCOUNTS = 50;

  /// A fence refuses; or there is no such table.
  private static final Set<String> NO_WRITES = Set.of("25006", "42P01");

  final DemoSite site;
  final OpenLoopClient load;
  final Path environmentFile;
  private final Environment environment;
  private final EntryRouter router;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ConsoleProcess> consoles = new CopyOnWriteArrayList<>();
  private final long sumBefore;

  /// @param rate requests a second, a third of which write
  Rig(int rate) throws Exception {
    this(rate, DemoSite.newFolder());
  }

  /// @param rate requests a second, a third of which write
  Rig(int rate, Path folder) throws Exception {
    site =
        new DemoSite(
            folder,
            new DemoSite.Shape(ACCOUNTS, 300, Duration.ofHours(1), Duration.ofSeconds(1)),
            ChildJvm.options());
    // Also when the test's own process is ended from outside.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    try {
      site.open();
      Environment usual = site.environment();
      environment =
          new Environment(
              usual.name(),
              usual.folder(),
              new ReleaseSettings(usual.release().stallBudget(), usual.release().watch(), LEASE),
              usual.journal(),
              usual.databases(),
              usual.application(),
              usual.strategy());
      environmentFile = site.environmentFile();
      Files.writeString(environmentFile, EnvironmentWriter.write(environment));
      ChildJvm.train(TrainingRun.class, environmentFile.toString());
      RouterSettings.Entry entry = (RouterSettings.Entry) site.application().router();
      router = new EntryRouter(entry.control(), entry.token());
      try (Connection blue = site.connect(Colour.BLUE)) {
        sumBefore = Reconciliation.sum(blue);
      }
      load = new OpenLoopClient(LoadSettings.of(site.address(), rate, ACCOUNTS), new Ledger());
      load.start();
    } catch (Exception e) {
      site.close();
      throw e;
    }
  }

  Environment environment() {
    return environment;
  }

  /// @param parkAfter writes to the journal; 0 for never
  ConsoleProcess console(int parkAfter) throws Exception {
    ConsoleProcess console = new ConsoleProcess(environmentFile, parkAfter);
    consoles.add(console);
    return console;
  }

  RouterState router() throws Exception {
    return router.state();
  }

  /// Asserts that exactly one database can be written, that the router sends everything there, and
  /// that nothing waits.
  ///
  /// @return the side
  Colour onlyOneTakesWrites() throws Exception {
    List<Colour> open = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      Fence.State fence = fence(colour);
      boolean written = writes(colour);
      if (written) {
        open.add(colour);
      }
      assertThat(fence)
          .as("the catalogue of %s agrees with a real write", colour)
          .isIn(written ? List.of(Fence.State.OPEN) : List.of(Fence.State.CLOSED));
    }
    assertThat(open).as("databases that take writes").hasSize(1);
    RouterState state = router.state();
    assertThat(state.route()).as("route").isEqualTo(open.getFirst());
    assertThat(state.holding()).as("requests are held").isFalse();
    assertThat(state.waiting()).as("waiting requests").isZero();
    return open.getFirst();
  }

  Fence.State fence(Colour colour) throws SQLException {
    try (Connection c = site.connect(colour)) {
      return Jdbi.create(c)
          .installPlugin(new DatabaseTypes())
          .withHandle(h -> Fence.state(Catalogue.tables(h, List.of("public"))));
    }
  }

  /// Really writes, as the application would, and takes it back.
  boolean writes(Colour colour) throws Exception {
    var at = site.server(colour).coordinates(DemoSite.DATABASE);
    try (Connection c =
            DriverManager.getConnection(at.jdbcUrl(), "bank_app", site.applicationPassword());
        Statement statement = c.createStatement()) {
      c.setAutoCommit(false);
      statement.setQueryTimeout(3);
      statement.execute("UPDATE accounts SET balance = balance WHERE id = 1");
      c.rollback();
      return true;
    } catch (SQLException e) {
      if (NO_WRITES.contains(Objects.requireNonNullElse(e.getSQLState(), ""))) {
        return false;
      }
      throw e;
    }
  }

  /// A transfer through the front door, noted in the ledger.
  ///
  /// @return whether the service acknowledged it
  boolean transfer() {
    UUID id = UUID.randomUUID();
    load.ledger().open(id, 1, 2, 1);
    try {
      URI to = site.address().resolve("/api/transfers");
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(to)
                  .timeout(Duration.ofSeconds(5))
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"requestId\":\"" + id + "\",\"from\":1,\"to\":2,\"amount\":1}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 201) {
        load.ledger().acknowledged(id);
        return true;
      }
      load.ledger().failed(id);
      return false;
    } catch (IOException e) {
      load.ledger().failed(id);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What was promised is in the database that is live: nothing lost, doubled, half applied.
  void reconcile(Colour live) throws SQLException {
    try (Connection c = site.connect(live)) {
      Reconciliation.Report report = Reconciliation.check(c, load.ledger(), sumBefore);
      assertThat(report.lost()).as("lost on %s", live).isEmpty();
      assertThat(report.duplicated()).as("duplicated on %s", live).isEmpty();
      assertThat(report.altered()).as("altered on %s", live).isEmpty();
      assertThat(report.halfApplied()).as("half applied on %s", live).isEmpty();
      assertThat(report.acknowledged()).as("acknowledged").isPositive();
    }
  }

  Reconciliation.Report report(Colour live) throws SQLException {
    try (Connection c = site.connect(live)) {
      return Reconciliation.check(c, load.ledger(), sumBefore);
    }
  }

  static DatabaseView.Server server(dev.signalbox.engine.EngineSnapshot s, Colour colour) {
    return Objects.requireNonNull(Objects.requireNonNull(s.database()).servers().get(colour));
  }

  private void end() {
    consoles.forEach(ConsoleProcess::close);
    try {
      site.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (ConsoleProcess console : consoles) {
      console.close();
    }
    try {
      load.close();
      router.close();
    } finally {
      site.close();
    }
  }
}
