package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.release.model.Observed.Driver;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether this console drives: takes the release up when it gets the lease, and lets go of what is
/// under way when another console has it.
final class Driving {
  private static final Logger LOG = LoggerFactory.getLogger(Driving.class);

  private final ActivityContext.Shared shared;
  private final Activities activities;
  private final Runnable begun;

  /// Who drives while it is not this console.
  private volatile Driver other =
      new Driver.Nowhere("It is not known yet who drives this environment.");

  /// @param begun posted once this console drives
  Driving(ActivityContext.Shared shared, Activities activities, Runnable begun) {
    this.shared = shared;
    this.activities = activities;
    this.begun = begun;
  }

  boolean here() {
    return shared.epoch().now() != 0;
  }

  Driver driver() {
    return here() ? new Driver.Here() : other;
  }

  /// Tells who drives while it is not this console.
  void elsewhere(Driver driver) {
    other = driver;
  }

  /// Tells that the lease is ours now. Reads the journal and drives from then on.
  void drives(long newEpoch, String how) {
    shared.epoch().beginTaking(newEpoch);
    var _ =
        shared
            .execution()
            .start(
                "take up",
                () -> {
                  try {
                    taken(newEpoch, how, new CompletableFuture<>());
                  } catch (RuntimeException e) {
                    LOG.error("the release could not be taken up", e);
                  }
                });
  }

  /// @param alone words that stand for the voters that do not answer; empty for a majority
  void takeOver(String alone, CompletableFuture<Outcome> answer) {
    var _ =
        shared
            .execution()
            .start(
                "take over",
                () -> {
                  try {
                    long taken =
                        alone.isEmpty()
                            ? shared.lease().acquire(true)
                            : shared.lease().acquireAlone(alone);
                    shared.epoch().beginTaking(taken);
                    taken(taken, ", taken over by an operator", answer);
                  } catch (RuntimeException e) {
                    LOG.warn("the lease could not be taken over", e);
                    answer.complete(new Outcome.Failed(Sentences.of(e)));
                  }
                });
  }

  private void taken(long newEpoch, String how, CompletableFuture<Outcome> answer) {
    try {
      takeUp(newEpoch, how, answer);
    } catch (RuntimeException e) {
      shared.epoch().endTaking(newEpoch);
      throw e;
    }
  }

  private void takeUp(long newEpoch, String how, CompletableFuture<Outcome> answer) {
    Recorder recorder = shared.recorder();
    recorder.follow();
    recorder
        .batch(newEpoch)
        .add(
            Plain.LEASE_TAKEN,
            recorder.state().phase(),
            "",
            recorder.actor() + " drives now" + how + ".")
        .write();
    String closed = Sentences.closed(recorder.actor());
    boolean posted =
        shared
            .execution()
            .post(() -> {
              shared.epoch().endTaking(newEpoch);
              if (shared.closing().getAsBoolean()) {
                answer.complete(new Outcome.Refused(closed));
                return;
              }
              set(newEpoch);
              begun.run();
              answer.complete(new Outcome.Done("This console drives now, epoch " + newEpoch + "."));
            });
    if (!posted) {
      answer.complete(new Outcome.Refused(closed));
    }
  }

  private void set(long newest) {
    shared.epoch().set(newest);
    shared.planes().driving(newest);
  }

  /// Tells that another console drives since this epoch of ours.
  ///
  /// @param driver who drives now
  void lost(long ours, Driver driver) {
    shared
        .execution()
        .post(() -> {
          if (shared.epoch().now() == ours) {
            deposed(driver);
          }
        });
  }

  /// An activity found that another console drives. Posted.
  void found(long ours) {
    if (shared.epoch().now() == ours && !shared.closing().getAsBoolean()) {
      deposed(new Driver.Elsewhere("This environment was taken over meanwhile."));
    }
  }

  private void deposed(Driver driver) {
    other = driver;
    set(0);
    activities.cancel(driver.sentence());
  }
}
