package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.support.Await;
import dev.signalbox.support.Thorough;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Consoles are killed after each entry of the journal in turn, under load. Whoever comes next must
/// end with exactly one writable database, traffic on it, and every promise kept.
///
/// If not [Thorough], each entry of a move is struck in one of its two directions.
@Tag("rig")
class ReleaseCrashTest {
  private static final int APART = Thorough.all(1, 2);

  private final List<Long> takeovers = new ArrayList<>();
  private int kills;

  @Test
  @Timeout(480)
  void aReleaseSurvivesAKillAfterEachEntryOfItsJournal() throws Exception {
    try (Rig rig = new Rig(60)) {
      ConsoleProcess console = upToTheCutover(rig);
      rig.onlyOneTakesWrites();
      console = moves(rig, console);
      Colour live = rig.onlyOneTakesWrites();
      rig.load.finish();
      rig.reconcile(live);
      console.kill();
      System.out.println(
          "kills " + kills + ", takeovers ms " + takeovers + ", load " + rig.load.counts());
    }
  }

  /// Each console dies after its third entry, the one that takes the lease being the first: it
  /// resumes a step that was intended, ends it, and intends the next one. Steps whose effect cannot
  /// be seen are run again by each, so a console lives longer when one died there before.
  private ConsoleProcess upToTheCutover(Rig rig) throws Exception {
    int entries = 3;
    Set<String> boundaries = new LinkedHashSet<>();
    ConsoleProcess console = rig.console(entries);
    console.await("STATE mine");
    console.send("start");
    while (true) {
      String said = console.await("PARKED", ConsoleProcess.FREE_BLUE);
      if (!said.startsWith("PARKED")) {
        System.out.println("killed at " + boundaries);
        assertThat(boundaries).as("entries that consoles were killed after").hasSizeGreaterThan(12);
        console.send("park -1");
        return console;
      }
      entries = boundaries.add(said) ? 3 : entries + 1;
      ConsoleProcess next = rig.console(entries);
      console.kill();
      kills++;
      assertThat(rig.writes(Colour.BLUE)).as("blue takes writes all the time").isTrue();
      next.await("STATE mine", "PARKED");
      console = next;
    }
  }

  /// Forward and back, killed after the first, second, third … entry of the move, until a move in
  /// each direction ends before its console is killed.
  private ConsoleProcess moves(Rig rig, ConsoleProcess first) throws Exception {
    ConsoleProcess console = first;
    // In reserve, because a Java process takes its time to start.
    ConsoleProcess next = rig.console(0);
    int forward = 1;
    int back = APART;
    boolean forwardDone = false;
    boolean backDone = false;
    while (!forwardDone || !backDone) {
      Colour from = rig.onlyOneTakesWrites();
      boolean over = from == Colour.BLUE;
      int entries = over ? forward : back;
      if (over) {
        forward += APART;
      } else {
        back += APART;
      }
      boolean killed = !(over ? forwardDone : backDone);
      console.await(over ? ConsoleProcess.FREE_BLUE : ConsoleProcess.FREE_GREEN);
      next.await("STATE other");
      console.send("park " + (killed ? entries : -1)).send(over ? "cutover" : "rollback");
      String said = console.awaitNews("PARKED", "DONE", "FAILED", "REFUSED");
      if (said.startsWith("PARKED")) {
        console.kill();
        kills++;
        long began = System.nanoTime();
        next.await("STATE mine");
        takeovers.add((System.nanoTime() - began) / 1_000_000);
        console = next;
        next = rig.console(0);
        console.await(ConsoleProcess.FREE_BLUE, ConsoleProcess.FREE_GREEN);
        Await.until("a write is acknowledged", rig::transfer);
        Colour live = rig.onlyOneTakesWrites();
        rig.reconcile(live);
        System.out.println(
            "killed after entry " + entries + " of the move from " + from + ": live is " + live);
      } else {
        assertThat(said).startsWith("DONE");
        forwardDone |= over;
        backDone |= !over;
        console.send("park -1");
      }
    }
    next.kill();
    return console;
  }

  @Test
  @Timeout(240)
  void theFenceOfADeadConsoleEndsByItselfAndTheServiceIsWritableSoonAfterTheNextStart()
      throws Exception {
    try (Rig rig = new Rig(60)) {
      ConsoleProcess console = rig.console(0);
      console.await("STATE mine");
      console.send("start");
      console.await(ConsoleProcess.FREE_BLUE);
      // Command, begin of the move, what it intends, hold, fence.
      console.send("park 5").send("cutover");
      console.await("PARKED");
      assertThat(rig.router().holding()).isTrue();
      console.kill();
      long killed = System.nanoTime();
      Await.until("a write is acknowledged without any console", rig::transfer);
      System.out.println(
          "writable by itself after " + (System.nanoTime() - killed) / 1_000_000 + " ms");
      rig.onlyOneTakesWrites();

      console = rig.console(0);
      console.await(ConsoleProcess.FREE_BLUE);
      // The switch is made in the databases, and traffic still goes to the side that is closed.
      console.send("park 7").send("cutover");
      console.await("PARKED");
      console.kill();
      assertThat(rig.writes(Colour.BLUE)).isFalse();
      assertThat(rig.writes(Colour.GREEN)).isTrue();
      console = rig.console(0);
      // From its first look: how long a Java process takes to start is the machine's affair.
      console.await("STATE");
      long began = System.nanoTime();
      Await.until("a write is acknowledged again", rig::transfer);
      System.out.println(
          "writable " + (System.nanoTime() - began) / 1_000_000 + " ms after the next start");
      console.await(ConsoleProcess.FREE_GREEN);
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.GREEN);
      rig.load.finish();
      rig.reconcile(Colour.GREEN);
      console.kill();
    }
  }
}
