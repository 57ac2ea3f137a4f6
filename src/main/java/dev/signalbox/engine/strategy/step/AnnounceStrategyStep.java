package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;

/// From now on new queries belong on the target, and every response says so. Both stacks answer.
public record AnnounceStrategyStep(ControlClient client, Move move) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.announce";
  }

  @Override
  public String title() {
    return "Announce " + move.to() + " to query clients";
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(8);
  }

  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    return wanted(client.status()) ? Reality.DONE : Reality.NOT_DONE;
  }

  private boolean wanted(ClusterStatus status) {
    return status.getAnnounced().equals(move.to().id())
        || (status.getAnnounced().isEmpty() && status.getLive().equals(move.to().id()));
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    ClusterStatus status = StrategyStep.insist(() -> client.announce(context.epoch(), move.to()));
    return "New queries go to "
        + move.to()
        + "; "
        + engine(status, move.from()).getOpenQueries()
        + " are open on "
        + move.from();
  }

  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    ClusterStatus status = client.status();
    if (wanted(status)) {
      client.announce(context.epoch(), move.from());
    }
  }
}
