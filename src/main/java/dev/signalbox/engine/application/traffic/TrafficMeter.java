package dev.signalbox.engine.application.traffic;

import java.util.concurrent.TimeUnit;

/// Counts the requests of one stack: totals, and the last second in ten slots of 100 ms. Confined
/// to the event loop.
///
/// Answer times go to buckets whose bounds grow by a quarter, so a percentile is at most 25 % too
/// high, at a constant cost however many requests there are.
final class TrafficMeter {
  private static final int SLOTS = 10;
  private static final int BUCKETS = 80;
  private static final long SLOT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long[] BOUNDS = bounds();

  private final long[] slotOf = new long[SLOTS];
  private final int[][] times = new int[SLOTS][BUCKETS];
  private final int[] requests = new int[SLOTS];
  private final int[] errors = new int[SLOTS];

  private long totalRequests;
  private long totalErrors;
  private long resets;
  private long sinceRoute;

  /// From 50 µs up, some 40 minutes at the end.
  private static long[] bounds() {
    long[] bounds = new long[BUCKETS];
    double bound = 50_000;
    for (int i = 0; i < BUCKETS; i++) {
      bounds[i] = (long) bound;
      bound *= 1.25;
    }
    return bounds;
  }

  /// A request was sent to this stack.
  void sent() {
    totalRequests++;
    sinceRoute++;
  }

  /// The stack closed or refused the connection, or did not answer in time.
  void reset() {
    resets++;
  }

  /// A request has its answer.
  void answered(long nowNanos, long tookNanos, boolean error) {
    int slot = slot(nowNanos);
    requests[slot]++;
    times[slot][bucket(tookNanos)]++;
    if (error) {
      errors[slot]++;
      totalErrors++;
    }
  }

  void routed() {
    sinceRoute = 0;
  }

  private int slot(long nowNanos) {
    long number = Math.floorDiv(nowNanos, SLOT);
    int slot = Math.floorMod(number, SLOTS);
    if (slotOf[slot] != number) {
      slotOf[slot] = number;
      requests[slot] = 0;
      errors[slot] = 0;
      java.util.Arrays.fill(times[slot], 0);
    }
    return slot;
  }

  private static int bucket(long nanos) {
    int found = java.util.Arrays.binarySearch(BOUNDS, nanos);
    return Math.min(BUCKETS - 1, found >= 0 ? found : -found - 1);
  }

  /// @param requests and errors of the last second
  /// @param p95Nanos of the last second, 0 without requests
  /// @param sinceRoute requests sent to this stack since the last routing command
  record Reading(
      long totalRequests,
      long totalErrors,
      long resets,
      long sinceRoute,
      int requests,
      int errors,
      long p95Nanos) {}

  Reading read(long nowNanos) {
    long number = Math.floorDiv(nowNanos, SLOT);
    int count = 0;
    int failed = 0;
    int[] sum = new int[BUCKETS];
    for (int slot = 0; slot < SLOTS; slot++) {
      if (number - slotOf[slot] < SLOTS) {
        count += requests[slot];
        failed += errors[slot];
        for (int i = 0; i < BUCKETS; i++) {
          sum[i] += times[slot][i];
        }
      }
    }
    return new Reading(
        totalRequests, totalErrors, resets, sinceRoute, count, failed, percentile(sum, count));
  }

  private static long percentile(int[] sum, int count) {
    long rank = (long) Math.ceil(count * 0.95);
    long seen = 0;
    for (int i = 0; i < BUCKETS && count > 0; i++) {
      seen += sum[i];
      if (seen >= rank) {
        return BOUNDS[i];
      }
    }
    return 0;
  }
}
