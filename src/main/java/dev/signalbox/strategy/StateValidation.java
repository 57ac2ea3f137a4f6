package dev.signalbox.strategy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is left of a state once everything in it that cannot be was taken out. Immutable.
///
/// The correction is always towards knowing less: what is forgotten is detected or announced again,
/// what is believed wrongly costs a query.
///
/// @param corrections a sentence for each; empty when the state was valid
public record StateValidation(StoredStrategy state, List<String> corrections) {
  /// How far the clock may have gone back before a confirmation counts as in the future.
  public static final long CLOCK_TOLERANCE_MILLIS = 5_000;

  public StateValidation {
    corrections = List.copyOf(corrections);
  }

  public boolean valid() {
    return corrections.isEmpty();
  }

  /// @param now milliseconds since 1970
  public static StateValidation of(StoredStrategy state, long now) {
    return of(state.active(), state.pending(), state.detectedAt(), state.version(), now);
  }

  /// Judges values that may not even make a [StoredStrategy], as a file may hold them.
  public static StateValidation of(
      @Nullable Strategy active,
      @Nullable Strategy pending,
      long detectedAt,
      long version,
      long now) {
    List<String> corrections = new ArrayList<>();
    if (version < 0) {
      corrections.add("The version " + version + " is negative; it counts from 0 again.");
      version = 0;
    }
    if (active != null && detectedAt <= 0) {
      corrections.add("The active strategy " + active + " was never confirmed; it is forgotten.");
      active = null;
    }
    if (active != null && detectedAt > now + CLOCK_TOLERANCE_MILLIS) {
      corrections.add(
          "The active strategy %s was confirmed %d s in the future, so the clock went back; it is forgotten."
              .formatted(active, (detectedAt - now) / 1000));
      active = null;
    }
    if (pending != null && pending == active) {
      corrections.add("The pending strategy " + pending + " is the active one; it is dropped.");
      pending = null;
    }
    if (pending != null && active == null) {
      corrections.add(
          "The pending strategy " + pending + " has no active one to follow; it is dropped.");
      pending = null;
    }
    return new StateValidation(
        new StoredStrategy(active, pending, active == null ? 0 : detectedAt, version), corrections);
  }
}
