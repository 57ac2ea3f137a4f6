package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.support.Await;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two consoles on one environment, each a process of its own: one drives, the other sees
/// everything and changes nothing.
@Tag("rig")
class TwoConsolesTest {
  @Test
  @Timeout(300)
  void onlyOneDrivesAndTheOtherTakesOverAndTheFormerChangesNothing() throws Exception {
    try (Rig rig = new Rig(60)) {
      ConsoleProcess first = rig.console(0);
      first.await("STATE mine");
      ConsoleProcess second = rig.console(0);
      second.await("STATE other None blue");
      first.send("start");
      second.await("STATE other Running blue");
      for (String command : new String[] {"start", "cutover", "rollback", "give-up"}) {
        second.send(command);
        assertThat(second.awaitNews("REFUSED", "DONE", "FAILED"))
            .startsWith("REFUSED")
            .contains("process " + first.pid() + " drives this environment");
      }
      first.await(ConsoleProcess.FREE_BLUE);
      second.await("STATE other Ready blue");

      first.kill();
      second.await(ConsoleProcess.FREE_BLUE);

      // Frozen in the middle of a move, while it holds the fence and requests wait.
      second.send("park 6").send("cutover");
      second.await("PARKED");
      second.freeze();
      long began = System.nanoTime();
      ConsoleProcess third = rig.console(0);
      Await.until("a write is acknowledged", rig::transfer);
      System.out.println(
          "writable " + (System.nanoTime() - began) / 1_000_000 + " ms after the console froze");
      third.await(ConsoleProcess.FREE_BLUE);
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
      third.send("cutover");
      assertThat(third.awaitNews("DONE", "FAILED", "REFUSED")).startsWith("DONE");
      third.await(ConsoleProcess.FREE_GREEN);

      second.thaw();
      second.await("STATE other");
      second.send("rollback");
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.GREEN);

      // An operator takes over from a console that is well, by typing the name.
      ConsoleProcess fourth = rig.console(0);
      fourth.await("STATE other Watching green");
      fourth.send("takeover not-the-name");
      assertThat(fourth.awaitNews("REFUSED", "DONE", "FAILED"))
          .startsWith("REFUSED")
          .contains("type: demo");
      fourth.send("takeover demo");
      assertThat(fourth.awaitNews("REFUSED", "DONE", "FAILED")).startsWith("DONE");
      fourth.await(ConsoleProcess.FREE_GREEN);
      third.await("STATE other");
      third.send("rollback");
      assertThat(third.awaitNews("REFUSED", "DONE", "FAILED"))
          .startsWith("REFUSED")
          .contains("process " + fourth.pid() + " drives this environment");
      fourth.send("rollback");
      assertThat(fourth.awaitNews("REFUSED", "DONE", "FAILED")).startsWith("DONE");
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
      rig.load.finish();
      rig.reconcile(Colour.BLUE);
    }
  }
}
