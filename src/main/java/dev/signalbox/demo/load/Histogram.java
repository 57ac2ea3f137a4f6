package dev.signalbox.demo.load;

import java.time.Duration;

/// Counts waits in buckets no wider than a 32nd of their value, from 1 µs to a day. Not
/// thread-safe.
public final class Histogram {
  private static final int SUB_BITS = 5;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] buckets = new long[40 * SUBS];
  private long count;
  private long maxMicros;

  /// @param wait negative counts as zero
  public void add(Duration wait) {
    long micros = Math.max(0, wait.toNanos() / 1_000);
    buckets[Math.min(buckets.length - 1, index(micros))]++;
    count++;
    maxMicros = Math.max(maxMicros, micros);
  }

  public long count() {
    return count;
  }

  public Duration max() {
    return Duration.ofNanos(maxMicros * 1_000);
  }

  /// The wait that this share of all requests did not exceed (upper edge of its bucket, at most
  /// [#max]); zero when there are none.
  ///
  /// @param share 0 to 1
  public Duration quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int i = 0; i < buckets.length && count > 0; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        return Duration.ofNanos(Math.min(maxMicros, highest(i)) * 1_000);
      }
    }
    return Duration.ZERO;
  }

  private static int index(long micros) {
    if (micros < SUBS) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return (shift + 1) * SUBS + (int) ((micros >> shift) - SUBS);
  }

  private static long highest(int index) {
    if (index < SUBS) {
      return index;
    }
    int shift = index / SUBS - 1;
    return ((index % SUBS + SUBS + 1L) << shift) - 1;
  }
}
