package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.StrategyException;
import java.util.concurrent.ThreadLocalRandom;

/// Waits before a call is repeated.
final class Pauses {
  private static final long FIRST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 5_000;

  private Pauses() {}

  /// @param before how often it was repeated already: 0 is the shortest pause, each next one twice
  ///   as long
  static void after(int before) {
    long base = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(before, 10));
    try {
      Thread.sleep(base + ThreadLocalRandom.current().nextLong(base / 4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StrategyException(
          ErrorClass.CANCELLED, "Waiting before another attempt was interrupted.", e);
    }
  }
}
