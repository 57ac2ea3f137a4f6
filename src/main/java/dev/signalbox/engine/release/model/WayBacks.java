package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Lever;
import dev.signalbox.engine.WayBack;
import java.time.Duration;
import java.util.Objects;

/// Works out what the top bar says of the way back.
public final class WayBacks {
  private static final Duration UNKNOWN_YET = Duration.ofMillis(200);

  private WayBacks() {}

  /// @param lever 'Roll back', as whoever drives finds it
  public static WayBack of(ReleaseState state, Risk risk, Lever lever) {
    if (!state.active()) {
      return new WayBack(false, state.live(), Duration.ZERO, 0, lever.text(), "");
    }
    boolean nothingMoved =
        state.live() == state.origin() && !(state.work() instanceof Doing.Work.Moving);
    Duration estimate =
        state.moves().stream()
            .map(m -> m.stall())
            .filter(Objects::nonNull)
            .reduce((first, last) -> last)
            .orElse(UNKNOWN_YET);
    return new WayBack(
        lever instanceof Lever.Free,
        lever.words().equals(Levers.losing(state.origin())) ? state.target() : state.origin(),
        nothingMoved ? Duration.ZERO : estimate,
        nothingMoved ? 0 : risk.writes(),
        lever.text(),
        lever.words());
  }
}
