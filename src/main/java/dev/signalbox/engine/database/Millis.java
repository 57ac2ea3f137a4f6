package dev.signalbox.engine.database;

import java.time.Duration;
import java.util.Locale;

/// Durations for a sentence.
final class Millis {
  private Millis() {}

  /// Milliseconds with two decimals and the unit.
  static String of(Duration duration) {
    return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / 1e6);
  }
}
