package dev.signalbox.engine.strategy.client.query;

import dev.signalbox.engine.strategy.client.ErrorClassifier;
import dev.signalbox.engine.strategy.client.QueryEnding;
import dev.signalbox.engine.strategy.client.QueryHandle;
import dev.signalbox.engine.strategy.client.StrategyManager;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends queries on the stack that prepared them, and keeps those that could not be ended so that it
/// can try again. Thread-safe.
final class Cleanup {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final StrategyManager manager;
  private final Sessions sessions;
  private final QueryCalls calls;
  private final Set<Pin> left = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean trying = new AtomicBoolean();
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
      switch (ErrorClassifier.classify(e.getStatus())) {
        // The stack knows nothing of it (any more): there is nothing left to end.
        case WRONG_STRATEGY, SESSION_GONE, BAD_CREDENTIALS, PERMANENT ->
            unpin(pin, QueryEnding.FAILED);
        case SUSPENDED, TRANSIENT, TIMEOUT, CANCELLED -> throw e;
      }
    }
  }

  private void tell(QueryHandle handle, QueryEnding ending) {
    if (ending == QueryEnding.CANCELLED) {
      calls.cancel(handle, LIMIT);
    } else {
      calls.clear(handle, LIMIT);
    }
  }

  void unpin(Pin pin, QueryEnding ending) {
    if (manager.close(pin.handle(), ending)) {
      sessions.release(pin.session());
    }
  }

  /// Ends a query that nobody waits for, in the background.
  void later(Pin pin) {
    left.add(pin);
    if (closed) {
      abandon();
    } else {
      retry();
    }
  }

  /// Tries again what could not be ended, in the background, unless that is under way.
  void retry() {
    if (!left.isEmpty() && trying.compareAndSet(false, true)) {
      Thread.ofVirtual().name("signalbox-clear").start(this::tryAll);
    }
  }

  private void tryAll() {
    try {
      for (Pin pin : List.copyOf(left)) {
        if (!manager.isOpen(pin.handle())) {
          // It got too old: the manager gave it up.
          left.remove(pin);
          continue;
        }
        try {
          end(pin, QueryEnding.FAILED);
          left.remove(pin);
        } catch (StatusRuntimeException e) {
          LOG.debug("{} could not be ended: {}", pin.handle(), e.getStatus().getCode());
        }
      }
    } finally {
      trying.set(false);
    }
  }

  /// Gives up what is left, and what comes later.
  void abandon() {
    closed = true;
    for (Pin pin : List.copyOf(left)) {
      left.remove(pin);
      unpin(pin, QueryEnding.ABANDONED);
    }
  }
}
