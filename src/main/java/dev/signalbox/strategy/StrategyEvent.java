package dev.signalbox.strategy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What happened to the strategy of a cluster. Carries no secret and no query text.
public sealed interface StrategyEvent {
  /// A detection ended well.
  ///
  /// @param took from the first authentication to the answer
  record Detected(Strategy strategy, Duration took) implements StrategyEvent {}

  /// No stack accepted the client.
  ///
  /// @param reason names what each stack answered
  record DetectionFailed(String reason, Duration took) implements StrategyEvent {}

  /// The cluster announced another strategy than the active one.
  record Announced(Strategy from, Strategy to) implements StrategyEvent {}

  /// The cluster announced the active strategy again: the pending change is off.
  record AnnouncementWithdrawn(Strategy active, Strategy pending) implements StrategyEvent {}

  /// A pending strategy became the active one.
  ///
  /// @param pendingFor since its announcement
  /// @param safePoint at which it was applied
  record Applied(Strategy from, Strategy to, Duration pendingFor, SafePoint safePoint)
      implements StrategyEvent {}

  /// A call was answered with 456.
  ///
  /// @param sent with which strategy; null when it went out without one
  record WrongStrategy(@Nullable Strategy sent, String method) implements StrategyEvent {}

  /// An announcement that is neither blue nor green was refused.
  ///
  /// @param value shortened to 40 printable characters
  record UnknownAnnounced(String value) implements StrategyEvent {}

  /// What was known is no longer trusted.
  record Invalidated(InvalidationTrigger trigger) implements StrategyEvent {}

  /// A state that cannot be was found and mended.
  record Corrected(String what) implements StrategyEvent {}

  /// The strategy was looked up for a new query.
  ///
  /// @param hit whether it was known
  record LookedUp(boolean hit) implements StrategyEvent {}

  record QueryOpened(String queryId, Strategy strategy) implements StrategyEvent {}

  /// @param open since prepare
  /// @param ending `cleared`, `cancelled`, `failed`, `abandoned` or `expired`
  record QueryClosed(String queryId, Strategy strategy, Duration open, String ending)
      implements StrategyEvent {}

  /// A call ended.
  ///
  /// @param failure null when it went well
  record CallEnded(String method, Duration took, @Nullable ErrorClass failure)
      implements StrategyEvent {}

  /// Where a pending strategy may be applied.
  enum SafePoint {
    QUERY_CLEARED,
    QUERY_CANCELLED,
    CONNECTION_ESTABLISHED,
    CACHE_INVALIDATED
  }

  /// Why what was known is forgotten.
  enum InvalidationTrigger {
    WRONG_STRATEGY,
    MANUAL,
    AUTHENTICATION_FAILED,
    CONNECTION_RESET,
    EXPLICIT
  }
}
