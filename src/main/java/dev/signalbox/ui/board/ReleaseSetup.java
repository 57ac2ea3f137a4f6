package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.ReleaseView;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is not there yet because it is just being made. That it fails is expected, and not a
/// failure: one that lasts holds the release, and then it is shown as one.
final class ReleaseSetup {
  /// Gates of the stack that is being started.
  private static final Set<String> GATES =
      Set.of("application.target", "application.database", "application.target-name");

  /// Of each database.
  private static final List<String> DATABASE_GATES = List.of(".lag", ".way-back");

  private ReleaseSetup() {}

  /// Whether the release is still being set up, and nothing holds it.
  static boolean isUnderWay(@Nullable ReleaseView release) {
    return release != null
        && release.status() instanceof ReleaseView.Status.Running
        && release.moves().isEmpty();
  }

  static boolean covers(EngineSnapshot state, Colour stack) {
    ReleaseView release = state.release();
    return release != null && release.target() == stack && isUnderWay(release);
  }

  static boolean covers(EngineSnapshot state, GateView gate) {
    String id = gate.id();
    return isUnderWay(state.release())
        && (GATES.contains(id)
            || (id.startsWith("database.") && DATABASE_GATES.stream().anyMatch(id::endsWith)));
  }
}
