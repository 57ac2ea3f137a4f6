package dev.signalbox.engine.database.move;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What this process holds of the move under way: its connections, and whether it was begun without
/// its old side. Thread-safe.
public final class MoveState implements AutoCloseable {
  private final DatabasePair pair;
  private final Barrier barrier;
  private final Object lock = new Object();
  private @Nullable Cutover held;
  private volatile @Nullable Alone alone;

  /// A move without its old side: decided once, when it is announced, because asking a server that
  /// hangs takes longer than requests may wait.
  record Alone(Move move, long epoch) {}

  public MoveState(DatabasePair pair, Barrier barrier) {
    this.pair = pair;
    this.barrier = barrier;
  }

  /// A new move begins.
  void begin() {
    close();
    alone = null;
  }

  void goAlone(Move move, long epoch) {
    alone = new Alone(move, epoch);
  }

  boolean alone(Move move, long epoch) {
    return new Alone(move, epoch).equals(alone);
  }

  /// The connections of that move, opened when they are not.
  Cutover cutover(Move move, StepContext context) throws SQLException {
    synchronized (lock) {
      Cutover now = held;
      if (now == null || !now.is(move, context.epoch())) {
        close();
        now = new Cutover(pair, barrier, move, context.epoch());
        held = now;
      }
      return now;
    }
  }

  @Nullable Cutover current() {
    synchronized (lock) {
      return held;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (held != null) {
        held.close();
        held = null;
      }
    }
  }
}
