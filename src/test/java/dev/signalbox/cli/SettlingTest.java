package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView.Result;
import dev.signalbox.engine.ReleaseView.Status;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// A command that drives stays until what it began or took up has settled, and through the watch.
class SettlingTest {
  private static final Move OVER = new Move(Colour.BLUE, Colour.GREEN);

  private static EngineSnapshot mine(ReleaseView release) {
    return Snapshots.of(Snapshots.MINE, release);
  }

  private static EngineSnapshot running() {
    return mine(Snapshots.release(1, new Status.Running("copy"), Phase.REPLICATE));
  }

  private static EngineSnapshot ready(ReleaseView.MoveView... moves) {
    return mine(Snapshots.release(1, new Status.Ready(), Phase.CUT_OVER, List.of(moves)));
  }

  private static EngineSnapshot moving() {
    return mine(
        Snapshots.release(
            1,
            new Status.Moving(OVER, "route"),
            Phase.CUT_OVER,
            List.of(Snapshots.move(OVER, Result.UNDER_WAY))));
  }

  private static EngineSnapshot watching() {
    return mine(
        Snapshots.release(
            1, new Status.Watching(), Phase.WATCH, List.of(Snapshots.move(OVER, Result.DONE))));
  }

  private static EngineSnapshot watched() {
    return mine(
        Snapshots.release(
            1, new Status.Watching(), Phase.CLEAN_UP, List.of(Snapshots.move(OVER, Result.DONE))));
  }

  /// Shows states one after the other, each after the command has looked a few times.
  private static void later(ScriptedEngine engine, EngineSnapshot... states) {
    later(engine, 3, states);
  }

  /// @param often how often the command has looked before each state
  private static void later(ScriptedEngine engine, int often, EngineSnapshot... states) {
    Thread.ofVirtual()
        .start(() -> {
          for (EngineSnapshot state : states) {
            int looks = engine.looks.get();
            while (engine.looks.get() < looks + often) {
              LockSupport.parkNanos(1_000_000);
            }
            engine.show(state);
          }
        });
  }

  @Test
  void resumeStaysWithWhatWasTakenUpAlthoughItWasRefused() {
    ScriptedEngine engine =
        new ScriptedEngine(
            running(),
            (command, script) ->
                script.end(new Outcome.Refused("'Work up to the cutover' is under way.")));
    Thread.ofVirtual()
        .start(() -> {
          while (engine.submitted.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
          }
          later(engine, ready());
        });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out())
        .contains("Release 1 is running. Look at it.", "stays until", "✓ Release 1 is ready.");
  }

  @Test
  void resumeOfWhatWasTakenUpAndHasEndedAlreadyIsDone() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(), (command, script) -> script.end(new Outcome.Refused("Nothing holds.")));
    engine.event(Plain.LEASE_TAKEN, "me drives now.");
    engine.event(new StepDone(null, 7), "Copied.");
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("Copied.", "✓ Release 1 is ready.");
  }

  /// Numbers have gaps: a database that was away begins far above.
  @Test
  void whatThisConsoleDidIsFoundBehindAGap() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready().with(p -> p.lastEvent = 3_000_001),
            (command, script) -> script.end(new Outcome.Refused("Nothing holds.")));
    engine.event(1, Plain.LEASE_TAKEN, "ann drives now.");
    engine.event(2, new StepDone(null, 7), "Copied by another console.");
    engine.event(3, Plain.LEASE_TAKEN, "me drives now.");
    engine.event(3_000_001, new StepDone(null, 7), "Copied.");
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("Copied.", "✓ Release 1 is ready.").doesNotContain("another");
  }

  @Test
  void resumeOfNothingIsRefused() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(), (command, script) -> script.end(new Outcome.Refused("Nothing holds.")));
    engine.event(new StepDone(null, 7), "Copied by another console.");
    engine.event(Plain.LEASE_TAKEN, "me drives now.");
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).isEqualTo(ExitCode.FAILED);
    assertThat(line.err()).contains("Refused: Nothing holds.");
    assertThat(line.out()).doesNotContain("another console");
  }

  @Test
  void resumeOfAWatchThatWasLeftWatches() {
    ScriptedEngine engine =
        new ScriptedEngine(
            watching(),
            (command, script) -> {
              script.end(new Outcome.Refused("Nothing holds."));
              // More often than before it begins to watch.
              later(script.engine(), 12, watched());
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("This command watches green", "The watch is over.");
  }

  @Test
  void resumeThatTakesBackASwitchIsDone() {
    ScriptedEngine engine =
        new ScriptedEngine(
            moving(),
            (command, script) -> {
              script.show(ready(Snapshots.move(OVER, Result.UNDONE)));
              script.end(new Outcome.Failed("The switch had not been made."));
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("✓ The switch had not been made. Release 1 is ready.");
  }

  @Test
  void aReleaseThatHoldsAfterItWasTakenUpFails() {
    ScriptedEngine engine =
        new ScriptedEngine(
            running(),
            (command, script) -> {
              script.end(new Outcome.Failed("The journal does not answer."));
            });
    Thread.ofVirtual()
        .start(() -> {
          while (engine.submitted.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
          }
          later(
              engine, mine(Snapshots.release(1, new Status.Holding("No room."), Phase.REPLICATE)));
        });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).isEqualTo(ExitCode.FAILED);
    assertThat(line.err()).contains("The journal does not answer.", "is holding: No room.");
  }

  private static final EngineSnapshot NO_ROOM =
      mine(Snapshots.release(1, new Status.Holding("No room."), Phase.REPLICATE));

  @Test
  void aTakeoverWhoseWorkComesToHoldFails() {
    ScriptedEngine engine =
        new ScriptedEngine(
            running(),
            (command, script) -> {
              script.end(new Outcome.Done("This console drives now."));
              Thread.ofVirtual()
                  .start(() -> {
                    LockSupport.parkNanos(100_000_000);
                    script.event(Plain.HOLDING, "No room.");
                    script.show(NO_ROOM);
                  });
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release takeover --confirm bank-1")).isEqualTo(ExitCode.FAILED);
    assertThat(line.err())
        .contains("Failed: This console drives now. Release 1 is holding: No room.");
  }

  @Test
  void aTakeoverWhoseWorkHoldsBeforeItWasSeenRunningFails() {
    ScriptedEngine engine =
        new ScriptedEngine(
            running(),
            (command, script) -> {
              script.event(Plain.HOLDING, "No room.");
              script.show(NO_ROOM);
              script.end(new Outcome.Done("This console drives now."));
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release takeover --confirm bank-1")).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void aTakeoverOfAReleaseThatHeldBeforeIsDone() {
    ScriptedEngine engine =
        new ScriptedEngine(
            NO_ROOM, (command, script) -> script.end(new Outcome.Done("This console drives now.")));
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release takeover --confirm bank-1")).as(line.err()).isZero();
  }

  @Test
  void rollbackWinsWhenTheSwitchWasTakenBackBeforeItWasAsked() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(Snapshots.move(OVER, Result.UNDONE)),
            (command, script) -> script.end(new Outcome.Refused("blue is live.")));
    engine.event(Plain.LEASE_TAKEN, "me drives now.");
    engine.event(new MoveUndone(Move.to(Colour.GREEN), null, false), "Taken back.");
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release rollback")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("✓ Release 1 is ready.");
  }

  @Test
  void aRefusedStartStaysUntilWhatItTookUpHasSettled() {
    ScriptedEngine engine =
        new ScriptedEngine(
            running(), (command, script) -> script.end(new Outcome.Refused("Has not ended.")));
    Thread.ofVirtual()
        .start(() -> {
          while (engine.submitted.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
          }
          later(engine, ready());
        });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release start v3")).isEqualTo(ExitCode.FAILED);
    assertThat(line.out()).contains("stays until");
    assertThat(line.err()).contains("Refused: Has not ended. Release 1 is ready.");
  }

  @Test
  void cutoverStaysThroughTheWatch() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(),
            (command, script) -> {
              script.show(watching());
              script.end(new Outcome.Done("green is live."));
              later(script.engine(), watched());
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release cutover")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out())
        .contains(
            "green is live. This command watches green until the watch is over.",
            "✓ green is live. The watch is over.");
  }

  @Test
  void cutoverSaysThatTrafficWentBackByItselfAndFails() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(),
            (command, script) -> {
              script.show(watching());
              script.end(new Outcome.Done("green is live."));
              script.event(Plain.NOTE, "Traffic goes back by itself: green fails.");
              later(
                  script.engine(),
                  moving(),
                  ready(
                      Snapshots.move(OVER, Result.DONE),
                      Snapshots.move(OVER.mirrored(), Result.DONE)));
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release cutover")).isEqualTo(ExitCode.FAILED);
    assertThat(line.err())
        .contains(
            "Failed: blue is live again before the watch was over. Traffic goes back by itself:"
                + " green fails.");
  }

  @Test
  void withoutTheWatchItSaysThatNobodyWatches() {
    ScriptedEngine engine =
        new ScriptedEngine(
            ready(),
            (command, script) -> {
              script.show(watching());
              script.end(new Outcome.Done("green is live."));
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release cutover --no-watch")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("✓ green is live. Nobody watches green:");
  }

  @Test
  void aResidentDriverGetsTheWorkAndWatches() {
    ScriptedEngine own = new ScriptedEngine(running(), (command, script) -> {});
    ScriptedEngine driver =
        new ScriptedEngine(
            ready(),
            (command, script) -> {
              script.show(watching());
              script.end(new Outcome.Done("green is live."));
            });
    ScriptedRun line = new ScriptedRun(own, driver);

    assertThat(line.run("release cutover")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("✓ green is live. The resident driver watches green.");
    assertThat(driver.submitted).containsExactly(new Command.CutOver());
    assertThat(line.opened).isEmpty();
  }

  @Test
  void aConsoleThatNoLongerRenewsItsLeaseIsWaitedFor() {
    ScriptedEngine engine =
        new ScriptedEngine(
            Snapshots.of(Snapshots.OTHERS, null),
            (command, script) -> script.end(new Outcome.Done("Resumed.")));
    later(engine, Snapshots.of(Snapshots.NOBODYS, null), ready());
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release resume")).as(line.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void statusWaitsForTheJournal() {
    ScriptedEngine engine = new ScriptedEngine(Snapshots.unread(), (command, script) -> {});
    later(engine, ready());
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release status")).isEqualTo(ExitCode.OK);
    assertThat(line.out()).contains("release      1, version v2").doesNotContain("not known");
  }

  @Test
  void statusWithoutAJournalSaysThatItIsNotKnown() {
    ScriptedRun text =
        new ScriptedRun(new ScriptedEngine(Snapshots.unread(), (command, script) -> {}), null);
    assertThat(text.run("release status --timeout 100ms")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(text.out()).contains("release      not known: the journal could not be read");
    assertThat(text.err()).contains("The journal could not be read in time");

    ScriptedRun json =
        new ScriptedRun(new ScriptedEngine(Snapshots.unread(), (command, script) -> {}), null);
    assertThat(json.run("release status --timeout 100ms --json")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(json.out()).contains("\"journalReadAt\":null", "\"release\":null");
  }

  private static final String THROWN_AWAY =
      "What release 1 built on green is thrown away: 31 GB copied; blue stays live.";

  private static EngineSnapshot mayBeGivenUp() {
    return Snapshots.givingUp(ready(), new Lever.Free(THROWN_AWAY, "bank-1"));
  }

  @Test
  void givingUpWithoutTheNameSaysWhatWouldBeThrownAwayAndDoesNothing() {
    ScriptedEngine engine = new ScriptedEngine(mayBeGivenUp(), (command, script) -> {});
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release give-up")).isEqualTo(ExitCode.FAILED);
    assertThat(engine.submitted).isEmpty();
    assertThat(line.out() + line.err()).contains(THROWN_AWAY, "add --confirm 'bank-1'");
  }

  @Test
  void givingUpSaysWhatIsThrownAway() {
    ScriptedEngine engine =
        new ScriptedEngine(
            mayBeGivenUp(),
            (command, script) -> {
              script.show(mine(Snapshots.release(1, new Status.GivenUp(), Phase.CUT_OVER)));
              script.end(new Outcome.Done("Given up."));
            });
    ScriptedRun line = new ScriptedRun(engine, null);

    assertThat(line.run("release give-up --confirm bank-1")).isEqualTo(ExitCode.OK);
    assertThat(engine.submitted).containsExactly(new Command.GiveUp("bank-1"));
    assertThat(line.out()).contains(THROWN_AWAY);
  }
}
