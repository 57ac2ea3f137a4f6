package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClassifier;
import dev.signalbox.strategy.QueryEnding;
import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.StrategyManager;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends queries on the stack that prepared them, and tries again and again with those that could
/// not be ended, until the manager gives them up for their age or the connection is closed.
/// Thread-safe.
final class Cleanup {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final StrategyManager manager;
  private final Sessions sessions;
  private final QueryCalls calls;
  private final Set<Pin> left = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean trying = new AtomicBoolean();
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean closed;

  Cleanup(StrategyManager manager, Sessions sessions, QueryCalls calls) {
    this.manager = manager;
    this.sessions = sessions;
    this.calls = calls;
  }

  /// Tells the stack and unpins. On failure the query stays pinned.
  ///
  /// @throws StatusRuntimeException when the stack could not be told
  void end(Pin pin, QueryEnding ending) {
    QueryHandle handle = pin.handle();
    try {
      tell(handle, ending);
      unpin(pin, ending);
    } catch (StatusRuntimeException e) {
      if (!nothingToEnd(e.getStatus())) {
        throw e;
      }
      unpin(pin, QueryEnding.FAILED);
    }
  }

  /// Whether the stack knows nothing of the query (any more). An error of a proxy or within the
  /// stack does not say so: the query may hold up the change there.
  private static boolean nothingToEnd(Status status) {
    return switch (ErrorClassifier.classify(status)) {
      case WRONG_STRATEGY, SESSION_GONE -> true;
      case PERMANENT ->
          status.getCode() == Status.Code.NOT_FOUND
              || status.getCode() == Status.Code.INVALID_ARGUMENT;
      case BAD_CREDENTIALS, SUSPENDED, TRANSIENT, TIMEOUT, CANCELLED -> false;
    };
  }

  private void tell(QueryHandle handle, QueryEnding ending) {
    if (ending == QueryEnding.CANCELLED) {
      calls.cancel(handle, LIMIT);
    } else {
      calls.clear(handle, LIMIT);
    }
  }

  void unpin(Pin pin, QueryEnding ending) {
    var _ = manager.close(pin.handle(), ending);
    sessions.release(pin);
  }

  /// Ends a query that nobody waits for, in the background.
  void later(Pin pin) {
    left.add(pin);
    if (closed) {
      abandon();
    } else {
      start();
    }
  }

  /// Tries again what could not be ended, in the background and at once.
  void retry() {
    wake.release();
    start();
  }

  /// Whether something is still tried.
  boolean trying() {
    return trying.get();
  }

  private void start() {
    if (!closed && !left.isEmpty() && trying.compareAndSet(false, true)) {
      Thread.ofVirtual().name("signalbox-clear").start(this::run);
    }
  }

  /// Until nothing is left: an application that does nothing more must not hold up the change.
  private void run() {
    try {
      long pause = FIRST_PAUSE_MILLIS;
      tryAll();
      while (!closed && !left.isEmpty()) {
        var _ = wake.tryAcquire(pause, TimeUnit.MILLISECONDS);
        var _ = wake.drainPermits();
        pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        tryAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      trying.set(false);
    }
    // What came between the last look and the flag found a thread that was about to end.
    start();
  }

  private void tryAll() {
    for (Pin pin : List.copyOf(left)) {
      if (!manager.isOpen(pin.handle())) {
        // It got too old: the manager gave it up.
        left.remove(pin);
        sessions.release(pin);
        continue;
      }
      try {
        end(pin, QueryEnding.FAILED);
        left.remove(pin);
      } catch (StatusRuntimeException e) {
        LOG.debug("{} could not be ended: {}", pin.handle(), e.getStatus().getCode());
      }
    }
  }

  /// Gives up what is left, and what comes later.
  void abandon() {
    closed = true;
    wake.release();
    for (Pin pin : List.copyOf(left)) {
      left.remove(pin);
      unpin(pin, QueryEnding.ABANDONED);
    }
  }
}
