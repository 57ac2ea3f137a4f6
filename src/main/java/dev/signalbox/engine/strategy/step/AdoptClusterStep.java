package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;

/// Looks whether the query cluster is what the release takes it for. Changes nothing.
public record AdoptClusterStep(ControlClient client, Colour source) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.adopt";
  }

  @Override
  public String title() {
    return "Adopt the query cluster";
  }

  @Override
  public Stage stage() {
    return Stage.WORK;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    ClusterStatus status = client.status();
    if (status.getSuspended()) {
      throw new IOException("The query cluster is suspended. Resume it before a release.");
    }
    if (!status.getAnnounced().isEmpty()) {
      throw new IOException(
          "The query cluster is between its stacks: "
              + status.getAnnounced()
              + " is announced. Let that end, or take it back, before a release.");
    }
    if (!status.getLive().equals(source.id())) {
      throw new IOException(
          "The query cluster is live on "
              + status.getLive()
              + ", the release starts from "
              + source
              + ". Bring both to the same stack first.");
    }
    return "Cluster reachable and live on "
        + source
        + ", "
        + engine(status, source).getOpenQueries()
        + " queries open";
  }
}
