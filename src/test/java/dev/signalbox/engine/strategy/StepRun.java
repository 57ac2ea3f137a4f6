package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The context of a step in a test.
record StepRun(long epoch, Move move, List<String> said) implements StepContext {
  StepRun(long epoch, Move move) {
    this(epoch, move, new CopyOnWriteArrayList<>());
  }

  @Override
  public long release() {
    return 1;
  }

  @Override
  public Instant deadline() {
    return Instant.MAX;
  }

  @Override
  public void progress(String text) {
    said.add(text);
  }

  @Override
  public boolean lossAcknowledged() {
    return false;
  }

  @Override
  public Instant stallEnds() {
    return Instant.MAX;
  }

  @Override
  public void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
  }
}
