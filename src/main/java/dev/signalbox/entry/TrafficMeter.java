package dev.signalbox.entry;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// Counts the requests of one stack: totals, and the last second in ten slots of 100 ms. Confined
/// to the event loop.
final class TrafficMeter {
  private static final int SLOTS = 10;
  private static final long SLOT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SHORTEST = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

  private final long[] slotOf = new long[SLOTS];
  private final List<Histogram> times =
      Stream.generate(TrafficMeter::histogram).limit(SLOTS).toList();
  private final int[] requests = new int[SLOTS];
  private final int[] errors = new int[SLOTS];

  private long totalRequests;
  private long totalErrors;
  private long resets;
  private long sinceRoute;

  /// To two digits.
  private static Histogram histogram() {
    return new Histogram(SHORTEST, LONGEST, 2);
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
    times.get(slot).recordValue(Math.clamp(tookNanos, 0, LONGEST));
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
      times.get(slot).reset();
    }
    return slot;
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
    Histogram sum = histogram();
    for (int slot = 0; slot < SLOTS; slot++) {
      if (number - slotOf[slot] < SLOTS) {
        count += requests[slot];
        failed += errors[slot];
        sum.add(times.get(slot));
      }
    }
    return new Reading(
        totalRequests,
        totalErrors,
        resets,
        sinceRoute,
        count,
        failed,
        sum.getValueAtPercentile(95));
  }
}
