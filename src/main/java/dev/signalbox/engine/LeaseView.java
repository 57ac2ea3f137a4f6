package dev.signalbox.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who drives.
///
/// @param mine whether this console does
/// @param holder name of the console that drives; empty when nobody does, or see [#known]
/// @param epoch the fencing epoch, 0 before the first lease, -1 when not known
/// @param silent names of those that give the lease and did not answer, such as `green`
/// @param unasked names of those that give the lease and were not heard of yet: the first question
///   is still to be asked, or on its way
/// @param majority whether enough answered that a console can drive; when not, nobody can, unless
///   an operator says that the silent ones are closed
public record LeaseView(
    boolean mine,
    String holder,
    long epoch,
    @Nullable Instant expiresAt,
    List<String> silent,
    List<String> unasked,
    boolean majority) {
  /// Nobody was asked yet.
  public static final LeaseView UNKNOWN = new LeaseView(false, "", -1, null);

  public LeaseView {
    silent = List.copyOf(silent);
    unasked = List.copyOf(unasked);
  }

  /// All that are not silent answered.
  public LeaseView(
      boolean mine,
      String holder,
      long epoch,
      @Nullable Instant expiresAt,
      List<String> silent,
      boolean majority) {
    this(mine, holder, epoch, expiresAt, silent, List.of(), majority);
  }

  /// All answered.
  public LeaseView(boolean mine, String holder, long epoch, @Nullable Instant expiresAt) {
    this(mine, holder, epoch, expiresAt, List.of(), true);
  }

  /// Whether it is known who drives, or that nobody does.
  public boolean known() {
    return !holder.isEmpty() || (epoch >= 0 && majority);
  }

  /// Whether each of those that give it answered, or failed to.
  public boolean asked() {
    return unasked.isEmpty() && (epoch >= 0 || !silent.isEmpty());
  }

  /// Whether it is known that no majority answers: not while some were not heard of yet.
  public boolean nobodyCan() {
    return !majority && unasked.isEmpty();
  }

  /// Names those that do not answer, and those that were not asked yet, without a full stop; empty
  /// when all answer.
  public String silence() {
    List<String> parts = new ArrayList<>();
    if (!silent.isEmpty()) {
      parts.add(list(silent) + (silent.size() == 1 ? " does" : " do") + " not answer");
    }
    if (!unasked.isEmpty()) {
      parts.add(list(unasked) + (unasked.size() == 1 ? " was" : " were") + " not asked yet");
    }
    return String.join("; ", parts);
  }

  private static String list(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.getFirst()
        : String.join(", ", names.subList(0, last)) + " and " + names.getLast();
  }

  /// The same while the console that holds it does not drive yet: nobody does.
  public LeaseView withoutHolder() {
    return new LeaseView(false, "", epoch, null, silent, unasked, majority);
  }

  /// The same, as a console sees it that drives or does not.
  public LeaseView withMine(boolean drives) {
    return new LeaseView(drives, holder, epoch, expiresAt, silent, unasked, majority);
  }
}
