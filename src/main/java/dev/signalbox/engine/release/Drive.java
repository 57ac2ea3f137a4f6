package dev.signalbox.engine.release;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What the runs share: planes, journal, and the epoch they act under. One epoch, one drive; a new
/// epoch makes a new one, and whatever still runs under the old one is refused wherever it knocks.
///
/// @param newest the epoch of this console at the moment; 0 when it does not drive
/// @param closing whether this console is being closed
record Drive(
    List<Plane> planes,
    Recorder recorder,
    long epoch,
    AtomicLong newest,
    BooleanSupplier closing,
    Consumer<String> teller) {
  boolean valid() {
    return newest.get() == epoch;
  }

  ReleaseState state() {
    return recorder.state();
  }

  /// The steps of all planes, stage by stage; within a stage in the order of the planes.
  List<Step> steps(Phase phase, Move move) {
    List<Step> all = new ArrayList<>();
    for (Plane plane : planes) {
      all.addAll(plane.steps(phase, move, state().info()));
    }
    all.sort(Comparator.comparing(Step::stage));
    return all;
  }

  Attempt attempt(Move move, Duration limit) {
    Instant deadline = Instant.now().plus(limit);
    return attempt(move, deadline, deadline, false);
  }

  Attempt attempt(Move move, Instant deadline, Instant stallEnds, boolean lossAcknowledged) {
    return new Attempt(
        epoch, state().number(), move, deadline, stallEnds, lossAcknowledged, this::valid, teller);
  }

  Recorder.Batch batch() {
    return recorder.batch(epoch);
  }

  void check() throws InterruptedException {
    attempt(Move.to(state().target()), Duration.ZERO).check();
  }
}
