package dev.signalbox.cluster.session;

import java.util.concurrent.atomic.LongAdder;

/// What happened on one stack since the cluster started. Thread-safe.
public final class StackFigures {
  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder rows = new LongAdder();

  void queryStarted() {
    started.increment();
  }

  void queryEnded(boolean well) {
    (well ? ended : failed).increment();
  }

  void rowsSent(int count) {
    rows.add(count);
  }

  /// A call was answered with 456.
  public void wrongStrategy() {
    rejected.increment();
  }

  public long queriesStarted() {
    return started.sum();
  }

  /// Cleared or cancelled by its client, or ended for being idle.
  public long queriesEnded() {
    return ended.sum();
  }

  public long queriesFailed() {
    return failed.sum();
  }

  public long rejected456() {
    return rejected.sum();
  }

  public long rows() {
    return rows.sum();
  }
}
