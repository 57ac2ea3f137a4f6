package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.StateValidation;
import dev.signalbox.strategy.StoredStrategy;
import java.time.Duration;
import java.time.InstantSource;

/// How long an answer counts. Immutable.
///
/// @param ttl since the active strategy was last confirmed
record Freshness(Duration ttl, InstantSource clock) {
  long now() {
    return clock.millis();
  }

  /// What may be shown of a state: all of it, or nothing but its version when the TTL has passed.
  ///
  /// A confirmation in the future means that the clock went back: its age is not known, so it does
  /// not count either.
  StoredStrategy shown(StoredStrategy state) {
    if (state.active() == null) {
      return state;
    }
    long age = now() - state.detectedAt();
    return age >= -StateValidation.CLOCK_TOLERANCE_MILLIS && age < ttl.toMillis()
        ? state
        : new StoredStrategy(null, null, 0, state.version());
  }
}
