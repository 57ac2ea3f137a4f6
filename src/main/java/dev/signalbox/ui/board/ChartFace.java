package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EngineSnapshot.History;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.ui.fx.Sight;
import java.util.List;

/// The curves, and whether their ends are what is so now.
///
/// @param forward and reverse: how far each direction is behind now, from where the arrows between
///   the stacks have it; the newest sample may be a second old
record ChartFace(History history, String forward, String reverse, boolean requestsKnown) {
  static ChartFace of(EngineSnapshot state, Sight sight) {
    boolean requests =
        sight.application()
            && state.application() != null
            && state.application().router().reachable();
    DatabaseView database = sight.databases() ? state.database() : null;
    return new ChartFace(
        state.history(),
        Lags.text(database == null ? null : database.replication().forward()),
        Lags.text(database == null ? null : database.replication().reverse()),
        requests);
  }

  /// Whether it looks the same: the newest sample tells, without comparing all of them.
  boolean looksLike(ChartFace other) {
    return forward.equals(other.forward)
        && reverse.equals(other.reverse)
        && history.marks().equals(other.history.marks())
        && requestsKnown == other.requestsKnown
        && newest().equals(other.newest());
  }

  private List<Sample> newest() {
    List<Sample> samples = history.samples();
    return samples.isEmpty() ? List.of() : List.of(samples.getLast());
  }
}
