package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;

/// The target becomes the cluster's live stack: the old one answers new work with 456. A query that
/// is still open there, of a client that did not follow, goes on to its end.
public record MakeLiveStep(ControlClient client, Move move) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.live";
  }

  @Override
  public String title() {
    return "Make " + move.to() + " the cluster's live stack";
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(8);
  }

  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    return live(client.status()) ? Reality.DONE : Reality.NOT_DONE;
  }

  private boolean live(ClusterStatus status) {
    return status.getLive().equals(move.to().id()) && status.getAnnounced().isEmpty();
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    ClusterStatus status =
        StrategyStep.insist(() -> client.makeLive(context.epoch(), move.to(), true));
    return move.from()
        + " answers new work with 456"
        + (engine(status, move.from()).getOpenQueries() == 0
            ? ""
            : "; "
                + engine(status, move.from()).getOpenQueries()
                + " open queries there go on to their end");
  }

  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    if (client.status().getLive().equals(move.to().id())) {
      client.announce(context.epoch(), move.from());
      client.makeLive(context.epoch(), move.from(), true);
    }
  }
}
