package dev.signalbox.cluster.session;

import dev.signalbox.strategy.Strategy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What an authenticated client has: bound to one strategy, with its open queries. Thread-safe.
public final class ClientSession {
  private final String id;
  private final String user;
  private final Strategy strategy;
  private final String peer;
  final Map<String, ServedQuery> queries = new ConcurrentHashMap<>();
  private volatile long usedAt = System.nanoTime();

  ClientSession(String id, String user, Strategy strategy, String peer) {
    this.id = id;
    this.user = user;
    this.strategy = strategy;
    this.peer = peer;
  }

  /// A secret of the client: never logged.
  public String id() {
    return id;
  }

  public String user() {
    return user;
  }

  public Strategy strategy() {
    return strategy;
  }

  /// The client's address.
  public String peer() {
    return peer;
  }

  void use() {
    usedAt = System.nanoTime();
  }

  long idleNanos() {
    return System.nanoTime() - usedAt;
  }

  @Override
  public String toString() {
    return "a session of " + user + " on " + strategy;
  }
}
