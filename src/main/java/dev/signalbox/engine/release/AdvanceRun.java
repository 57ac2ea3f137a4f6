package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Works through phases step by step, from wherever the journal says they stand. A step that fails
/// is tried again twice; then the release holds, with the reason.
final class AdvanceRun {
  private static final int TRIES = 3;
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Drive drive;

  AdvanceRun(Drive drive) {
    this.drive = drive;
  }

  /// @return whether every phase is done; false when the release holds
  boolean through(List<Phase> phases, Move move) throws InterruptedException {
    for (Phase phase : phases) {
      if (!through(phase, move)) {
        return false;
      }
    }
    return true;
  }

  private boolean through(Phase phase, Move move) throws InterruptedException {
    ReleaseState.PhaseTimes times = drive.state().phases().get(phase);
    if (times != null && times.doneAt() != null) {
      return true;
    }
    Recorder.Batch batch = drive.batch();
    drive.teller().accept("");
    if (times == null) {
      batch.add(Kind.PHASE_STARTED, phase, "", phase.title() + " begins.");
    }
    for (Step step : drive.steps(phase, move)) {
      drive.check();
      if (drive.state().intended().contains(step.id()) && isDone(step, move)) {
        continue;
      }
      batch.add(Kind.STEP_INTENT, phase, step.id(), step.title() + ".").write();
      drive.teller().accept("");
      long began = System.nanoTime();
      try {
        String evidence = repeatedly(step, move);
        batch.add(
            Kind.STEP_DONE,
            phase,
            step.id(),
            evidence,
            Map.of("ms", Sentences.millis(System.nanoTime() - began)));
      } catch (InterruptedException | DeposedException e) {
        throw e;
      } catch (Exception e) {
        String reason = step.title() + ": " + Sentences.of(e);
        drive
            .batch()
            .add(Kind.STEP_FAILED, phase, step.id(), reason)
            .add(Kind.HOLDING, phase, step.id(), reason)
            .write();
        return false;
      }
    }
    batch.add(Kind.PHASE_DONE, phase, "", phase.title() + " is done.").write();
    return true;
  }

  /// What cannot be seen counts as not done: the step is run again, which is safe.
  private boolean isDone(Step step, Move move) throws InterruptedException {
    try {
      return StepCall.within(
              LOOK, "look at " + step.id(), () -> step.observe(drive.attempt(move, LOOK)))
          == Step.Reality.DONE;
    } catch (InterruptedException | DeposedException e) {
      throw e;
    } catch (Exception e) {
      drive
          .batch()
          .add(
              Kind.NOTE,
              drive.state().phase(),
              step.id(),
              step.title() + " could not be seen, so it is run again: " + Sentences.of(e))
          .write();
      return false;
    }
  }

  private String repeatedly(Step step, Move move) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        Attempt context = drive.attempt(move, step.timeout());
        return StepCall.within(step.timeout(), step.title(), () -> step.run(context));
      } catch (InterruptedException | DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (attempt == TRIES) {
          throw e;
        }
        drive
            .batch()
            .add(
                Kind.NOTE,
                drive.state().phase(),
                step.id(),
                step.title() + " failed and is tried again: " + Sentences.of(e))
            .write();
        Thread.sleep(Duration.ofMillis(250L * attempt));
      }
    }
  }
}
