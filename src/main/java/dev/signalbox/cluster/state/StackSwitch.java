package dev.signalbox.cluster.state;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides which stack takes new queries, and changes that by command. Thread-safe.
///
/// What begins a query goes through [#admit] and shares a lock; a command holds the lock alone. So
/// a query either counts as open when a stack is made live, or sees the new state.
///
/// A command is durable before anybody sees it. It carries the fencing epoch of its console; one
/// below the highest seen is refused as `deposed`.
public final class StackSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(StackSwitch.class);

  private final StateFile file;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile ClusterState state;

  /// The stack whose queries were ended by force: it answers nothing until it is announced again.
  /// Sessions do not survive a restart, so this need not either.
  private volatile @Nullable Strategy closed;

  /// @throws IOException when the state cannot be read, or not be written for the first time
  public StackSwitch(StateFile file, Strategy initial) throws IOException {
    this.file = file;
    ClusterState read = file.read().orElse(null);
    if (read == null) {
      read = ClusterState.initial(initial);
      file.write(read);
    }
    this.state = read;
  }

  public ClusterState state() {
    return state;
  }

  /// Whether calls on queries that are open may go on.
  public boolean closed(Strategy strategy) {
    return strategy == closed;
  }

  /// @throws io.grpc.StatusRuntimeException `status: 456` or `status: 503`, when a new session or
  ///   query is not wanted there
  public void check(Strategy strategy) {
    ClusterState now = state;
    if (!now.accepts(strategy)) {
      throw CallFailures.wrongStrategy();
    }
    if (now.suspended()) {
      throw CallFailures.suspended();
    }
  }

  /// Runs what begins a query; it must be quick.
  ///
  /// @throws io.grpc.StatusRuntimeException as [#check]
  public <T> T admit(Strategy strategy, Supplier<T> begin) {
    lock.readLock().lock();
    try {
      check(strategy);
      return begin.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Announcing the live one takes an announcement back.
  public void announce(long epoch, Strategy strategy) {
    command(
        epoch,
        now -> changed(now, now.live(), strategy == now.live() ? null : strategy),
        () -> {
          if (strategy == closed) {
            closed = null;
          }
        });
  }

  /// What happens to the queries that are open on the other stack when a stack is made live.
  public enum OpenQueries {
    /// The command is refused while there are any.
    REFUSE,
    /// They go on to their end.
    LET_END,
    /// They are to be ended by the caller, and the other stack answers nothing any more. Also makes
    /// a stack live that was not announced.
    FORCE
  }

  /// Nothing happens when the stack is live and no other is announced.
  ///
  /// @param open counts the open queries of a stack
  public void makeLive(
      long epoch, Strategy strategy, OpenQueries others, ToIntFunction<Strategy> open) {
    command(
        epoch,
        now -> {
          boolean done = strategy == now.live() && now.announced() == null;
          if (!done && others != OpenQueries.FORCE) {
            int queries = others == OpenQueries.REFUSE ? open.applyAsInt(strategy.other()) : 0;
            refuseEarly(now, strategy, queries);
          }
          return changed(now, strategy, null);
        },
        () -> {
          if (others == OpenQueries.FORCE) {
            closed = strategy.other();
          } else if (strategy == closed) {
            closed = null;
          }
        });
  }

  private static void refuseEarly(ClusterState now, Strategy strategy, int queries) {
    if (strategy != now.announced()) {
      throw refused(strategy + " is not announced. Announce it first.");
    }
    if (queries > 0) {
      throw refused(
          strategy.other()
              + " has "
              + queries
              + (queries == 1 ? " open query." : " open queries.")
              + " Wait until they end, let them end, or force it.");
    }
  }

  public void suspend(long epoch, boolean suspended) {
    command(epoch, now -> suspended(now, suspended), () -> {});
  }

  /// Suspends or resumes for a user of the wire protocol, which knows no epochs.
  public void suspend(boolean suspended) {
    lock.writeLock().lock();
    try {
      write(suspended(state, suspended));
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Only raises the epoch, or refuses a deposed console.
  public void fence(long epoch) {
    command(epoch, now -> now, () -> {});
  }

  private static ClusterState suspended(ClusterState now, boolean suspended) {
    return new ClusterState(now.live(), now.announced(), suspended, now.epoch(), now.changedAt());
  }

  private static ClusterState changed(
      ClusterState now, Strategy live, @Nullable Strategy announced) {
    return live == now.live() && announced == now.announced()
        ? now
        : new ClusterState(
            live, announced, now.suspended(), now.epoch(), System.currentTimeMillis());
  }

  /// @param published runs before anybody else sees the new state
  private void command(long epoch, UnaryOperator<ClusterState> change, Runnable published) {
    lock.writeLock().lock();
    try {
      ClusterState before = state;
      if (epoch < before.epoch()) {
        throw refused(
            "deposed: a console with epoch "
                + before.epoch()
                + " commands this cluster, yours is "
                + epoch
                + ".");
      }
      ClusterState after = change.apply(before);
      write(
          new ClusterState(
              after.live(), after.announced(), after.suspended(), epoch, after.changedAt()));
      published.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void write(ClusterState after) {
    if (after.equals(state)) {
      return;
    }
    try {
      file.write(after);
    } catch (IOException e) {
      LOG.error("The state could not be written", e);
      throw CallFailures.of(
          Status.Code.INTERNAL,
          "The cluster could not write its state file; nothing was changed: " + e.getMessage());
    }
    LOG.info("Live is {}, announced {}, epoch {}", after.live(), after.announced(), after.epoch());
    state = after;
  }

  private static StatusRuntimeException refused(String sentence) {
    return CallFailures.of(Status.Code.FAILED_PRECONDITION, sentence);
  }
}
