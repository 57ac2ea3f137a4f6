package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.strategy.control.ProbeAnswer;
import java.io.IOException;
import java.time.Duration;

/// Runs a query on the target's engine before anything waits.
public record ProbeEngineStep(ControlClient client, Move move) implements StrategyStep {
  @Override
  public String id() {
    return "strategy.probe";
  }

  @Override
  public String title() {
    return "Probe the " + move.to() + " query engine";
  }

  @Override
  public Stage stage() {
    return Stage.ANNOUNCE;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(5);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    ProbeAnswer answer = client.probe(move.to());
    if (!answer.getOk()) {
      throw new IOException(
          "The " + move.to() + " query engine cannot answer: " + answer.getProblem());
    }
    return "A query on " + move.to() + " took " + answer.getMicros() / 1_000.0 + " ms";
  }
}
