package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.ui.fx.Format;
import java.time.Duration;
import java.util.List;

/// How far a direction of replication is behind: the one figure, wherever the Board shows it.
final class Lags {
  static final String UNKNOWN = "–";

  private Lags() {}

  static String text(Direction direction) {
    return worst(List.of(direction));
  }

  /// The longest; not known when one of them is not, or when there is none.
  static String worst(List<Direction> directions) {
    Duration worst = null;
    for (Direction direction : directions) {
      Duration lag = direction.lag();
      if (direction.state() != Direction.State.STREAMING || lag == null) {
        return UNKNOWN;
      }
      worst = worst == null || lag.compareTo(worst) > 0 ? lag : worst;
    }
    return worst == null ? UNKNOWN : Format.duration(worst);
  }
}
