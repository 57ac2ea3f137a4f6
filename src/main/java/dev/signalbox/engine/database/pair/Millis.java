package dev.signalbox.engine.database.pair;

import java.time.Duration;
import java.util.Locale;

/// Durations for a sentence.
public final class Millis {
  private Millis() {}

  /// Milliseconds with two decimals and the unit.
  public static String of(Duration duration) {
    return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / 1e6);
  }
}
