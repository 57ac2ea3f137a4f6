package dev.signalbox.engine.journal;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether somebody is likely to hang: he failed a moment ago, or a call is under way that takes
/// long. Thread-safe.
final class Suspicion {
  /// After a failure one is left alone this long: his hanging must not slow the others.
  private static final long SUSPECT_NANOS = Duration.ofMillis(700).toNanos();

  private static final long BUSY_NANOS = Duration.ofMillis(250).toNanos();

  private final LongSupplier nanoTime;
  private volatile long failedAt;
  private volatile boolean failed;

  /// When the call under way began; 0 when there is none.
  private volatile long busySince;

  /// @param nanoTime for durations only; never goes back
  Suspicion(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void begins() {
    busySince = nanoTime.getAsLong();
  }

  void ends() {
    busySince = 0;
  }

  void well() {
    failed = false;
  }

  void failed() {
    failedAt = nanoTime.getAsLong();
    failed = true;
  }

  boolean suspect() {
    long began = busySince;
    if (began != 0 && nanoTime.getAsLong() - began > BUSY_NANOS) {
      return true;
    }
    return failed && nanoTime.getAsLong() - failedAt < SUSPECT_NANOS;
  }
}
