package dev.signalbox.engine.application.health;

import dev.signalbox.engine.Health;

/// The verdict on one check, and how many results in a row speak for or against it.
///
/// @param length results in a row like the last one, at least 1 after the first
/// @param success what the last one was
public record Streak(Health health, int length, boolean success) {
  public static final Streak NONE = new Streak(Health.UNKNOWN, 0, false);

  /// The streak after one more result. A verdict changes only after `rise` successes or `fall`
  /// failures in a row; a single odd result never changes it when these are above 1.
  public Streak after(boolean successful, int rise, int fall) {
    int row = length > 0 && success == successful ? Math.addExact(Math.min(length, 1 << 20), 1) : 1;
    Health verdict = health;
    if (successful && row >= rise) {
      verdict = Health.HEALTHY;
    } else if (!successful && row >= fall) {
      verdict = Health.UNHEALTHY;
    }
    return new Streak(verdict, row, successful);
  }
}
