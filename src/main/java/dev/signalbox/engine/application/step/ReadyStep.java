package dev.signalbox.engine.application.step;

import dev.signalbox.engine.ApplicationView.Endpoint;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/// Waits until the target is healthy.
public record ReadyStep(Stacks stacks, Colour target) implements Step {
  @Override
  public String id() {
    return "application.ready";
  }

  @Override
  public String title() {
    return "Wait for a healthy " + target + " stack";
  }

  @Override
  public Stage stage() {
    return Stage.WORK;
  }

  @Override
  public Duration timeout() {
    return Duration.ofMinutes(2);
  }

  @Override
  public Reality observe(StepContext context) {
    return obstacle().isEmpty() ? Reality.DONE : Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    context.await(
        "The " + target + " stack did not become ready", this::obstacle, Function.identity());
    HealthMonitor.Report report = stacks.monitor(target).report();
    return report.streak() + " good checks in a row on every address";
  }

  private String obstacle() {
    HealthMonitor monitor = stacks.monitor(target);
    monitor.hurry();
    HealthMonitor.Report report = monitor.report();
    for (Endpoint endpoint : report.endpoints()) {
      if (endpoint.health() != Health.HEALTHY) {
        return endpoint.detail().isEmpty()
            ? endpoint.name()
                + " has "
                + endpoint.streak()
                + " good checks in a row, "
                + stacks.settings().health().rise()
                + " are wanted"
            : endpoint.detail();
      }
    }
    return "";
  }

  @Override
  public void undo(StepContext context) {
    // Waiting changed nothing.
  }
}
