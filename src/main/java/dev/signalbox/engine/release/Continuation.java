package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The activities of a release, from what begins one to what must follow it. Each method runs on
/// the thread of an activity.
///
/// @param stallBudget after which a move is undone
record Continuation(Interlocking interlocking, Duration stallBudget) {
  private static final List<Phase> UP_TO_READY =
      List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE);

  Outcome advance(Drive drive) throws InterruptedException {
    ReleaseState state = drive.state();
    return new AdvanceRun(drive).through(UP_TO_READY, new Move(state.origin(), state.target()))
        ? new Outcome.Done("Both stacks are in step; the cutover may be made.")
        : new Outcome.Failed("The release holds.");
  }

  Outcome undoRelease(Drive drive) throws InterruptedException {
    return new AbortRun(drive).run()
        ? new Outcome.Done("The release was given up and everything undone.")
        : new Outcome.Failed("Not everything could be undone; the release holds.");
  }

  Outcome cleanUp(Drive drive) throws InterruptedException {
    ReleaseState state = drive.state();
    if (!new AdvanceRun(drive)
        .through(List.of(Phase.CLEAN_UP), new Move(state.origin(), state.target()))) {
      return new Outcome.Failed("Clean-up holds.");
    }
    drive
        .batch()
        .add(
            Kind.RELEASE_ENDED,
            Phase.CLEAN_UP,
            "",
            "Release " + state.number() + " is complete; " + state.target() + " is live.",
            Map.of("result", "completed"))
        .write();
    return new Outcome.Done("Release " + state.number() + " is complete.");
  }

  Outcome move(Drive drive, Move move, boolean lossAcknowledged) {
    return settle(drive, move, run(drive, move, lossAcknowledged).run(), true);
  }

  /// Takes up a move that is neither done nor undone.
  Outcome takeUp(Drive drive, Move move, boolean lossAcknowledged) {
    return settle(drive, move, run(drive, move, lossAcknowledged).recover(), true);
  }

  /// Takes back a move that is neither done nor undone.
  Outcome takeBack(Drive drive, Move move, boolean lossAcknowledged) {
    MoveRun.End end =
        run(drive, move, lossAcknowledged).undoAfterCrash("An operator rolls it back.");
    interlocking.planes().forEach(Plane::refresh);
    return switch (end) {
      case MoveRun.End.Undone undone ->
          new Outcome.Done("The switch was undone; " + move.from() + " is live.");
      case MoveRun.End.Stuck stuck -> new Outcome.Failed(stuck.reason());
      case MoveRun.End.Done done -> throw new IllegalStateException("an undo cannot switch");
      case MoveRun.End.Unproven unproven ->
          throw new IllegalStateException("an undo cannot switch");
    };
  }

  /// Proves a move again that was done and not proven.
  Outcome prove(Drive drive, Move move) {
    return settle(drive, move, run(drive, move, false).prove(), false);
  }

  private MoveRun run(Drive drive, Move move, boolean lossAcknowledged) {
    return new MoveRun(drive, move, stallBudget, lossAcknowledged);
  }

  /// What follows a move: watching, the way back when it is not proven, or holding.
  private Outcome settle(Drive drive, Move move, MoveRun.End end, boolean mayGoBack) {
    interlocking.planes().forEach(Plane::refresh);
    return switch (end) {
      case MoveRun.End.Done done -> {
        watch(drive);
        yield new Outcome.Done(
            move.to() + " is live; requests waited " + done.stall().toMillis() + " ms.");
      }
      case MoveRun.End.Undone undone -> new Outcome.Failed(undone.reason());
      case MoveRun.End.Stuck stuck -> new Outcome.Failed(stuck.reason());
      case MoveRun.End.Unproven unproven -> {
        if (move.to() == drive.state().origin()) {
          // It is home. Going to the other side again would be the opposite of a way back.
          drive
              .batch()
              .add(
                  Kind.HOLDING,
                  Phase.CUT_OVER,
                  "",
                  unproven.reason() + " " + move.to() + " stays live. Resume to try it again.")
              .write();
          yield new Outcome.Failed(unproven.reason());
        }
        Plane.Risk risk = interlocking.risk(move.mirrored());
        if (!mayGoBack || !risk.possible() || risk.writes() != 0) {
          drive
              .batch()
              .add(
                  Kind.HOLDING,
                  Phase.WATCH,
                  "",
                  unproven.reason() + " It does not go back by itself: " + risk.evidence())
              .write();
          yield new Outcome.Failed(unproven.reason());
        }
        drive
            .batch()
            .add(
                Kind.NOTE,
                Phase.CUT_OVER,
                "",
                "The switch is not proven, so traffic goes back by itself: " + unproven.reason())
            .write();
        Move back = move.mirrored();
        Outcome outcome = settle(drive, back, run(drive, back, false).run(), false);
        yield new Outcome.Failed(
            "Rolled back by itself: " + unproven.reason() + " " + outcome.text());
      }
    };
  }

  /// Begins to watch the target when it is live.
  static void watch(Drive drive) {
    if (drive.state().live() == drive.state().target()) {
      drive
          .batch()
          .add(Kind.PHASE_STARTED, Phase.WATCH, "", drive.state().target() + " is being watched.")
          .write();
    }
  }
}
