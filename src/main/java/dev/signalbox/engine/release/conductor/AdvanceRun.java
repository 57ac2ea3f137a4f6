package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.util.List;

/// Works through phases step by step, from wherever the journal says they stand. A step that fails
/// is tried again twice; then the release holds, with the reason.
final class AdvanceRun {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final ActivityContext context;

  AdvanceRun(ActivityContext context) {
    this.context = context;
  }

  /// @return whether every phase is done; false when the release holds
  /// @throws Journal.JournalException when an entry could not be written; nothing that it was to
  ///   announce was begun
  boolean through(List<Phase> phases, Move move) throws InterruptedException {
    for (Phase phase : phases) {
      if (!through(phase, move)) {
        return false;
      }
    }
    return true;
  }

  private boolean through(Phase phase, Move move) throws InterruptedException {
    ReleaseState.PhaseTimes times = context.state().phases().get(phase);
    if (times != null && times.doneAt() != null) {
      return true;
    }
    Recorder.Batch batch = context.batch();
    context.progress("");
    if (times == null) {
      batch.add(Plain.PHASE_STARTED, phase, "", phase.title() + " begins.");
    }
    for (Step step : context.steps(phase, move)) {
      context.check();
      if (context.state().intended().contains(step.id()) && isDone(step, move)) {
        continue;
      }
      batch.add(Plain.STEP_INTENT, phase, step.id(), step.title() + ".").write();
      context.progress("");
      long began = context.execution().nanoTime();
      try {
        String evidence = repeatedly(step, move);
        Duration took = Duration.ofNanos(context.execution().nanoTime() - began);
        batch.add(new StepDone(took, context.epoch()), phase, step.id(), evidence);
      } catch (InterruptedException | DeposedException | Journal.JournalException e) {
        throw e;
      } catch (Exception e) {
        String reason = step.title() + ": " + Sentences.of(e);
        context
            .batch()
            .add(Plain.STEP_FAILED, phase, step.id(), reason)
            .add(Plain.HOLDING, phase, step.id(), reason)
            .write();
        return false;
      }
      // The epoch may have changed while the step was tried.
      batch = batch.under(context.epoch());
    }
    batch.add(Plain.PHASE_DONE, phase, "", phase.title() + " is done.").write();
    return true;
  }

  /// What cannot be seen counts as not done: the step is run again, which is safe.
  private boolean isDone(Step step, Move move) throws InterruptedException {
    try {
      Attempt attempt = context.attempt(move, LOOK);
      return context.within(LOOK, "look at " + step.id(), () -> step.observe(attempt))
          == Step.Reality.DONE;
    } catch (InterruptedException | DeposedException e) {
      throw e;
    } catch (Exception e) {
      context.write(
          Plain.NOTE,
          context.state().phase(),
          step.id(),
          step.title() + " could not be seen, so it is run again: " + Sentences.of(e));
      return false;
    }
  }

  private String repeatedly(Step step, Move move) throws Exception {
    return context
        .thrice()
        .call(
            () -> {
              Attempt trial = context.attempt(move, step.timeout());
              return context.within(step.timeout(), step.title(), () -> step.run(trial));
            },
            e -> {
              if (e instanceof InterruptedException || e instanceof DeposedException) {
                return false;
              }
              context.write(
                  Plain.NOTE,
                  context.state().phase(),
                  step.id(),
                  step.title() + " failed and is tried again: " + Sentences.of(e));
              return true;
            });
  }
}
