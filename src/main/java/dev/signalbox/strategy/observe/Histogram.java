package dev.signalbox.strategy.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts durations by size. Thread-safe, without a lock.
final class Histogram {
  /// Upper bounds in milliseconds; what is longer falls into one more bucket without bound.
  static final List<Integer> BOUNDS_MILLIS =
      List.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);

  private final LongAdder[] buckets = new LongAdder[BOUNDS_MILLIS.size() + 1];
  private final LongAdder nanos = new LongAdder();

  Histogram() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void add(Duration value) {
    long millisUp = (value.toNanos() + 999_999) / 1_000_000;
    int i = 0;
    while (i < BOUNDS_MILLIS.size() && millisUp > BOUNDS_MILLIS.get(i)) {
      i++;
    }
    buckets[i].increment();
    nanos.add(value.toNanos());
  }

  Times times() {
    List<Long> cumulative = new ArrayList<>();
    long sum = 0;
    for (LongAdder bucket : buckets) {
      sum += bucket.sum();
      cumulative.add(sum);
    }
    return new Times(cumulative, sum, Duration.ofNanos(nanos.sum()));
  }
}
