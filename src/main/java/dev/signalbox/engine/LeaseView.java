package dev.signalbox.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who drives.
///
/// @param mine whether this console does
/// @param holder name of the console that drives; empty when nobody does
/// @param epoch the fencing epoch, 0 before the first lease
/// @param silent names of those that give the lease and did not answer, such as `green`
public record LeaseView(
    boolean mine, String holder, long epoch, @Nullable Instant expiresAt, List<String> silent) {
  public LeaseView {
    silent = List.copyOf(silent);
  }

  /// All answered.
  public LeaseView(boolean mine, String holder, long epoch, @Nullable Instant expiresAt) {
    this(mine, holder, epoch, expiresAt, List.of());
  }

  /// The same, as a console sees it that drives or does not.
  public LeaseView withMine(boolean drives) {
    return new LeaseView(drives, holder, epoch, expiresAt, silent);
  }
}
