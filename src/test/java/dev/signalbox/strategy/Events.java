package dev.signalbox.strategy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Keeps what it was told.
public final class Events implements StrategyObserver {
  private final Queue<StrategyEvent> all = new ConcurrentLinkedQueue<>();

  @Override
  public void accept(ClusterKey key, StrategyEvent event) {
    all.add(event);
  }

  public List<StrategyEvent> all() {
    return List.copyOf(all);
  }

  public <E extends StrategyEvent> List<E> of(Class<E> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
