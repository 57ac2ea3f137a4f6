package dev.signalbox.support;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The context of a step in a test, in release 1. An interrupt cancels it.
///
/// @param deadline of the attempt and of its stall
/// @param said how far the step said it was
public record StepRun(
    long epoch,
    Move move,
    Instant deadline,
    boolean lossAcknowledged,
    boolean newSideGivenUp,
    List<String> said)
    implements StepContext {
  /// Without a deadline.
  public StepRun(long epoch, Move move) {
    this(epoch, move, Instant.MAX, false, false);
  }

  public StepRun(long epoch, Move move, Duration limit) {
    this(epoch, move, Instant.now().plus(limit), false, false);
  }

  public StepRun(
      long epoch, Move move, Instant deadline, boolean lossAcknowledged, boolean newSideGivenUp) {
    this(epoch, move, deadline, lossAcknowledged, newSideGivenUp, new CopyOnWriteArrayList<>());
  }

  @Override
  public long release() {
    return 1;
  }

  @Override
  public void progress(String text) {
    said.add(text);
  }

  @Override
  public Instant stallEnds() {
    return deadline;
  }

  @Override
  public void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
  }
}
