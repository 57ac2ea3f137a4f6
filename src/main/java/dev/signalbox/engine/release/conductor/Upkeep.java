package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.model.Observed.Driver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps or takes the lease, follows the journal, and lets the conductor look at the clock: one
/// round with each call. One thread calls it, four times in the lease's life span; [#seen] may be
/// asked from any.
final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Lease lease;
  private final Journal journal;
  private final Recorder recorder;
  private final Conductor conductor;
  private final Execution execution;
  private final boolean mayDrive;
  private final AtomicBoolean reconciling = new AtomicBoolean();
  private boolean drove;
  private volatile LeaseView seen = LeaseView.UNKNOWN;

  /// @param execution of the conductor
  /// @param mayDrive whether this console may take the lease when it is free
  Upkeep(
      Lease lease,
      Journal journal,
      Recorder recorder,
      Conductor conductor,
      Execution execution,
      boolean mayDrive) {
    this.lease = lease;
    this.journal = journal;
    this.recorder = recorder;
    this.conductor = conductor;
    this.execution = execution;
    this.mayDrive = mayDrive;
  }

  /// Who drives, as last seen.
  LeaseView seen() {
    return seen;
  }

  /// @throws RuntimeException when something does not answer; the next round tries again
  void round() {
    long epoch = conductor.epoch();
    if (epoch != 0) {
      drove = true;
      drive(epoch);
    } else if (conductor.taking() != 0) {
      keep(conductor.taking());
    } else {
      lookOn();
    }
  }

  /// A journal that takes long to be read must not cost the lease that was taken for it.
  private void keep(long taken) {
    try {
      lease.renew(taken);
    } catch (DeposedException e) {
      // Whoever takes it up finds that out with its first word in the journal.
      LOG.debug("the lease was lost before it was driven under", e);
    }
    seen = others(lease.look());
  }

  /// Whoever waits for this console to drive must not take it for another one.
  private static LeaseView others(LeaseView now) {
    return now.mine() ? now.withoutHolder() : now;
  }

  private void drive(long epoch) {
    try {
      lease.renew(epoch);
      reconcileBeside(epoch);
    } catch (DeposedException e) {
      // Our own newer epoch is no deposition.
      if (conductor.epoch() == epoch) {
        LOG.warn("this console no longer drives: {}", e.getMessage());
        conductor.lost(epoch, whoDrives(others(lease.look())));
      }
    }
    seen = lease.look();
    // First: a journal that cannot be read must not keep anybody from judging the new side's
    // health.
    conductor.tick();
    if (!conductor.busy()) {
      // A database that was away may bring entries that nobody had seen.
      recorder.follow();
    }
  }

  private void lookOn() {
    LeaseView now = lease.look();
    seen = others(now);
    conductor.elsewhere(whoDrives(seen));
    recorder.follow();
    // A console that was deposed looks on until an operator wants it back or the other one is gone.
    if (mayDrive && now.holder().isEmpty()) {
      try {
        long taken = lease.acquire(false);
        journal.reconcile(taken);
        conductor.drives(taken, drove ? " again" : "");
      } catch (Lease.HeldException e) {
        LOG.debug("the lease went to another console", e);
      }
    }
  }

  private Driver whoDrives(LeaseView seen) {
    if (!seen.majority() && !seen.nobodyCan()) {
      return new Driver.Nowhere(
          "It is not known yet who drives this environment: " + seen.silence() + ".");
    } else if (!seen.majority()) {
      return new Driver.Nowhere(
          "Nobody can drive: "
              + seen.silence()
              + ", and the lease needs a majority. Bring back one of those that are silent.");
    } else if (seen.holder().isEmpty()) {
      return new Driver.Nobody(
          mayDrive
              ? "Nobody drives this environment at the moment, and this console is about to; try"
                  + " again in a second."
              : "Nobody drives this environment at the moment, and this console only looks on. A"
                  + " command takes the lease itself.");
    }
    return new Driver.Elsewhere(
        seen.holder()
            + " drives this environment (epoch "
            + seen.epoch()
            + "). This console looks on. Take over by typing the environment's name, or wait until"
            + " the other one is closed.");
  }

  /// Not within the round: copying from or to a database that hangs would cost the lease.
  private void reconcileBeside(long epoch) {
    if (!reconciling.compareAndSet(false, true)) {
      return;
    }
    var _ =
        execution.start(
            "journal",
            () -> {
              try {
                journal.reconcile(epoch);
              } catch (DeposedException e) {
                // Renewing the lease finds out for itself.
                LOG.debug("the journal was not reconciled", e);
              } catch (RuntimeException e) {
                LOG.warn("the journal was not reconciled; tried again: {}", e.toString());
              } finally {
                reconciling.set(false);
              }
            });
  }
}
