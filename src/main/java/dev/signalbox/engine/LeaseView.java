package dev.signalbox.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who drives.
///
/// @param mine whether this console does
/// @param holder name of the console that drives; empty when nobody does, or see [#known]
/// @param epoch the fencing epoch, 0 before the first lease, -1 when not known
/// @param silent names of those that give the lease and did not answer, such as `green`
/// @param majority whether enough answered that a console can drive; when not, nobody can, unless
///   an operator says that the silent ones are closed
public record LeaseView(
    boolean mine,
    String holder,
    long epoch,
    @Nullable Instant expiresAt,
    List<String> silent,
    boolean majority) {
  /// Nobody was asked yet.
  public static final LeaseView UNKNOWN = new LeaseView(false, "", -1, null);

  public LeaseView {
    silent = List.copyOf(silent);
  }

  /// All answered.
  public LeaseView(boolean mine, String holder, long epoch, @Nullable Instant expiresAt) {
    this(mine, holder, epoch, expiresAt, List.of(), true);
  }

  /// Whether it is known who drives, or that nobody does.
  public boolean known() {
    return !holder.isEmpty() || (epoch >= 0 && majority);
  }

  /// Names those that do not answer, without a full stop; empty when all do.
  public String silence() {
    return silent.isEmpty()
        ? ""
        : String.join(" and ", silent) + (silent.size() == 1 ? " does" : " do") + " not answer";
  }

  /// The same while the console that holds it does not drive yet: nobody does.
  public LeaseView withoutHolder() {
    return new LeaseView(false, "", epoch, null, silent, majority);
  }

  /// The same, as a console sees it that drives or does not.
  public LeaseView withMine(boolean drives) {
    return new LeaseView(drives, holder, epoch, expiresAt, silent, majority);
  }
}
