package dev.signalbox.engine.release.conductor;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a move ended.
sealed interface MoveEnd {
  /// @param stall from hold to route; null when it was not measured
  record Done(@Nullable Duration stall) implements MoveEnd {}

  /// Its intent could not be written: nothing was touched, the release is as it was.
  record NotBegun(String reason) implements MoveEnd {}

  /// Taken back; traffic is where it was.
  record Undone(String reason) implements MoveEnd {}

  /// The other side takes writes, and that traffic arrives there is not proven.
  record Unproven(String reason) implements MoveEnd {}

  /// Neither made nor taken back; the release holds.
  record Stuck(String reason) implements MoveEnd {}
}
