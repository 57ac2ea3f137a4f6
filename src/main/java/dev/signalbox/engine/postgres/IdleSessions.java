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
  /// Longer than from one question of a step to the next.
  private static final Duration KEPT = Duration.ofSeconds(2);

  /// What a session takes over when it begins (settings of the role, its password, the address of
  /// the server) is there after this time at the latest.
  private static final Duration OLDEST = Duration.ofSeconds(10);

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

  /// @return false when there are enough, or it is too old
  synchronized boolean keep(PostgresSession session) {
    if (idle.size() >= MOST || session.age().compareTo(OLDEST) > 0) {
      return false;
    }
    idle.addFirst(new Idle(session, System.nanoTime()));
    if (!watched) {
      watched = true;
      Thread.ofVirtual().name("idle sessions").start(this::watch);
    }
    return true;
  }

  /// Makes room on the server.
  ///
  /// @return whether there were any
  boolean endAll() {
    boolean any = false;
    for (PostgresSession next = take(); next != null; next = take()) {
      next.end();
      any = true;
    }
    return any;
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
