package dev.signalbox.cluster.state;

import dev.signalbox.strategy.Strategy;
import org.jspecify.annotations.Nullable;

/// What must survive a crash of the cluster.
///
/// @param announced where new queries belong from now on; always the other one; null for none
/// @param epoch the highest fencing epoch seen
/// @param changedAt when live or announced changed last, milliseconds since 1970; 0 for never
public record ClusterState(
    Strategy live, @Nullable Strategy announced, boolean suspended, long epoch, long changedAt) {
  public static ClusterState initial(Strategy live) {
    return new ClusterState(live, null, false, 0, 0);
  }

  /// Where new queries belong: what every response says.
  public Strategy wanted() {
    return announced == null ? live : announced;
  }

  /// Whether a stack takes new sessions and queries.
  public boolean accepts(Strategy strategy) {
    return strategy == live || strategy == announced;
  }
}
