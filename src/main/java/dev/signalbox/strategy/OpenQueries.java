package dev.signalbox.strategy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The pinned queries of one cluster, by identity: two stacks may give the same id to two queries.
/// Thread-safe.
final class OpenQueries {
  private static final long SWEEP_NANOS = Duration.ofMinutes(1).toNanos();

  private final Set<QueryHandle> open = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanos;
  private volatile long sweptAt;

  /// @param nanos only goes forward: a jump of the wall clock must not end every pin
  OpenQueries(LongSupplier nanos) {
    this.nanos = nanos;
    sweptAt = nanos.getAsLong();
  }

  int count() {
    return open.size();
  }

  boolean contains(QueryHandle handle) {
    return open.contains(handle);
  }

  void add(QueryHandle handle) {
    open.add(handle);
  }

  boolean remove(QueryHandle handle) {
    return open.remove(handle);
  }

  /// Whether it is time to look for those that nobody ends.
  boolean sweepIsDue(int most) {
    return nanos.getAsLong() - sweptAt > SWEEP_NANOS || open.size() >= most;
  }

  /// Takes out those that are older than `most`.
  List<QueryHandle> expire(Duration most) {
    long now = nanos.getAsLong();
    sweptAt = now;
    long limit = most.toNanos();
    List<QueryHandle> old =
        open.stream().filter(handle -> now - handle.openedAt() > limit).toList();
    return old.stream().filter(open::remove).toList();
  }

  List<StrategySnapshot.Pinned> oldest() {
    long now = nanos.getAsLong();
    return open.stream()
        .sorted(Comparator.comparingLong(handle -> handle.openedAt() - now))
        .limit(StrategySnapshot.LISTED)
        .map(open ->
            new StrategySnapshot.Pinned(
                open.queryId(),
                open.strategy(),
                Duration.ofNanos(Math.max(0, now - open.openedAt()))))
        .toList();
  }
}
