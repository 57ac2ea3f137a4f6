package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;

/// Before the old stack is given up: no query may be open there any more.
public record RetireStep(ControlClient client, Colour retired) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.retire";
  }

  @Override
  public String title() {
    return "See that no query is open on " + retired;
  }

  @Override
  public Stage stage() {
    return Stage.CHECK;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    ClusterStatus status = client.status();
    if (engine(status, retired).getOpenQueries() > 0) {
      throw new IOException(
          OpenQueryText.count(status, retired) + ". Wait for its end or cancel it, then resume.");
    }
    return "No query is open on " + retired;
  }
}
