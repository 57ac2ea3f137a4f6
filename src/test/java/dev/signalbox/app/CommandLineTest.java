package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A release by commands alone, each a process of its own, on a real service under load.
@Tag("rig")
class CommandLineTest {
  private static final String MOVES = "Traffic and writes move";
  private static final String ROUTED = "Verify traffic on green.";

  @TempDir Path state;
  private final List<CommandProcess> processes = new ArrayList<>();

  private CommandProcess begin(Rig rig, String line) throws Exception {
    CommandProcess process = new CommandProcess(rig.environmentFile, state, line);
    processes.add(process);
    return process;
  }

  private CommandProcess done(Rig rig, String line) throws Exception {
    CommandProcess process = begin(rig, line);
    assertThat(process.code()).as("%s: %s", line, process.text()).isZero();
    return process;
  }

  @AfterEach
  void end() {
    processes.forEach(CommandProcess::close);
  }

  /// Lets a cutover come so far that it says this, and kills it some time after.
  ///
  /// @return whether it was in the middle
  private boolean kill(Rig rig, String words, Duration after) throws Exception {
    CommandProcess cutover = begin(rig, "release cutover --no-watch");
    Await.until(words, Duration.ofSeconds(60), () -> cutover.said(words) || !cutover.running());
    long until = System.nanoTime() + after.toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    boolean middle = cutover.running();
    cutover.kill();
    return middle;
  }

  @Test
  @Timeout(600)
  void whateverWasKilledIsResumedOrRolledBackByTheNextCommand() throws Exception {
    try (Rig rig = new Rig(40)) {
      assertThat(done(rig, "release start v2").text()).contains("✓ Release 1 is ready.");
      int killed = 0;
      List<Colour> ends = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        boolean middle =
            round < 3
                ? kill(rig, MOVES, Duration.ofMillis(round * 400L))
                : kill(rig, ROUTED, Duration.ofMillis((round - 3) * 400L));
        killed += middle ? 1 : 0;
        CommandProcess resume = begin(rig, "release resume --no-watch");
        assertThat(resume.code()).as("round %d: %s", round, resume.text()).isZero();
        assertThat(resume.text()).contains("✓ ");
        ends.add(rig.onlyOneTakesWrites());
        if (ends.getLast() == Colour.GREEN) {
          done(rig, "release rollback");
        }
      }
      System.out.println("killed in the middle " + killed + " of 5, ended on " + ends);
      assertThat(killed).as("commands that were killed in the middle").isGreaterThanOrEqualTo(3);
      assertThat(ends).contains(Colour.BLUE, Colour.GREEN);

      kill(rig, MOVES, Duration.ofMillis(100));
      assertThat(done(rig, "release rollback").text()).contains("✓ ");
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
      assertThat(done(rig, "release status --json").text())
          .contains("\"release\":{\"number\":1")
          .doesNotContain("\"journalReadAt\":null");
      rig.load.finish();
      rig.reconcile(Colour.BLUE);
    }
  }

  @Test
  @Timeout(300)
  void aCutoverStaysThroughTheWatchAndBringsTrafficBack() throws Exception {
    try (Rig rig = new Rig(40)) {
      done(rig, "release start v2");
      CommandProcess cutover = begin(rig, "release cutover");
      Await.until(
          "it watches",
          Duration.ofSeconds(60),
          () -> cutover.said("This command watches green until the watch is over."));
      killBackend(rig);
      long began = System.nanoTime();
      Await.until("traffic is back", () -> rig.router().route() == Colour.BLUE);
      System.out.println("back after ms " + (System.nanoTime() - began) / 1_000_000);
      assertThat(cutover.code()).as(cutover.text()).isEqualTo(1);
      assertThat(cutover.text())
          .contains("✗ Failed: blue is live again before the watch was over.", "not healthy");
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
    }
  }

  private static void killBackend(Rig rig) throws Exception {
    Path file = rig.environmentFile.resolveSibling("green").resolve("backend.pid");
    long pid = Long.parseLong(Files.readString(file).strip().split(" ", -1)[0]);
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  @Test
  @Timeout(300)
  void aResidentDriverDoesWhatCommandsAsk() throws Exception {
    try (Rig rig = new Rig(40)) {
      CommandProcess driver = begin(rig, "drive");
      Await.until("it drives", Duration.ofSeconds(60), () -> driver.said("This driver drives"));
      assertThat(begin(rig, "drive").code()).as("a second driver").isEqualTo(3);
      assertThat(done(rig, "release start v2").text()).contains("✓ Release 1 is ready.");
      assertThat(done(rig, "release cutover").text())
          .contains("The resident driver watches green.");
      assertThat(done(rig, "release rollback").text()).contains("✓ blue is live");

      CommandProcess cutover = begin(rig, "release cutover");
      Await.until("the move begins", Duration.ofSeconds(60), () -> cutover.said(MOVES));
      driver.kill();
      assertThat(cutover.code()).isEqualTo(1);
      assertThat(cutover.text()).contains("The resident driver ended before it told");
      CommandProcess next = begin(rig, "drive");
      Await.until("it drives", Duration.ofSeconds(60), () -> next.said("This driver drives"));
      Await.until("it took up", () -> rig.onlyOneTakesWrites() != null);
      if (rig.onlyOneTakesWrites() == Colour.GREEN) {
        done(rig, "release rollback");
      }
      done(rig, "release give-up --confirm " + rig.environment().name());
      assertThat(rig.router().route()).isEqualTo(Colour.BLUE);
      assertThat(rig.writes(Colour.BLUE)).isTrue();
      rig.load.finish();
      rig.reconcile(Colour.BLUE);
    }
  }
}
