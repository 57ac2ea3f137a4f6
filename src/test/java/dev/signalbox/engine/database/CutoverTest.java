package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutoverTest {
  private static final int SWITCHES = Integer.getInteger("signalbox.switches", 6);

  @TempDir Path folder;

  @Test
  void writesAreNeverLostNorDoubledBackAndForth() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      Map<Colour, PostgresServer> servers = databases.servers();
      BankSchema.create(databases.blue());
      try (PlaneDriver console =
          new PlaneDriver("bank " + UUID.randomUUID(), servers, BankSchema.migrations(folder))) {
        AtomicReference<PostgresServer> live = new AtomicReference<>(databases.blue());
        try (Writers writers = new Writers(live::get, 8, 500)) {
          console.set();
          Colour at = Colour.BLUE;
          for (int i = 0; i < SWITCHES; i++) {
            Move move = Move.to(at.other());
            Await.until(
                "gates of " + move,
                () ->
                    Gate.views(console.plane.gates(move, Colour.BLUE)).stream()
                        .allMatch(g -> g.state() == GateView.State.OPEN));
            console.move(move);
            at = move.to();
            live.set(databases.get(at));
            report(i, console);
            long before = writers.committed.size();
            Await.until("writes arrive", () -> writers.committed.size() > before + 50);
            console.plane.refresh();
            assertThat(console.plane.live()).isEqualTo(at);
          }
          writers.stop();
          assertThat(writers.unexpected).isEmpty();
          assertThat(Writers.found(databases.get(at)))
              .containsExactlyInAnyOrderElementsOf(writers.committed);
          console.run(Phase.SYNCHRONIZE, PlaneDriver.FORWARD, "compare");
        }
      }
    }
  }

  private static void report(int number, PlaneDriver console) {
    if (!Boolean.getBoolean("signalbox.report")) {
      return;
    }
    StringBuilder line = new StringBuilder("switch " + number);
    double stall = 0;
    for (String id : new String[] {"announce", "fence", "catch-up", "switch"}) {
      double ms = console.nanos.getOrDefault("database." + id, 0L) / 1e6;
      line.append(String.format(" %s %.2f", id, ms));
      stall += id.equals("announce") ? 0 : ms;
    }
    System.out.println(line + String.format(" stall %.2f", stall));
  }
}
