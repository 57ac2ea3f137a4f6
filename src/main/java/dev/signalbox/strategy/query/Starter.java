package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClassifier;
import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Route;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prepares and executes queries: redoes what a stack refused, never what it may have executed.
/// Thread-safe.
final class Starter {
  private static final Logger LOG = LoggerFactory.getLogger(Starter.class);

  private final StrategyManager manager;
  private final ConnectionSettings settings;
  private final Sessions sessions;
  private final QueryCalls calls;
  private final Cleanup cleanup;

  Starter(
      StrategyManager manager,
      ConnectionSettings settings,
      Sessions sessions,
      QueryCalls calls,
      Cleanup cleanup) {
    this.manager = manager;
    this.settings = settings;
    this.sessions = sessions;
    this.calls = calls;
    this.cleanup = cleanup;
  }

  /// @return the query, executing, pinned to the stack that prepared it
  Pin start(String sql) {
    // A prepare executes nothing: a second one does no harm.
    Recovery recovery = new Recovery(sessions, manager.config().retryAttempts());
    while (true) {
      Session session = sessions.current();
      Pin pin;
      try {
        pin = pin(session, calls.prepare(route(session), session.id(), settings, sql));
      } catch (StatusRuntimeException e) {
        recovery.after(e, session, "Preparing the query");
        continue;
      }
      try {
        calls.execute(pin.handle(), settings);
        return pin;
      } catch (StatusRuntimeException e) {
        notExecuted(pin, e);
        recovery.after(e, session, "Executing the query");
      }
    }
  }

  private Route route(Session session) {
    return manager.route(settings.cluster(), session.strategy());
  }

  private Route route(Session session, String planner) {
    try {
      return route(session).via(planner);
    } catch (IllegalArgumentException e) {
      // An address that cannot be one: the stack may find the query without it.
      return route(session);
    }
  }

  /// With the strategy that was sent, whatever is active by now.
  private Pin pin(Session session, PrepareStatementResponse prepared) {
    try {
      QueryHandle handle =
          manager.open(
              settings.cluster(),
              session.strategy(),
              session.id(),
              prepared.getQueryId(),
              prepared.getEngineIP());
      session.queries.add(handle);
      return new Pin(handle, session);
    } catch (RuntimeException e) {
      try {
        calls.clear(route(session, prepared.getEngineIP()), session.id(), prepared);
      } catch (StatusRuntimeException also) {
        e.addSuppressed(also);
      }
      // The pin takes the address into a header; nothing else of an answer can be refused there.
      throw e instanceof IllegalArgumentException
          ? new MalformedAnswerException(String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  /// Ends the query that was prepared for nothing.
  ///
  /// @throws AmbiguousExecutionException when it may have been executed
  private void notExecuted(Pin pin, StatusRuntimeException e) {
    LOG.debug("{} was not executed: {}", pin.handle(), e.getStatus().getCode());
    cleanup.later(pin);
    if (ErrorClassifier.notExecuted(e.getStatus())) {
      return;
    }
    switch (ErrorClassifier.classify(e.getStatus())) {
      case TIMEOUT, TRANSIENT, CANCELLED ->
          throw new AmbiguousExecutionException(
              ErrorClassifier.classify(e.getStatus()),
              "the answer to its execution never came, "
                  + ErrorClassifier.sentence(e.getStatus())
                  + ".",
              e);
      case WRONG_STRATEGY, SESSION_GONE, BAD_CREDENTIALS, SUSPENDED, PERMANENT -> {
        // The stack refused it: it did not run.
      }
    }
  }
}
