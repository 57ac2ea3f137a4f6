package dev.signalbox.engine.release;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.Environment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine of one environment: drives it while it holds the lease, looks on otherwise.
///
/// Two threads of its own beside the conductor's: one keeps the lease and follows the journal, one
/// publishes snapshots. Neither waits for the other.
public final class ReleaseEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseEngine.class);
  private static final Duration PUBLISH = Duration.ofMillis(200);

  /// Whether this console may take the lease when it is free.
  public enum Role {
    DRIVE,
    LOOK_ON
  }

  private final Environment environment;
  private final Planes planes;
  private final Journal journal;
  private final Lease lease;
  private final Role role;
  private final Recorder recorder;
  private final Conductor conductor;
  private final SnapshotAssembler assembler;
  private final List<Consumer<EngineSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final Thread leaseThread;
  private final Thread publisher;
  private final AtomicBoolean reconciling = new AtomicBoolean();
  private volatile boolean closed;
  private volatile LeaseView leaseView = new LeaseView(false, "", 0, null);
  private volatile String progress = "";
  private volatile EngineSnapshot snapshot;

  /// Begins to look at once; connects in the background.
  ///
  /// @param name of this console, for people: user, host and process
  public ReleaseEngine(
      Environment environment,
      List<Plane> planes,
      Journal journal,
      Lease lease,
      String name,
      Role role) {
    this.environment = environment;
    this.planes = new Planes(planes);
    this.journal = journal;
    this.lease = lease;
    this.role = role;
    this.recorder = new Recorder(journal, name, this::wake);
    this.conductor =
        new Conductor(
            environment,
            this.planes,
            recorder,
            lease,
            new LiveExecution(),
            text -> progress = text);
    this.assembler = new SnapshotAssembler(environment, this.planes, recorder, conductor);
    this.snapshot = assembler.assemble(leaseView, "");
    this.publisher =
        Thread.ofPlatform().name("signalbox-snapshots").daemon().unstarted(this::publish);
    this.leaseThread =
        Thread.ofPlatform().name("signalbox-lease").daemon().unstarted(this::keepLease);
  }

  /// Starts planes and threads.
  public ReleaseEngine start() {
    planes.all().forEach(Plane::start);
    publisher.start();
    leaseThread.start();
    return this;
  }

  @Override
  public EngineSnapshot snapshot() {
    return snapshot;
  }

  /// Under the publisher's lock, so that an observer hears no older state after a newer one.
  @Override
  public synchronized Subscription observe(Consumer<EngineSnapshot> observer) {
    observers.add(observer);
    observer.accept(snapshot);
    return () -> observers.remove(observer);
  }

  @Override
  public List<EngineEvent> events(long after, int limit) {
    return recorder.events(after, limit);
  }

  /// Whoever hears the outcome sees its effect in [#snapshot] already.
  @Override
  public CompletionStage<Outcome> submit(Command command) {
    return conductor
        .submit(command)
        .thenApply(outcome -> {
          publishOnce();
          return outcome;
        });
  }

  private void wake() {
    LockSupport.unpark(publisher);
  }

  private void publish() {
    while (!closed) {
      publishOnce();
      LockSupport.parkNanos(PUBLISH.toNanos());
    }
  }

  /// One at a time, so that no observer sees an older state after a newer one.
  private synchronized void publishOnce() {
    try {
      EngineSnapshot next = assembler.assemble(leaseView, progress);
      snapshot = next;
      observers.forEach(observer -> observer.accept(next));
    } catch (RuntimeException e) {
      LOG.error("a snapshot could not be published", e);
    }
  }

  /// Renews or takes the lease four times in its life span, follows the journal, and lets the
  /// conductor look at the clock.
  private void keepLease() {
    Duration interval = environment.release().lease().dividedBy(4);
    boolean drove = false;
    while (!closed) {
      try {
        drove = upkeep(drove);
      } catch (RuntimeException e) {
        LOG.debug("lease upkeep: {}", e.toString());
      }
      LockSupport.parkNanos(interval.toNanos());
    }
  }

  private boolean upkeep(boolean drove) {
    long epoch = conductor.epoch();
    if (epoch != 0) {
      try {
        lease.renew(epoch);
        reconcileBeside(epoch);
      } catch (DeposedException e) {
        // Our own newer epoch is no deposition.
        if (conductor.epoch() == epoch) {
          LOG.warn("this console no longer drives: {}", e.getMessage());
          conductor.lost(epoch, whoDrives(lease.look()));
        }
      }
      leaseView = lease.look();
      // First: a journal that cannot be read must not keep anybody from judging the new side's
      // health.
      conductor.tick();
      if (!conductor.busy()) {
        // A database that was away may bring entries that nobody had seen.
        recorder.follow();
      }
      return true;
    }
    LeaseView seen = lease.look();
    leaseView = seen;
    conductor.elsewhere(whoDrives(seen));
    recorder.follow();
    // A console that was deposed looks on until an operator wants it back or the other one is gone.
    if (role == Role.DRIVE && seen.holder().isEmpty()) {
      try {
        long taken = lease.acquire(false);
        journal.reconcile(taken);
        conductor.drives(taken, drove ? " again" : "");
      } catch (Lease.HeldException e) {
        LOG.debug("the lease went to another console", e);
      }
    }
    return drove;
  }

  private static String whoDrives(LeaseView seen) {
    if (!seen.majority()) {
      return "Nobody can drive: "
          + seen.silence()
          + ", and the lease needs a majority. Bring back one of those that are silent.";
    }
    return seen.holder().isEmpty()
        ? "Nobody drives this environment at the moment; try again in a second."
        : seen.holder()
            + " drives this environment (epoch "
            + seen.epoch()
            + "). This console looks on. Take over by typing the environment's name, or wait until"
            + " the other one is closed.";
  }

  /// Not on the lease's thread: copying from or to a database that hangs would cost the lease.
  private void reconcileBeside(long epoch) {
    if (!reconciling.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("signalbox journal")
        .start(() -> {
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

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    long epoch = conductor.epoch();
    conductor.close();
    wake();
    LockSupport.unpark(leaseThread);
    try {
      publisher.join(Duration.ofSeconds(2));
      leaseThread.join(Duration.ofSeconds(4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (epoch != 0) {
      try {
        lease.release(epoch);
      } catch (RuntimeException e) {
        LOG.warn("the lease was not given back; it runs out by itself", e);
      }
    }
    planes.all().forEach(Plane::close);
  }
}
