package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.timing.Retry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one activity acts with: planes, journal, clock, and the epoch that everything carries which
/// it changes. Used by the activity's task, but for [#cancel] and [#routed].
///
/// A step that was given up and may still act does so under the epoch that it was started with. No
/// other attempt begins under that epoch: a new one is taken first, which every database and router
/// then asks for.
final class ActivityContext {
  private static final Logger LOG = LoggerFactory.getLogger(ActivityContext.class);

  /// What all activities of a console share.
  ///
  /// @param closing whether this console is being closed
  /// @param progress told how far a step is; must return at once
  /// @param stallBudget after which a move that was not made is undone
  record Shared(
      Planes planes,
      Recorder recorder,
      Lease lease,
      Execution execution,
      DrivingEpoch epoch,
      BooleanSupplier closing,
      Consumer<String> progress,
      Duration stallBudget) {}

  private static final int READS = 4;

  /// An epoch that was never given out.
  private static final long LEFT = -1;

  private final Shared shared;
  private final AtomicLong epoch;
  private volatile boolean routed;
  private volatile @Nullable String cancelled;

  ActivityContext(Shared shared, long epoch) {
    this.shared = shared;
    this.epoch = new AtomicLong(epoch);
  }

  long epoch() {
    return epoch.get();
  }

  ReleaseState state() {
    return shared.recorder().state();
  }

  Planes planes() {
    return shared.planes();
  }

  Execution execution() {
    return shared.execution();
  }

  Duration stallBudget() {
    return shared.stallBudget();
  }

  boolean closing() {
    return shared.closing().getAsBoolean();
  }

  /// For steps outside moves: with pauses that grow.
  Retry thrice() {
    return new Retry(3, n -> Duration.ofMillis(250L * n), execution()::sleep);
  }

  void progress(String text) {
    shared.progress().accept(text);
  }

  /// Whether traffic has moved: from then on the new side's health is judged.
  boolean routed() {
    return routed;
  }

  void routed(boolean now) {
    routed = now;
  }

  /// Leaves its activity behind: nothing that it does from now on is accepted anywhere.
  void leave() {
    epoch.set(LEFT);
  }

  /// Says why it is about to be interrupted.
  void cancel(String reason) {
    cancelled = reason;
  }

  boolean wasCancelled() {
    return cancelled != null;
  }

  /// Why it was cancelled.
  String cancelReason() {
    String reason = cancelled;
    return reason == null ? "It was cancelled." : reason;
  }

  List<Step> steps(Phase phase, Move move) {
    return planes().steps(phase, move, state().info());
  }

  /// Reads what the journals of both databases say. An entry of the driver before us may be in one
  /// of them only: whoever acts without knowing it does again what was done, or does what the
  /// journal does not bear out when that entry is read later.
  ///
  /// @throws Journal.JournalException when one of them could not be read
  void readBothJournals() throws InterruptedException {
    List<String> unread = readJournals();
    if (!unread.isEmpty()) {
      throw new Journal.JournalException(
          "The journal on "
              + String.join(" and ", unread)
              + " cannot be read, so nothing is begun. See that it answers and takes connections,"
              + " then try again.",
          new IOException("no answer"));
    }
  }

  /// Reads what the journals of both databases say.
  ///
  /// @return those that could not be read in several attempts
  List<String> readJournals() throws InterruptedException {
    List<String> unread = shared.recorder().follow();
    for (int attempt = 1; !unread.isEmpty() && attempt < READS; attempt++) {
      // One that did not answer is asked again only after a while.
      execution().sleep(Duration.ofMillis(400));
      unread = shared.recorder().follow();
    }
    return unread;
  }

  Recorder.Batch batch() {
    return shared.recorder().batch(epoch());
  }

  void write(EventPayload payload, Phase phase, String step, String text) {
    batch().add(payload, phase, step, text).write();
  }

  /// Writes what an operator asked for into the audit.
  void order(Ordered order, String text) {
    write(order, state().phase(), "", text);
  }

  private boolean valid() {
    return shared.epoch().now() == epoch();
  }

  /// @throws DeposedException when this console no longer drives
  /// @throws InterruptedException when the activity was cancelled
  void check() throws InterruptedException {
    if (execution().interrupted()) {
      throw new InterruptedException(cancelReason());
    }
    if (!valid()) {
      throw new DeposedException("This console no longer drives; the step was left where it was.");
    }
  }

  Attempt attempt(Move move, Duration limit) {
    return attempt(move, limit, limit, false, false);
  }

  /// @param stall how much of the stall budget is left
  Attempt attempt(
      Move move, Duration limit, Duration stall, boolean lossAcknowledged, boolean newSideGivenUp) {
    supersedeIfNeeded();
    Instant now = execution().now();
    return new Attempt(
        epoch(),
        state().number(),
        move,
        now.plus(limit),
        now.plus(stall),
        lossAcknowledged,
        newSideGivenUp,
        this::valid,
        shared.progress());
  }

  /// Calls a step, or looks at one.
  <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
    try {
      return execution().within(limit, what, work);
    } catch (Exception e) {
      // Whoever was left behind acts under an epoch that has been left behind as well.
      if (Execution.StillRunning.in(e) && valid()) {
        shared.epoch().stillRunning(true);
      }
      throw e;
    }
  }

  /// Tells that something was sent whose answer was lost: before anything else is asked or done, a
  /// new epoch ends whatever still works at it.
  void answerLost() {
    shared.epoch().stillRunning(true);
  }

  /// Takes a new epoch when a call may still act under ours.
  ///
  /// @throws DeposedException when another console drives
  private void supersedeIfNeeded() {
    if (!shared.epoch().stillRunning()) {
      return;
    }
    long ours = epoch();
    if (!valid()) {
      throw new DeposedException("This console no longer drives; the step was left where it was.");
    }
    long taken;
    try {
      taken = shared.lease().acquire(false);
    } catch (Lease.HeldException e) {
      throw new DeposedException(Sentences.of(e), e);
    }
    // Not when it was left behind while it waited for the lease: it stays behind.
    if (!epoch.compareAndSet(ours, taken) || !shared.epoch().advance(ours, taken)) {
      throw new DeposedException("This console no longer drives.");
    }
    shared.epoch().stillRunning(false);
    planes().driving(taken);
    try {
      batch()
          .add(
              Plain.LEASE_TAKEN,
              state().phase(),
              "",
              "What still hangs is left behind: the epoch is " + taken + " now.")
          .write();
    } catch (Journal.JournalException e) {
      // The databases know the epoch; the journal tells only when it was taken.
      LOG.warn("the new epoch {} is not in the journal", taken, e);
    }
  }
}
