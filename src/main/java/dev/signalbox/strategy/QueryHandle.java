package dev.signalbox.strategy;

/// Pins one query to the stack that prepared it, until it is cleared or cancelled. Immutable; made
/// by [StrategyManager#open] and ended by [StrategyManager#close].
public final class QueryHandle {
  private final ClusterKey key;
  private final Strategy strategy;
  private final Route route;
  private final String sessionId;
  private final String queryId;
  private final String engineIp;
  private final long openedAt;

  QueryHandle(
      ClusterKey key,
      Strategy strategy,
      Route route,
      String sessionId,
      String queryId,
      String engineIp,
      long openedAt) {
    this.key = key;
    this.strategy = strategy;
    this.route = route;
    this.sessionId = sessionId;
    this.queryId = queryId;
    this.engineIp = engineIp;
    this.openedAt = openedAt;
  }

  public ClusterKey key() {
    return key;
  }

  /// The one that was sent with its prepare.
  public Strategy strategy() {
    return strategy;
  }

  /// What each call about this query carries: see [StrategyInterceptor#ROUTE].
  public Route route() {
    return route;
  }

  /// Of the stack that prepared it. A capability: never logged.
  public String sessionId() {
    return sessionId;
  }

  public String queryId() {
    return queryId;
  }

  /// The planner's address as prepare named it; may be empty.
  public String engineIp() {
    return engineIp;
  }

  /// Nanoseconds by the clock of its manager that only goes forward.
  long openedAt() {
    return openedAt;
  }

  @Override
  public String toString() {
    return "query " + queryId + " on " + strategy;
  }
}
