package dev.signalbox.strategy.observe;

import java.time.Duration;
import java.util.List;

/// How long something took, over all the times it happened. Immutable.
///
/// @param cumulative how many took no longer than each bound, the last without bound
/// @param total of all
public record Times(List<Long> cumulative, long count, Duration total) {
  public Times {
    cumulative = List.copyOf(cumulative);
  }

  /// Zero when it never happened.
  public Duration mean() {
    return count == 0 ? Duration.ZERO : total.dividedBy(count);
  }
}
