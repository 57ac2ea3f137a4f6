package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import java.time.Instant;

/// The context of what the plane does by itself between steps. The epoch is checked by the
/// databases.
record BetweenSteps(long epoch, Colour creditor) implements StepContext {
  @Override
  public long release() {
    return 0;
  }

  @Override
  public Move move() {
    return Move.to(creditor);
  }

  @Override
  public Instant deadline() {
    return Instant.now().plusSeconds(10);
  }

  @Override
  public Instant stallEnds() {
    return deadline();
  }

  @Override
  public boolean lossAcknowledged() {
    return false;
  }

  @Override
  public void progress(String text) {}

  @Override
  public void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("closing");
    }
  }
}
