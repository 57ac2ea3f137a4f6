package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// What is remembered of one cluster, in a process and between processes.
///
/// @param active null when it has to be detected
/// @param pending announced and not applied yet; null when none; never the same as `active`
/// @param detectedAt when `active` was last confirmed, milliseconds since 1970; 0 when never. The
///   TTL counts from here
/// @param version rises by one with each change, over all processes
public record StoredStrategy(
    @Nullable Strategy active, @Nullable Strategy pending, long detectedAt, long version) {
  /// Nothing is known.
  public static final StoredStrategy NONE = new StoredStrategy(null, null, 0, 0);

  /// @throws IllegalArgumentException for a pending strategy that is the active one, or a negative
  ///   time or version
  public StoredStrategy {
    if (pending != null && pending == active) {
      throw new IllegalArgumentException(pending + " cannot be active and pending at once.");
    }
    if (detectedAt < 0 || version < 0) {
      throw new IllegalArgumentException("Times and versions are not negative.");
    }
  }
}
