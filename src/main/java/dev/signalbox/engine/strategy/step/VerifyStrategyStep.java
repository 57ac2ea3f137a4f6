package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.ProbeAnswer;
import java.io.IOException;
import java.time.Duration;

/// Proves that queries run on the target: the cluster's own word, a query through the target's
/// engine, and the counters of both engines, of which the old one's must stand still.
public record VerifyStrategyStep(ControlClient client, Move move) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.verify";
  }

  @Override
  public String title() {
    return "Verify queries on " + move.to();
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(22);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    ClusterStatus before = StrategyStep.insist(client::status);
    if (!before.getLive().equals(move.to().id()) || !before.getAnnounced().isEmpty()) {
      throw new IOException(
          "The query cluster says that "
              + before.getLive()
              + " is live"
              + (before.getAnnounced().isEmpty()
                  ? ""
                  : " and " + before.getAnnounced() + " announced")
              + ", expected "
              + move.to()
              + ".");
    }
    ProbeAnswer answer = StrategyStep.insist(() -> client.probe(move.to()));
    if (!answer.getOk()) {
      throw new IOException(
          "The " + move.to() + " query engine cannot answer: " + answer.getProblem());
    }
    ClusterStatus after = StrategyStep.insist(client::status);
    EngineStatus source = engine(after, move.from());
    long began = source.getQueriesStarted() - engine(before, move.from()).getQueriesStarted();
    if (began > 0) {
      throw new IOException(
          began + " queries began on " + move.from() + " after " + move.to() + " was made live.");
    }
    return "A query on "
        + move.to()
        + " took "
        + answer.getMicros() / 1_000.0
        + " ms; "
        + engine(after, move.to()).getOpenQueries()
        + " are open there, "
        + source.getOpenQueries()
        + " on "
        + move.from();
  }
}
