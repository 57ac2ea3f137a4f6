package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.Plane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final Lease lease;
  private final Recorder recorder;
  private final Conductor conductor;
  private final Upkeep upkeep;
  private final SnapshotAssembler assembler;
  private final List<Consumer<EngineSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final Thread leaseThread;
  private final Thread publisher;
  private volatile boolean closed;
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
    this.lease = lease;
    Execution execution = new LiveExecution();
    this.recorder = new Recorder(journal, name, this::wake);
    this.conductor =
        new Conductor(
            environment, this.planes, recorder, lease, execution, text -> progress = text);
    this.upkeep = new Upkeep(lease, journal, recorder, conductor, execution, role == Role.DRIVE);
    this.assembler = new SnapshotAssembler(environment, this.planes, recorder, conductor);
    this.snapshot = assembler.assemble(upkeep.seen(), "");
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
      EngineSnapshot next = assembler.assemble(upkeep.seen(), progress);
      snapshot = next;
      observers.forEach(observer -> observer.accept(next));
    } catch (RuntimeException e) {
      LOG.error("a snapshot could not be published", e);
    }
  }

  private void keepLease() {
    Duration interval = environment.release().lease().dividedBy(4);
    while (!closed) {
      try {
        upkeep.round();
      } catch (RuntimeException e) {
        LOG.debug("lease upkeep: {}", e.toString());
      }
      LockSupport.parkNanos(interval.toNanos());
    }
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
