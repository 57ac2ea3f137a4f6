package dev.signalbox.cluster;

import java.util.Arrays;
import java.util.function.LongSupplier;

/// Counts over the last ten to eleven seconds. Thread-safe.
final class RateMeter {
  private static final int SECONDS = 10;

  private final long[] calls = new long[SECONDS + 1];
  private final long[] queries = new long[SECONDS + 1];
  private final long[] rejected = new long[SECONDS + 1];
  private final LongSupplier clock;
  private final long start;
  private long second;

  RateMeter() {
    this(System::nanoTime);
  }

  /// @param clock in nanoseconds
  RateMeter(LongSupplier clock) {
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  synchronized void call(boolean wrongStrategy) {
    int slot = slot();
    calls[slot]++;
    if (wrongStrategy) {
      rejected[slot]++;
    }
  }

  synchronized void query() {
    queries[slot()]++;
  }

  /// The slot of this second; what lies further back than the slots reach is forgotten.
  private int slot() {
    long now = (clock.getAsLong() - start) / 1_000_000_000;
    for (long next = Math.max(second + 1, now - SECONDS); next <= now; next++) {
      int slot = (int) (next % calls.length);
      calls[slot] = 0;
      queries[slot] = 0;
      rejected[slot] = 0;
    }
    second = now;
    return (int) (now % calls.length);
  }

  /// @param wrongStrategyShare 0 to 1, of all calls
  record Figures(double callsPerSecond, double queriesPerSecond, double wrongStrategyShare) {}

  synchronized Figures figures() {
    slot();
    // The slots hold this second, as far as it went, and the ten before.
    double elapsed = (clock.getAsLong() - start) / 1e9;
    double span = Math.max(1, elapsed - Math.max(0, second - SECONDS));
    long all = Arrays.stream(calls).sum();
    return new Figures(
        all / span,
        Arrays.stream(queries).sum() / span,
        all == 0 ? 0 : (double) Arrays.stream(rejected).sum() / all);
  }
}
