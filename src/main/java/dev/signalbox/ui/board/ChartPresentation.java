package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EngineSnapshot.History;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.util.List;
import java.util.function.Function;

/// The curves, and whether their ends are what is so now.
///
/// @param lagTitle over the curve of the lag; empty when the environment has no database
/// @param forward and reverse: how far each direction is behind now, from where the arrows between
///   the stacks have it; the newest sample may be a second old
/// @param requests whether the environment has an application
record ChartPresentation(
    History history,
    String lagTitle,
    String forward,
    String reverse,
    boolean requests,
    boolean requestsKnown) {
  static ChartPresentation of(EngineSnapshot state, Validity validity) {
    boolean requests =
        validity.application()
            && state.application() != null
            && state.application().router().reachable();
    return new ChartPresentation(
        state.history(),
        title(state),
        lag(state, validity, DatabaseView.Replication::forward),
        lag(state, validity, DatabaseView.Replication::reverse),
        state.mayHave(ApplicationView.class),
        requests);
  }

  private static String title(EngineSnapshot state) {
    if (!state.mayHave(DatabaseView.class)) {
      return "";
    }
    int databases = state.databases().size();
    return databases > 1
        ? Messages.text("chart.lag.worst", Format.count(databases))
        : Messages.text("chart.lag");
  }

  /// Of several databases the one that is furthest behind; not known when that is so of one.
  private static String lag(
      EngineSnapshot state,
      Validity validity,
      Function<DatabaseView.Replication, Direction> which) {
    List<DatabaseView> databases = state.databases();
    return databases.stream().allMatch(validity::sees)
        ? Lags.worst(databases.stream().map(view -> which.apply(view.replication())).toList())
        : Lags.UNKNOWN;
  }

  /// Whether it looks the same: the newest sample tells, without comparing all of them.
  boolean looksLike(ChartPresentation other) {
    return forward.equals(other.forward)
        && reverse.equals(other.reverse)
        && lagTitle.equals(other.lagTitle)
        && history.marks().equals(other.history.marks())
        && requests == other.requests
        && requestsKnown == other.requestsKnown
        && newest().equals(other.newest());
  }

  private List<Sample> newest() {
    List<Sample> samples = history.samples();
    return samples.isEmpty() ? List.of() : List.of(samples.getLast());
  }
}
