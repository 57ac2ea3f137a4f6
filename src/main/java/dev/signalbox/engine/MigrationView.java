package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One migration on one stack.
///
/// @param undoable whether there is a `U…` script for it
/// @param appliedAt null while it is not applied
/// @param took null while it is not applied
/// @param detail a sentence when the state needs one; empty otherwise
public record MigrationView(
    String version,
    String description,
    State state,
    boolean undoable,
    @Nullable Instant appliedAt,
    String appliedBy,
    @Nullable Duration took,
    String detail) {
  /// Where a migration stands.
  public enum State {
    PENDING,
    APPLIED,
    FAILED,
    UNDONE,
    /// The script differs from the one that was applied.
    CHANGED,
    /// It was applied, and its script is gone.
    MISSING
  }
}
