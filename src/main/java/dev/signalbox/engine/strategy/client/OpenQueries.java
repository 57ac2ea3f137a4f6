package dev.signalbox.engine.strategy.client;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The pinned queries of one cluster, by identity: two stacks may give the same id to two queries.
/// Thread-safe.
final class OpenQueries {
  private static final long SWEEP_MILLIS = 60_000;

  private final Set<QueryHandle> open = ConcurrentHashMap.newKeySet();
  private volatile long sweptAt;

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
  boolean sweepIsDue(long now, int most) {
    return now - sweptAt > SWEEP_MILLIS || open.size() >= most;
  }

  /// Takes out those that were opened before `oldest`.
  List<QueryHandle> expire(long oldest, long now) {
    sweptAt = now;
    List<QueryHandle> old = open.stream().filter(handle -> handle.openedAt() < oldest).toList();
    return old.stream().filter(open::remove).toList();
  }

  List<StrategySnapshot.Pinned> oldest(long now) {
    return open.stream()
        .sorted(Comparator.comparingLong(QueryHandle::openedAt))
        .limit(StrategySnapshot.LISTED)
        .map(open ->
            new StrategySnapshot.Pinned(
                open.queryId(),
                open.strategy(),
                Duration.ofMillis(Math.max(0, now - open.openedAt()))))
        .toList();
  }
}
