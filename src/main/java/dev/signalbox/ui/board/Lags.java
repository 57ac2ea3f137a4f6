package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.ui.fx.Format;
import org.jspecify.annotations.Nullable;

/// How far a direction of replication is behind: the one figure, wherever the Board shows it.
final class Lags {
  static final String UNKNOWN = "–";

  private Lags() {}

  static String text(@Nullable Direction direction) {
    return direction == null
            || direction.state() != Direction.State.STREAMING
            || direction.lag() == null
        ? UNKNOWN
        : Format.duration(direction.lag());
  }
}
