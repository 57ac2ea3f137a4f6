package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.ui.fx.Sight;
import java.util.List;

/// The curves, and whether their ends are what is so now.
///
/// @param samples one a second, the oldest first
record ChartFace(List<Sample> samples, boolean lagKnown, boolean requestsKnown) {
  static ChartFace of(EngineSnapshot state, Sight sight) {
    boolean requests =
        sight.application()
            && state.application() != null
            && state.application().router().reachable();
    return new ChartFace(state.history(), sight.databases(), requests);
  }

  /// Whether it looks the same: the newest sample tells, without comparing all of them.
  boolean looksLike(ChartFace other) {
    return lagKnown == other.lagKnown
        && requestsKnown == other.requestsKnown
        && newest().equals(other.newest());
  }

  private List<Sample> newest() {
    return samples.isEmpty() ? List.of() : List.of(samples.getLast());
  }
}
