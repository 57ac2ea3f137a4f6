package dev.signalbox.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who drives.
///
/// @param mine whether this console does
/// @param holder name of the console that drives; empty when nobody does
/// @param epoch the fencing epoch, 0 before the first lease
public record LeaseView(boolean mine, String holder, long epoch, @Nullable Instant expiresAt) {
  /// The same, as a console sees it that drives or does not.
  public LeaseView withMine(boolean drives) {
    return new LeaseView(drives, holder, epoch, expiresAt);
  }
}
