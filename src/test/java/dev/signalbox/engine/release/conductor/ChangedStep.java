package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.time.Duration;

/// A step that is as another one but for what a subclass overrides.
public class ChangedStep implements Step {
  private final Step real;

  public ChangedStep(Step real) {
    this.real = real;
  }

  @Override
  public String id() {
    return real.id();
  }

  @Override
  public String title() {
    return real.title();
  }

  @Override
  public Stage stage() {
    return real.stage();
  }

  @Override
  public Duration timeout() {
    return real.timeout();
  }

  @Override
  public Reality observe(StepContext context) throws Exception {
    return real.observe(context);
  }

  @Override
  public String run(StepContext context) throws Exception {
    return real.run(context);
  }

  @Override
  public void undo(StepContext context) throws Exception {
    real.undo(context);
  }
}
