package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.StepContext;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The context of one attempt at a step.
///
/// @param valid whether this console still drives with this epoch
record Attempt(
    long epoch,
    long release,
    Move move,
    Instant deadline,
    Instant stallEnds,
    boolean lossAcknowledged,
    boolean newSideGivenUp,
    BooleanSupplier valid,
    Consumer<String> progress)
    implements StepContext {
  @Override
  public void progress(String text) {
    progress.accept(text);
  }

  @Override
  public void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
    if (!valid.getAsBoolean()) {
      throw new DeposedException("This console no longer drives; the step was left where it was.");
    }
  }
}
