package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.strategy.control.ProbeAnswer;
import java.io.IOException;
import java.time.Duration;

/// Runs a query on the target's engine before anything waits, and sees that the cluster obeys this
/// console. The way home does not depend on it: a query cluster that is ill must not keep database
/// and application from going back.
///
/// @param origin where the release came from
public record ProbeEngineStep(ControlClient client, Move move, Colour origin)
    implements StrategyStep {
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
    try {
      return probe(context.epoch());
    } catch (IOException e) {
      if (move.to() != origin) {
        throw e;
      }
      return e.getMessage() + " The way back goes on without it.";
    }
  }

  private String probe(long epoch) throws IOException, InterruptedException {
    client.drive(epoch);
    ProbeAnswer answer = client.probe(move.to());
    if (!answer.getOk()) {
      throw new IOException(
          "The " + move.to() + " query engine cannot answer: " + answer.getProblem());
    }
    return "A query on " + move.to() + " took " + answer.getMicros() / 1_000.0 + " ms";
  }
}
