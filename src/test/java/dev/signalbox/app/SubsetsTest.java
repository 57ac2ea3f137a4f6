package dev.signalbox.app;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.cluster.TestCluster;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.ChangedPlane;
import dev.signalbox.engine.release.conductor.ChangedStep;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.entry.EntryProcess;
import dev.signalbox.support.Await;
import dev.signalbox.support.GuidePage;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every subset of the planes does a whole release on real servers: there, back, there again, and
/// cleaned up.
@Timeout(180)
@Tag("long")
class SubsetsTest {
  @TempDir Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T open(T one) {
    open.push(one);
    return one;
  }

  @ParameterizedTest
  @CsvSource({
    "database,",
    "application,",
    "strategy,",
    "database, application",
    "database, strategy",
    "application, strategy",
    "database, application + strategy"
  })
  void aSubsetOfThePlanesDoesAWholeRelease(String first, String others) throws Exception {
    List<String> planes = new ArrayList<>(List.of(first));
    if (others != null) {
      planes.addAll(List.of(others.split(" \\+ ", -1)));
    }
    TestDatabases databases = open(TestDatabases.create());
    Environment environment =
        environment(
            planes.contains("database") ? List.of(database("", databases)) : List.of(),
            planes.contains("application"),
            planes.contains("strategy"),
            databases);

    release(environment, planes, planes.contains("database") ? List.of(databases) : List.of());
  }

  /// A database without an application: whatever leads the applications follows there, back, there
  /// again, and they write where they are led to.
  @ParameterizedTest
  @ValueSource(strings = {"pgbouncer", "file", "command", "multiHost"})
  void aRouteLeadsTheApplicationsOfADatabaseAlone(String kind) throws Exception {
    TestDatabases databases = open(TestDatabases.create());
    LedApplication application = open(new LedApplication(kind, folder, databases));
    Environment environment =
        environment(
            List.of(database("", databases, application.settings())), false, false, databases);

    release(
        environment,
        List.of("database"),
        List.of(databases),
        (side, id) -> {
          application.insert(id);
          assertThat(count(databases.get(side))).isEqualTo(id);
        });
  }

  @Test
  void twoDatabasesChangeOverTogether() throws Exception {
    TestDatabases orders = open(TestDatabases.create());
    TestDatabases billing = open(TestDatabases.create());
    Environment environment =
        environment(
            List.of(database("orders", orders), database("billing", billing)),
            false,
            false,
            orders);

    release(environment, List.of("database.orders", "database.billing"), List.of(orders, billing));
  }

  /// The first database of a move is switched and the second one fails: both go back.
  @Test
  void noneOfTwoDatabasesIsOpenedBeforeBothOldSidesAreClosed() throws Exception {
    TestDatabases orders = open(TestDatabases.create());
    TestDatabases billing = open(TestDatabases.create());
    List<TestDatabases> both = List.of(orders, billing);
    Environment environment =
        environment(
            List.of(database("orders", orders), database("billing", billing)),
            false,
            false,
            orders);
    both.forEach(one -> sql(one.blue(), "CREATE TABLE item (id bigint PRIMARY KEY)"));
    AtomicBoolean fails = new AtomicBoolean(true);
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Console console =
        new Console(
            environment,
            ReleaseEngine.Role.DRIVE,
            journal -> journal,
            plane ->
                new ChangedPlane(plane) {
                  @Override
                  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
                    return super.steps(phase, move, release).stream()
                        .map(step ->
                            step.id().equals("database.billing.switch") ? watched(step) : step)
                        .toList();
                  }

                  private Step watched(Step step) {
                    return new ChangedStep(step) {
                      @Override
                      public String run(StepContext context) throws Exception {
                        seen.add(
                            refused(orders.blue()) && refused(billing.blue())
                                ? "both old sides are closed"
                                : "an old side is open");
                        if (fails.get()) {
                          throw new IOException("the second one fails");
                        }
                        return super.run(context);
                      }
                    };
                  }
                })) {
      until(console, "it drives", s -> s.lease().mine() && s.live() == Colour.BLUE);
      done(console, new Command.StartRelease("v2"));
      ready(console);
      write(both, Colour.BLUE, 1);

      Outcome outcome =
          console.submit(new Command.CutOver()).toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(outcome.text()).contains("the second one fails");
      until(console, "blue is live again", s -> s.live() == Colour.BLUE);
      write(both, Colour.BLUE, 2);
      both.forEach(one -> assertThat(refused(one.green())).isTrue());

      fails.set(false);
      ready(console);
      move(
          console,
          both,
          new Command.CutOver(),
          Colour.GREEN,
          3,
          (side, id) -> write(both, side, id));
      assertThat(seen).hasSize(2).containsOnly("both old sides are closed");
    }
  }

  /// How a row is written while a side is live.
  private interface Writing {
    void write(Colour side, int id) throws Exception;
  }

  private void release(Environment environment, List<String> planes, List<TestDatabases> databases)
      throws Exception {
    release(environment, planes, databases, (side, id) -> write(databases, side, id));
  }

  private void release(
      Environment environment, List<String> planes, List<TestDatabases> databases, Writing writing)
      throws Exception {
    for (TestDatabases one : databases) {
      sql(one.blue(), "CREATE TABLE item (id bigint PRIMARY KEY)");
      sql(one.blue(), "INSERT INTO item VALUES (1)");
    }
    try (Console console = new Console(environment, ReleaseEngine.Role.DRIVE)) {
      until(console, "all planes are seen live", s -> s.live() == Colour.BLUE);
      assertThat(console.snapshot().planes()).extracting(PlaneView::id).isEqualTo(planes);
      until(console, "it drives", s -> s.lease().mine());

      done(console, new Command.StartRelease("v2"));
      ready(console);
      writing.write(Colour.BLUE, 2);
      move(console, databases, new Command.CutOver(), Colour.GREEN, 3, writing);
      move(console, databases, Command.RollBack.losingNothing(), Colour.BLUE, 4, writing);
      ready(console);
      move(console, databases, new Command.CutOver(), Colour.GREEN, 5, writing);

      done(console, new Command.CleanUp(environment.name()));
      until(
          console,
          "it is complete",
          s -> s.release() != null && s.release().status() instanceof Status.Completed);
      assertThat(console.snapshot().live()).isEqualTo(Colour.GREEN);
      for (DatabaseView view : console.snapshot().databases()) {
        assertThat(view.routes())
            .allMatch(route -> route.leads() == Colour.GREEN && !route.paused());
      }
    }
    for (TestDatabases one : databases) {
      assertThat(count(one.green())).isEqualTo(5);
    }
  }

  private void move(
      Console console,
      List<TestDatabases> databases,
      Command command,
      Colour to,
      int id,
      Writing writing)
      throws Exception {
    done(console, command);
    until(console, to + " is live", s -> s.live() == to);
    for (TestDatabases one : databases) {
      assertThat(count(one.get(to))).isEqualTo(id - 1);
    }
    writing.write(to, id);
    for (TestDatabases one : databases) {
      assertThat(refused(one.get(to.other()))).isTrue();
    }
  }

  private static void ready(Console console) throws Exception {
    until(
        console,
        "it is ready",
        s ->
            s.release() != null
                && s.release().status() instanceof Status.Ready
                && s.gates().stream().allMatch(g -> g.state() == GateView.State.OPEN));
    assertThat(console.snapshot().gates())
        .extracting(gate -> gate.id().replaceFirst("^database\\.(orders|billing)\\.", "database."))
        .as("gates that the guide tells")
        .isSubsetOf(GuidePage.gates());
  }

  private static void done(Console console, Command command) throws Exception {
    AtomicReference<Outcome> outcome = new AtomicReference<>();
    // On a machine that is busy for seconds nothing is changed, and an operator asks again.
    Await.until(
        command + " is not refused as 'not seen'",
        () -> {
          outcome.set(console.submit(command).toCompletableFuture().get(60, TimeUnit.SECONDS));
          return !(outcome.get() instanceof Outcome.Refused refused
              && refused.text().contains("not seen for"));
        });
    assertThat(outcome.get()).as("%s", command).isInstanceOf(Outcome.Done.class);
  }

  private static void until(Console console, String what, Predicate<EngineSnapshot> condition)
      throws Exception {
    try {
      Await.until(what, Duration.ofSeconds(90), () -> condition.test(console.snapshot()));
    } catch (AssertionError e) {
      EngineSnapshot s = console.snapshot();
      String next = s.release() == null ? "no release" : s.release().next();
      throw new AssertionError(what + ": " + next + " " + s.gates() + " " + s.lease(), e);
    }
  }

  private static void write(List<TestDatabases> databases, Colour side, int id) {
    databases.forEach(one -> sql(one.get(side), "INSERT INTO item VALUES (" + id + ")"));
  }

  private static boolean refused(PostgresServer server) {
    try {
      sql(server, "INSERT INTO item VALUES (-1)");
      return false;
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage()).contains("signalbox");
    }
  }

  private static void sql(PostgresServer server, String sql) {
    jdbi(server).useHandle(h -> h.execute(sql));
  }

  private static long count(PostgresServer server) {
    return jdbi(server)
        .withHandle(h -> h.select("SELECT count(*) FROM item").mapTo(Long.class).one());
  }

  // ---- environments ---------------------------------------------------------------------------

  private Environment environment(
      List<DatabaseSettings> databases,
      boolean application,
      boolean strategy,
      TestDatabases journal)
      throws Exception {
    return new Environment(
        "subset",
        folder,
        new ReleaseSettings(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(5)),
        databases.isEmpty() ? server(journal.blue()) : null,
        databases,
        application ? application() : null,
        strategy ? strategy(journal) : null);
  }

  private ServerSettings server(PostgresServer server) throws IOException {
    PostgresServer.Coordinates at = server.coordinates();
    Path password = folder.resolve(server.colour() + ".password");
    Files.writeString(password, at.password() + "\n");
    return new ServerSettings(
        at.host(), at.port(), at.database(), at.user(), new SecretSource.InFile(password));
  }

  private DatabaseSettings database(String name, TestDatabases databases, RouteSettings... routes)
      throws IOException {
    Map<Colour, ServerSettings> servers = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      servers.put(colour, server(databases.get(colour)));
    }
    return new DatabaseSettings(
        name,
        servers,
        Optional.empty(),
        List.of("public"),
        Duration.ofSeconds(1),
        Duration.ofMillis(200),
        List.of(routes));
  }

  private ApplicationSettings application() throws Exception {
    TestStack blue = open(new TestStack(Colour.BLUE));
    TestStack green = open(new TestStack(Colour.GREEN));
    EntryProcess entry = open(new EntryProcess(folder, blue, green));
    return new ApplicationSettings(
        new HealthSettings(Duration.ofMillis(200), Duration.ofSeconds(2), 2, 3),
        new RouterSettings.Entry(
            entry.address(), entry.control(), new SecretSource.InFile(entry.tokenFile())),
        Map.of(Colour.BLUE, stack(blue), Colour.GREEN, stack(green)));
  }

  private static StackSettings stack(TestStack stack) {
    return new StackSettings(
        List.of(
            new EndpointSettings("backend", stack.address(), List.of("/api/health"), List.of())),
        List.of());
  }

  private StrategySettings strategy(TestDatabases databases) throws Exception {
    Path own = Files.createDirectory(folder.resolve("cluster"));
    TestCluster cluster = open(new TestCluster(own, databases));
    return new StrategySettings(
        URI.create("http://127.0.0.1:" + cluster.controlPort()),
        new SecretSource.InFile(Objects.requireNonNull(own.resolve("token"))),
        Duration.ofSeconds(5),
        Duration.ofMillis(200));
  }
}
