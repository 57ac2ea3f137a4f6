package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Undoes every step that a release took before its cutover, from the last to the first, and ends
/// it.
final class AbortRun {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int TRIES = 3;
  private static final List<Phase> BACKWARDS =
      List.of(Phase.SYNCHRONIZE, Phase.REPLICATE, Phase.PREPARE, Phase.INITIALIZE);

  private final Drive drive;

  AbortRun(Drive drive) {
    this.drive = drive;
  }

  /// @return whether everything was undone; false when the release holds
  boolean run() throws InterruptedException {
    ReleaseState state = drive.state();
    Move move = new Move(state.origin(), state.target());
    if (!(state.mode() instanceof ReleaseState.Mode.Undoing)) {
      drive
          .batch()
          .add(Kind.ABORT_STARTED, state.phase(), "", "The release is given up and undone.")
          .write();
    }
    List<String> left = new ArrayList<>();
    for (Phase phase : BACKWARDS) {
      for (Step step : drive.steps(phase, move).reversed()) {
        if (drive.state().intended().contains(step.id())) {
          undo(phase, step, move, left);
        }
      }
    }
    if (!left.isEmpty()) {
      drive.batch().add(Kind.HOLDING, state.phase(), "", String.join(" ", left)).write();
      return false;
    }
    drive
        .batch()
        .add(
            Kind.RELEASE_ENDED,
            state.phase(),
            "",
            "Release " + state.number() + " was given up; " + state.origin() + " is as it was.",
            Map.of("result", "aborted"))
        .write();
    return true;
  }

  private void undo(Phase phase, Step step, Move move, List<String> left)
      throws InterruptedException {
    drive.batch().add(Kind.UNDO_INTENT, phase, step.id(), step.title() + " is taken back.").write();
    for (int attempt = 1; ; attempt++) {
      drive.check();
      try {
        Attempt context = drive.attempt(move, LIMIT);
        StepCall.within(
            LIMIT,
            "undo " + step.title(),
            () -> {
              step.undo(context);
              return true;
            });
        drive
            .batch()
            .add(Kind.UNDO_DONE, phase, step.id(), step.title() + " was taken back.")
            .write();
        return;
      } catch (InterruptedException | DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (attempt == TRIES) {
          String why = step.title() + " could not be taken back: " + Sentences.of(e);
          drive.batch().add(Kind.UNDO_FAILED, phase, step.id(), why).write();
          left.add(why);
          return;
        }
        Thread.sleep(Duration.ofMillis(250L * attempt));
      }
    }
  }
}
