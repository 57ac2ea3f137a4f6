package dev.signalbox.engine.postgres;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The sessions of one server that nobody uses at the moment, each for [#KEPT] at most: a step asks
/// one short question after the other, and a new session costs the server more than the answer.
/// Whoever takes one finds it as a new one would be. Thread-safe; nobody has to close it.
final class IdleSessions {
  /// Longer than from one question of a step to the next; so short that a setting of the role or
  /// the database, which a session takes over when it begins, is soon there.
  private static final Duration KEPT = Duration.ofSeconds(2);

  /// A role may have few connections.
  private static final int MOST = 3;

  /// The one that was used last comes first. Guarded by this.
  private final Deque<Idle> idle = new ArrayDeque<>();

  /// Guarded by this.
  private boolean watched;

  private record Idle(PostgresSession session, long since) {}

  /// @return one that may have broken since
  synchronized @Nullable PostgresSession take() {
    Idle last = idle.pollFirst();
    return last == null ? null : last.session();
  }

  /// @return false when there are enough
  synchronized boolean keep(PostgresSession session) {
    if (idle.size() >= MOST) {
      return false;
    }
    idle.addFirst(new Idle(session, System.nanoTime()));
    if (!watched) {
      watched = true;
      Thread.ofVirtual().name("idle sessions").start(this::watch);
    }
    return true;
  }

  /// Ends when none is left.
  private void watch() {
    while (dropOld()) {
      LockSupport.parkNanos(KEPT.toNanos() / 4);
    }
  }

  private boolean dropOld() {
    while (true) {
      PostgresSession old;
      synchronized (this) {
        Idle oldest = idle.peekLast();
        if (oldest == null) {
          watched = false;
          return false;
        }
        if (System.nanoTime() - oldest.since() < KEPT.toNanos()) {
          return true;
        }
        idle.removeLast();
        old = oldest.session();
      }
      old.end();
    }
  }
}
