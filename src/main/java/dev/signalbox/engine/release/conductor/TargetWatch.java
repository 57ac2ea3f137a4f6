package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges the health of the side that got traffic: while a move is being proven, and as long as the
/// target is watched. Posted.
final class TargetWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

  private final ActivityContext.Shared shared;
  private final Activities activities;
  private final Duration length;
  private final AtomicBoolean noting = new AtomicBoolean();

  /// @param length how long a target is watched
  TargetWatch(ActivityContext.Shared shared, Activities activities, Duration length) {
    this.shared = shared;
    this.activities = activities;
    this.length = length;
  }

  /// While a move is being proven the health of the new side is judged as it is while watching.
  void judge(Activities.Activity now) {
    Move move = shared.recorder().state().currentMove().orElse(null);
    if (move != null && now.context().routed()) {
      String alarm = shared.planes().alarm(move.to());
      if (alarm != null) {
        // Once: what follows must not be interrupted as well.
        now.context().routed(false);
        activities.cancel(alarm);
      }
    }
  }

  /// Begins a way back when the live side fails; ends the watch when it is over.
  void watch() {
    ReleaseState state = shared.recorder().state();
    ReleaseState.PhaseTimes times = state.phases().get(Phase.WATCH);
    if (times == null || !state.underWatch()) {
      return;
    }
    String alarm = shared.planes().alarm(state.live());
    if (alarm != null) {
      activities.begin(
          "Go back by itself",
          Optional.of(Move.to(state.origin())),
          work -> work.moves().goBackByItself(alarm));
    } else if (shared.execution().now().isAfter(times.startedAt().plus(length))
        && noting.compareAndSet(false, true)) {
      end(activities.newContext());
    }
  }

  private void end(ActivityContext context) {
    var _ =
        shared
            .execution()
            .start(
                "end of the watch",
                () -> {
                  try {
                    context.write(
                        Plain.PHASE_DONE,
                        Phase.WATCH,
                        "",
                        "Nothing was found while watching. Clean up when you no longer need the"
                            + " way back.");
                  } catch (DeposedException | Journal.JournalException e) {
                    LOG.warn("the end of the watch is not in the journal yet", e);
                  } finally {
                    noting.set(false);
                  }
                });
  }
}
