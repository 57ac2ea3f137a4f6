package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.support.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On servers of its own, which it freezes.
@Tag("long")
class HangTest {
  /// What a release leaves on a server while it is under way.
  private static final String LEFT =
      "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication)"
          + " + (SELECT count(*) FROM pg_subscription)"
          + " + (SELECT count(*) FROM pg_trigger WHERE tgname = 'signalbox_fence')";

  @TempDir Path folder;
  private OwnServers servers;
  private EmbeddedPostgres blue;
  private EmbeddedPostgres green;
  private PostgresServer source;
  private PostgresServer target;
  private PlaneDriver console;

  @BeforeEach
  void start() throws Exception {
    servers = new OwnServers(folder, "hang");
    blue = servers.blue;
    green = servers.green;
    source = servers.source;
    target = servers.target;
    console = servers.console;
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  @Test
  void aFrozenTargetHoldsNothingUpAndTheReleaseCanBeAborted() throws Exception {
    console.set();
    console.plane.refresh();
    green.freeze();
    try {
      Await.until("green is missed", () -> !view(Colour.GREEN).reachable());
      var seen = view(Colour.BLUE).at();
      Await.until("blue is still looked at", () -> view(Colour.BLUE).at().isAfter(seen));
      assertThat(console.plane.live()).isEqualTo(Colour.BLUE);
      assertThat(Gate.views(console.plane.gates(PlaneDriver.FORWARD, Colour.BLUE)))
          .anyMatch(g -> g.id().equals("database.servers") && g.state() == GateView.State.CLOSED);
      assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD)).isNotNull();
      write(source);
      for (Phase phase :
          new Phase[] {Phase.SYNCHRONIZE, Phase.REPLICATE, Phase.PREPARE, Phase.INITIALIZE}) {
        for (var step :
            console.plane.steps(phase, PlaneDriver.FORWARD, PlaneDriver.RELEASE).reversed()) {
          step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(20)));
        }
      }
      assertThat(number(source, LEFT)).isZero();
    } finally {
      green.thaw();
    }
  }

  @Test
  void aLiveSideThatFreezesIsLeftWithTheOperatorsWordAndClosedWhenItReturns() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    write(target);
    long first = insert(target);
    for (int i = 0; i < 100; i++) {
      insert(target);
    }
    String sum = "SELECT count(*) FROM transfer";
    Await.until("all rows on blue", () -> number(source, sum) == number(target, sum));
    long ticket = number(target, "SELECT nextval('ticket')");
    console.plane.refresh();
    assertThat(console.plane.risk(PlaneDriver.FORWARD.mirrored()).writes()).isZero();
    green.freeze();
    try {
      Await.until("green is missed", () -> !view(Colour.GREEN).reachable());
      letTheWorkerConnectAnew();
      // Blue is seen shut, and green is not seen.
      assertThat(console.plane.live()).isNull();
      assertThat(console.plane.risk(PlaneDriver.FORWARD.mirrored()).writes()).isEqualTo(-1);
      assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD.mirrored())).isNotNull();
      assertThatThrownBy(() -> write(source)).hasMessageContaining("fenced");
      console.lossAcknowledged = true;
      console.move(PlaneDriver.FORWARD.mirrored());
      write(source);
      // Numbers that green drew are not drawn again.
      assertThat(insert(source)).isGreaterThan(first + 100);
      for (int i = 0; i < 100; i++) {
        insert(source);
      }
      assertThat(number(source, "SELECT nextval('ticket')")).isGreaterThan(ticket);
      // Whoever does not know of the operator's word holds, whatever it sees.
      console.lossAcknowledged = false;
      Move back = PlaneDriver.FORWARD.mirrored();
      assertThatThrownBy(() -> console.run(Phase.CUT_OVER, back, "announce")).isNotNull();
      assertThatThrownBy(() ->
              console
                  .step(Phase.CUT_OVER, back, "switch")
                  .observe(console.context(back, Duration.ofSeconds(5))))
          .hasMessageContaining("the journal that says who wanted that is not read yet");
    } finally {
      green.thaw();
    }
    Await.until(
        "green is closed",
        () -> {
          try {
            write(target);
            return false;
          } catch (SQLException e) {
            return "25006".equals(e.getSQLState());
          }
        });
    write(source);
    Await.until("only blue is live", () -> console.plane.live() == Colour.BLUE);
  }

  @Test
  void aSourceThatIsLostIsCleanedUpWithAnEmptyServerInItsPlace() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    console.close();
    blue.close();
    try (EmbeddedPostgres empty = EmbeddedPostgres.start(folder, "empty", Map.of());
        PlaneDriver next =
            new PlaneDriver(
                "hang",
                Map.of(Colour.BLUE, instead(empty), Colour.GREEN, target),
                servers.scripts)) {
      PostgresServer instead = instead(empty);
      next.phases(Phase.CLEAN_UP);
      write(target);
      assertThat(number(target, LEFT)).isZero();
      assertThat(number(instead, LEFT)).isZero();
    }
  }

  @Test
  void aSideThatIsLostOnTheWayBackIsGivenUpAndClosedWhenItReturns() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    Move back = PlaneDriver.FORWARD.mirrored();
    for (String step : List.of("announce", "fence", "catch-up")) {
      console.run(Phase.CUT_OVER, back, step);
    }
    blue.freeze();
    try {
      assertThatThrownBy(() -> console.run(Phase.CUT_OVER, back, "switch")).isNotNull();
      // Blue may open: green must not.
      assertThatThrownBy(() -> console.undo(Phase.CUT_OVER, back, "switch"))
          .hasMessageContaining("green stays closed");
      assertThatThrownBy(() -> write(target)).hasMessageContaining("fenced");
      console.newSideGivenUp = true;
      console.undo(Phase.CUT_OVER, back, "switch");
      write(target);
    } finally {
      blue.thaw();
    }
    Await.until(
        "blue is closed",
        () -> {
          try {
            write(source);
            return false;
          } catch (SQLException e) {
            return "25006".equals(e.getSQLState());
          }
        });
    write(target);
    Await.until("only green is live", () -> console.plane.live() == Colour.GREEN);
  }

  /// A worker on blue that waits for the answer to its greeting does not hear that its subscription
  /// is switched off.
  private void letTheWorkerConnectAnew() throws Exception {
    String worker = "SELECT coalesce(max(pid), 0) FROM pg_stat_subscription";
    long before = number(source, worker);
    Guarded.ask(
        source,
        "app",
        Duration.ofSeconds(5),
        h ->
            h.select("SELECT pg_terminate_backend(" + before + ", 3000)")
                .mapTo(boolean.class)
                .findOne()
                .orElse(false));
    Await.until(
        "the worker begins anew",
        () -> number(source, worker) != 0 && number(source, worker) != before);
  }

  private DatabaseView.Server view(Colour colour) {
    return Objects.requireNonNull(console.plane.view().servers().get(colour));
  }

  private static void write(PostgresServer server) throws SQLException {
    Guarded.ask(
        server,
        "app",
        Duration.ofSeconds(2),
        h -> {
          Verbatim.run(h, "UPDATE account SET name = name || '.' WHERE id = 5");
          return true;
        });
  }

  private static long insert(PostgresServer server) throws SQLException {
    return number(
        server,
        "INSERT INTO transfer (request, \"From\", \"to\", amount)"
            + " VALUES (gen_random_uuid(), 1, 2, 3) RETURNING id");
  }

  private static long number(PostgresServer server, String sql) throws SQLException {
    return Guarded.ask(
        server,
        "app",
        Duration.ofSeconds(5),
        h -> h.select(sql).mapTo(long.class).findOne().orElse(0L));
  }

  private static PostgresServer instead(EmbeddedPostgres empty) {
    return new PostgresServer(Colour.BLUE, empty.coordinates("postgres"));
  }
}
