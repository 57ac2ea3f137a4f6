package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether the query cluster is what the release takes it for, before anything else is done.
public record AdoptClusterStep(ControlClient client, Colour source) implements StrategyStep {
  private static final Logger LOG = LoggerFactory.getLogger(AdoptClusterStep.class);

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
    return Stage.CHECK;
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

  /// A move may have left the cluster behind that did not answer then. One that does not answer now
  /// must not keep a release from being given up.
  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    ClusterStatus status;
    try {
      status = client.status();
    } catch (IOException e) {
      LOG.warn("Where the query cluster is cannot be seen: {}", e.getMessage());
      return;
    }
    if (!status.getLive().equals(source.id()) || !status.getAnnounced().isEmpty()) {
      client.announce(context.epoch(), source);
      client.makeLive(context.epoch(), source, true);
    }
  }
}
