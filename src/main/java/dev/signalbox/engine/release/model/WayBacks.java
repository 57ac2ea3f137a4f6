package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Lever;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.WayBack;
import java.time.Duration;
import java.util.Objects;

/// Works out what the top bar says of the way back.
public final class WayBacks {
  private WayBacks() {}

  /// @param lever 'Roll back', as whoever drives finds it
  public static WayBack of(ReleaseState state, Risk risk, Lever lever) {
    if (!state.active()) {
      return new WayBack(false, state.live(), null, 0, lever.text(), "");
    }
    boolean nothingMoved =
        state.live() == state.origin() && !(state.work() instanceof Doing.Work.Moving);
    Duration estimate =
        state.moves().stream()
            .filter(move -> move.result() == MoveView.Result.DONE)
            .map(MoveView::stall)
            .filter(Objects::nonNull)
            .reduce((_, last) -> last)
            .orElse(null);
    return new WayBack(
        lever instanceof Lever.Free,
        lever.words().equals(Levers.losing(state.origin())) ? state.target() : state.origin(),
        nothingMoved ? null : estimate,
        nothingMoved ? 0 : risk.writes(),
        lever.text(),
        lever.words());
  }
}
