package dev.signalbox.engine.journal;

import java.time.Duration;

/// Whether somebody is likely to hang: he failed a moment ago, or a call is under way that takes
/// long. Thread-safe.
final class Suspicion {
  /// After a failure one is left alone this long: his hanging must not slow the others.
  private static final long SUSPECT_NANOS = Duration.ofMillis(700).toNanos();

  private static final long BUSY_NANOS = Duration.ofMillis(250).toNanos();

  private volatile long failedAt;
  private volatile boolean failed;

  /// When the call under way began; 0 when there is none.
  private volatile long busySince;

  void begins() {
    busySince = System.nanoTime();
  }

  void ends() {
    busySince = 0;
  }

  void well() {
    failed = false;
  }

  void failed() {
    failedAt = System.nanoTime();
    failed = true;
  }

  boolean suspect() {
    long began = busySince;
    if (began != 0 && System.nanoTime() - began > BUSY_NANOS) {
      return true;
    }
    return failed && System.nanoTime() - failedAt < SUSPECT_NANOS;
  }
}
