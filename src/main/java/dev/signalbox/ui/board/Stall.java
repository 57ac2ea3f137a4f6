package dev.signalbox.ui.board;

import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a switch held writes, against what was allowed.
///
/// @param words empty when it was not measured
record Stall(boolean over, String words) {
  static final Stall NONE = new Stall(false, "");

  static Stall of(@Nullable MoveView move, Duration budget) {
    return of(move == null ? null : move.stall(), budget);
  }

  static Stall of(@Nullable Duration stall, Duration budget) {
    if (stall == null) {
      return NONE;
    }
    boolean over = stall.compareTo(budget) > 0;
    return new Stall(
        over,
        over
            ? Messages.text("stall.over", Format.duration(stall), Format.duration(budget))
            : Messages.text("stall.within", Format.duration(stall)));
  }
}
