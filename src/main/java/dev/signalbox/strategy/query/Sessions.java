package dev.signalbox.strategy.query;

import dev.signalbox.strategy.BadCredentialsException;
import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.ClusterSuspendedException;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyDetectionException;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.StrategyProbe.Answer;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.AuthenticateResponse;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sessions of one connection, one for each stack. Thread-safe: one thread authenticates, those
/// that need the same session wait for it, and nobody else notices.
final class Sessions {
  /// One for what is known, one for what it announces, one for a detection, one for what that
  /// announces. A cluster that still changes its mind is taken at its last word.
  private static final int ROUNDS = 4;

  private final StrategyManager manager;
  private final ClusterKey key;
  private final Credentials credentials;
  private final Stubs stubs;
  private final Resumption resumption;
  private final Duration resumeWithin;
  private final Map<Strategy, Session> sessions = new ConcurrentHashMap<>();
  private final ReentrantLock establishing = new ReentrantLock();

  Sessions(StrategyManager manager, ConnectionSettings settings, Stubs stubs) {
    this.manager = manager;
    this.stubs = stubs;
    key = settings.cluster();
    credentials = settings.credentials();
    resumeWithin = settings.resumeWithin();
    resumption = new Resumption(stubs, manager, settings);
  }

  /// The session for a new query.
  ///
  /// @throws StrategyException when there is none to be had; its message says why
  Session current() {
    Strategy selected = manager.select(key).orElse(null);
    Session session = selected == null ? null : sessions.get(selected);
    return session == null ? establish() : session;
  }

  Optional<Session> any() {
    Strategy selected = manager.peek(key).orElse(null);
    Session session = selected == null ? null : sessions.get(selected);
    return session == null ? sessions.values().stream().findAny() : Optional.of(session);
  }

  /// The stack no longer knows it.
  void gone(Session session) {
    sessions.remove(session.strategy(), session);
  }

  /// A query ended. The session of a stack that is not in use any more is not needed after its last
  /// query ended, or got too old.
  void release(Pin pin) {
    Session its = pin.session();
    its.queries.remove(pin.handle());
    Strategy used = manager.peek(key).orElse(null);
    for (Session session : sessions.values()) {
      // One without queries that is not this one is about to get its first.
      if (used != null
          && session.strategy() != used
          && (session == its || !session.queries.isEmpty())
          && session.queries.stream().noneMatch(manager::isOpen)) {
        gone(session);
      }
    }
  }

  /// Tells a suspended cluster to resume, and waits for it.
  ///
  /// @return false when that is not wanted
  boolean resume() {
    return resumption.run(manager.peek(key).orElse(null));
  }

  private Session establish() {
    lock();
    try {
      boolean resumed = false;
      Session last = null;
      for (int round = 0; round < ROUNDS; round++) {
        try {
          Strategy wanted = manager.peek(key).orElse(null);
          Session session = wanted == null ? detect() : open(wanted);
          if (session != null && manager.peek(key).filter(session.strategy()::equals).isPresent()) {
            return session;
          }
          last = session == null ? last : session;
        } catch (ClusterSuspendedException e) {
          if (resumed || !resume()) {
            throw e;
          }
          resumed = true;
        }
      }
      if (last != null) {
        return last;
      }
      throw new StrategyDetectionException(
          ErrorClass.WRONG_STRATEGY,
          key + " refuses each stack in turn (456). It may be changing over: try again.",
          null);
    } finally {
      establishing.unlock();
    }
  }

  private void lock() {
    try {
      if (!establishing.tryLock(patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new StrategyDetectionException(
            ErrorClass.TIMEOUT, "Another thread did not end its authentication in time.", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StrategyDetectionException(
          ErrorClass.CANCELLED, "Waiting for a session was interrupted.", e);
    }
  }

  /// Whoever has the lock may detect, and wait for the cluster to resume.
  Duration patience() {
    return manager.config().detectionTimeout().multipliedBy(2).plus(resumeWithin);
  }

  private @Nullable Session detect() {
    return sessions.get(manager.detect(key, this::authenticate));
  }

  /// @return null when what is known turned out to be wrong
  private @Nullable Session open(Strategy strategy) {
    Session session = sessions.get(strategy);
    if (session != null) {
      return session;
    }
    Duration limit = manager.config().detectionTimeout();
    return switch (authenticate(strategy, limit)) {
      case Answer.Accepted _ -> {
        manager.connected(key, strategy);
        yield sessions.get(strategy);
      }
      case Answer.Refused(StrategyException failure) -> {
        refused(failure);
        yield null;
      }
    };
  }

  private void refused(StrategyException failure) {
    switch (failure.errorClass()) {
      case WRONG_STRATEGY -> {
        // The manager knows already.
      }
      case SUSPENDED -> throw failure;
      case BAD_CREDENTIALS, CANCELLED -> {
        manager.invalidate(key, InvalidationTrigger.AUTHENTICATION_FAILED);
        throw failure;
      }
      case SESSION_GONE, TRANSIENT, TIMEOUT, PERMANENT ->
          manager.invalidate(key, InvalidationTrigger.AUTHENTICATION_FAILED);
    }
  }

  private Answer authenticate(Strategy strategy, Duration limit) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setUser(credentials.user())
            .setPassword(credentials.password())
            .build();
    try {
      AuthenticateResponse answer =
          stubs
              .engine(manager.route(key, strategy))
              .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
              .authenticate(request);
      if (answer.getSessionId().isEmpty()) {
        return new Answer.Refused(
            new BadCredentialsException(
                key + " does not accept user '" + credentials.user() + "' with this password."));
      }
      sessions.put(strategy, new Session(strategy, answer.getSessionId()));
      return new Answer.Accepted(answer.hasNewStrategy() ? answer.getNewStrategy() : null);
    } catch (StatusRuntimeException e) {
      return new Answer.Refused(Failures.of("Authentication", e));
    }
  }
}
