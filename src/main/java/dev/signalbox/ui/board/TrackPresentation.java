package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.Validity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What runs between the stacks: traffic above, replication below.
///
/// @param router null when the environment has no application
/// @param replication null when it has no database
record TrackPresentation(
    @Nullable RouterPresentation router, @Nullable ReplicationPresentation replication) {
  static TrackPresentation of(EngineSnapshot state, Instant now) {
    Validity validity = Validity.of(state, now);
    return new TrackPresentation(
        RouterPresentation.of(state, validity), ReplicationPresentation.of(state, validity, now));
  }
}
