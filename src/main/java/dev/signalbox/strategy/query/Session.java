package dev.signalbox.strategy.query;

import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Strategy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One authentication on one stack.
final class Session {
  private final Strategy strategy;
  private final String id;

  /// Queries that need it, and those that the manager gave up meanwhile.
  final Set<QueryHandle> queries = ConcurrentHashMap.newKeySet();

  Session(Strategy strategy, String id) {
    this.strategy = strategy;
    this.id = id;
  }

  Strategy strategy() {
    return strategy;
  }

  String id() {
    return id;
  }

  @Override
  public String toString() {
    return "session on " + strategy;
  }
}
