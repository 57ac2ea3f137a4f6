package dev.signalbox.ui.fx;

import java.time.Duration;
import java.time.Instant;

/// How old data is, and whether that is too old to be believed.
public final class Age {
  private static final int POLLS = 3;

  private Age() {}

  /// Older than three polls; a poll counts for at least a second.
  public static boolean isStale(Instant at, Instant now, Duration poll) {
    Duration counted = poll.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : poll;
    return Duration.between(at, now).compareTo(counted.multipliedBy(POLLS)) > 0;
  }

  /// A sentence when stale, or when it was never seen; else empty.
  public static String warning(Instant at, Instant now, Duration poll) {
    if (at.equals(Instant.EPOCH)) {
      return Messages.text("age.never");
    }
    return isStale(at, now, poll)
        ? Messages.text(
            "age.stale", Format.duration(Duration.ofSeconds(Duration.between(at, now).toSeconds())))
        : "";
  }
}
