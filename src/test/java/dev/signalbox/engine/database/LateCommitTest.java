package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.barrier.UnsettledException;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.Step;
import dev.signalbox.support.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A COMMIT that hangs in its server, waiting for a standby that is not there as it would for a
/// slow disk: its answer is lost, the connection is gone, and it is carried out much later.
@Timeout(180)
@Tag("long")
class LateCommitTest {
  private @TempDir Path folder;
  private OwnServers servers;
  private PostgresServer source;
  private PostgresServer target;
  private PlaneDriver console;

  @BeforeEach
  void start() throws Exception {
    servers = new OwnServers(folder, "late");
    source = servers.source;
    target = servers.target;
    console = servers.console;
    console.set();
    for (String step : List.of("announce", "fence", "catch-up")) {
      console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, step);
    }
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  @Test
  void theOldSideStaysClosedWhileTheNewOneMayStillOpen() throws Exception {
    commitsHang(target);
    assertThatThrownBy(() -> console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "switch"))
        .isNotNull();
    assertThat(fence(source)).isEqualTo(Fence.State.CLOSED);
    assertThat(fence(target)).isEqualTo(Fence.State.CLOSED);
    nothingCanBeTold(Colour.GREEN);
    // Another console, whose epoch the new side cannot hear of while the COMMIT hangs.
    Guarded.ask(
        source,
        "test",
        Duration.ofSeconds(5),
        h -> h.execute("UPDATE signalbox.lease SET epoch = epoch + 1"));
    console.epoch++;
    nothingCanBeTold(Colour.GREEN);
    assertThat(fence(source)).isEqualTo(Fence.State.CLOSED);

    commitsPass(target);
    Await.until("green opens late", () -> fence(target) == Fence.State.OPEN);
    assertThat(fence(source)).isEqualTo(Fence.State.CLOSED);
    Guarded.ask(
        target,
        "test",
        Duration.ofSeconds(5),
        h -> h.execute("UPDATE signalbox.lease SET epoch = epoch + 1"));
    assertThat(commit().observe(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3))))
        .isEqualTo(Step.Reality.DONE);
    takeBack();
    assertThat(fence(target)).isEqualTo(Fence.State.CLOSED);
    assertThat(fence(source)).isEqualTo(Fence.State.OPEN);
  }

  @Test
  void theOldSideIsNotTakenForOpenWhileItMayStillClose() throws Exception {
    commitsHang(source);
    assertThatThrownBy(() -> console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "switch"))
        .isNotNull();
    assertThat(fence(source)).isEqualTo(Fence.State.OPEN);
    nothingCanBeTold(Colour.BLUE);

    commitsPass(source);
    Await.until("blue closes late", () -> fence(source) == Fence.State.CLOSED);
    assertThat(fence(target)).isEqualTo(Fence.State.CLOSED);
    takeBack();
    assertThat(fence(target)).isEqualTo(Fence.State.CLOSED);
    assertThat(fence(source)).isEqualTo(Fence.State.OPEN);
  }

  private Step commit() {
    return console.step(Phase.CUT_OVER, PlaneDriver.FORWARD, "switch");
  }

  private void nothingCanBeTold(Colour unsettled) {
    assertThatThrownBy(
            () -> commit().observe(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3))))
        .isInstanceOf(UnsettledException.class)
        .hasMessageContaining(unsettled.toString());
    assertThatThrownBy(
            () -> commit().undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3))))
        .hasMessageContaining(unsettled.toString());
  }

  private void takeBack() throws Exception {
    for (Step step :
        console.plane.steps(Phase.CUT_OVER, PlaneDriver.FORWARD, PlaneDriver.RELEASE).reversed()) {
      step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(5)));
    }
  }

  private static void commitsHang(PostgresServer server) throws Exception {
    configure(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    // The checkpointer makes it known: until then commits do not wait.
    Await.until(
        "a commit that hangs",
        () -> {
          try {
            Guarded.ask(
                server,
                "probe",
                Duration.ofMillis(300),
                h -> h.execute("CREATE TABLE signalbox.probe (n int)"));
            Guarded.ask(
                server,
                "probe",
                Duration.ofSeconds(2),
                h -> h.execute("DROP TABLE signalbox.probe"));
            return false;
          } catch (SQLException e) {
            return Guarded.ask(
                server,
                "test",
                Duration.ofSeconds(2),
                h ->
                    h.select(
                            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')")
                        .mapTo(boolean.class)
                        .one());
          }
        });
  }

  private static void commitsPass(PostgresServer server) throws SQLException {
    configure(server, "ALTER SYSTEM RESET synchronous_standby_names");
  }

  private static void configure(PostgresServer server, String sql) throws SQLException {
    Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(h, sql);
          h.execute("SELECT pg_reload_conf()");
          return true;
        });
  }

  private static Fence.State fence(PostgresServer server) throws SQLException {
    return Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h -> Fence.state(Catalogue.tables(h, List.of("public"))));
  }
}
