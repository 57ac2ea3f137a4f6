package dev.signalbox.cli;

import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.Status;
import org.jspecify.annotations.Nullable;

/// Where a release stands, as commands judge it.
final class Standing {
  private Standing() {}

  /// Whether it waits for an operator, or for time to pass, or has ended: nothing is under way.
  static boolean settled(@Nullable ReleaseView release) {
    if (release == null) {
      return true;
    }
    return switch (release.status()) {
      case Status.Running _, Status.Moving _, Status.CleaningUp _, Status.GivingUp _ -> false;
      case Status.Ready _, Status.Watching _, Status.Holding _ -> true;
      case Status.Completed _, Status.GivenUp _ -> true;
    };
  }

  /// Whether the target is live and somebody should be watching it.
  static boolean underWatch(ReleaseView release) {
    return release.status() instanceof Status.Watching && !watchOver(release);
  }

  /// Whether the target is live and its watch is over.
  static boolean watched(ReleaseView release) {
    return release.status() instanceof Status.Completed
        || (release.status() instanceof Status.Watching && watchOver(release));
  }

  private static boolean watchOver(ReleaseView release) {
    return release.phases().stream()
        .anyMatch(p -> p.phase() == Phase.WATCH && p.state() == ReleaseView.PhaseView.State.DONE);
  }

  /// Whether the origin is live again, or still, after a switch was tried.
  static boolean back(ReleaseView release) {
    if (release.moves().isEmpty() || !(release.status() instanceof Status.Ready)) {
      return false;
    }
    MoveView last = release.moves().getLast();
    return last.result() == MoveView.Result.UNDONE
        ? last.move().from() == release.origin()
        : last.result() == MoveView.Result.DONE && last.move().to() == release.origin();
  }

  /// A sentence or two.
  static String text(ReleaseView release) {
    String detail = StatusWords.reason(release.status());
    return "Release "
        + release.number()
        + " is "
        + StatusWords.word(release.status())
        + (detail.isEmpty() || detail.equals(release.next()) ? ". " : ": " + detail + " ")
        + release.next();
  }
}
