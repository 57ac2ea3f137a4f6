package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.WayBack;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Works out what the roll back lever says.
final class WayBacks {
  /// What is typed when nobody can say how many writes would be lost.
  static final String UNKNOWN_LOSS = "lose writes";

  private static final Duration UNKNOWN_YET = Duration.ofMillis(200);

  private WayBacks() {}

  /// What the operator must type to go back; empty when nothing would be lost.
  static String wordsToType(Plane.Risk risk) {
    if (risk.writes() == 0) {
      return "";
    }
    return risk.writes() < 0 ? UNKNOWN_LOSS : "lose " + risk.writes() + " writes";
  }

  /// @param moving whether a move is being made
  /// @param live where traffic and writes are seen; null when that is not known
  static WayBack of(ReleaseState state, Plane.Risk risk, boolean moving, @Nullable Colour live) {
    if (!state.active()) {
      return new WayBack(false, state.live(), Duration.ZERO, 0, "No release is under way.", "");
    }
    if (state.moveUnderWay() != null && !moving) {
      return new WayBack(
          true,
          state.origin(),
          UNKNOWN_YET,
          risk.writes(),
          "A switch is neither done nor undone. " + risk.evidence(),
          risk.writes() == 0 ? "" : UNKNOWN_LOSS);
    }
    // While a move is being proven the target takes writes already: the way back is a move, too.
    boolean over = moving && live == state.target();
    if (state.live() == state.origin() && !over) {
      return new WayBack(
          true,
          state.origin(),
          UNKNOWN_YET,
          0,
          moving
              ? "The move under way is taken back."
              : state.origin() + " is live; the release is undone and nothing is lost.",
          "");
    }
    Duration estimate =
        state.moves().stream()
            .map(m -> m.stall())
            .filter(java.util.Objects::nonNull)
            .reduce((first, last) -> last)
            .orElse(UNKNOWN_YET);
    return new WayBack(
        risk.possible(),
        state.origin(),
        estimate,
        risk.writes(),
        risk.evidence(),
        wordsToType(risk));
  }
}
