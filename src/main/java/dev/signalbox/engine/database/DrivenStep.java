package dev.signalbox.engine.database;

import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A step that tells the plane with which epoch this console drives.
record DrivenStep(Step step, AtomicLong newest) implements Step {
  @Override
  public String id() {
    return step.id();
  }

  @Override
  public String title() {
    return step.title();
  }

  @Override
  public Stage stage() {
    return step.stage();
  }

  @Override
  public Duration timeout() {
    return step.timeout();
  }

  @Override
  public Reality observe(StepContext context) throws Exception {
    return step.observe(context);
  }

  @Override
  public String run(StepContext context) throws Exception {
    newest.accumulateAndGet(context.epoch(), Math::max);
    return step.run(context);
  }

  @Override
  public void undo(StepContext context) throws Exception {
    newest.accumulateAndGet(context.epoch(), Math::max);
    step.undo(context);
  }
}
