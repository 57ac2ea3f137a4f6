package dev.signalbox.strategy.observe;

/// A limit that is broken, or holds again. Immutable.
///
/// @param raised false when it is over
/// @param sentence with the measured value and the limit
public record StrategyAlert(Kind kind, boolean raised, String sentence) {
  /// What is watched.
  public enum Kind {
    /// More than 5 % of the calls of the last minute were answered with 456; over below 4 %.
    WRONG_STRATEGY_RATE,
    /// The mean detection of the last minute took more than 100 ms; over below 80 ms.
    SLOW_DETECTION
  }
}
