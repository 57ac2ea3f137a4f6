package dev.signalbox.engine.database.move;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the two sides of a move are asked, and whether the move goes on without its old side.
///
/// @param origin the side that the release began on. Only the way there may go without its old
///   side: going the other way, the operator's word is for the new side, that of taking a switch
///   back
record MoveSides(
    DatabasePair pair,
    Barrier barrier,
    PendingCloses pending,
    MoveState state,
    Move move,
    Colour origin) {
  static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofMillis(700);

  /// What is committed now.
  Fence.State now(Colour colour) throws SQLException {
    return pair.look(colour, LOOK, h -> Fence.state(Catalogue.tables(h, pair.schemas())));
  }

  /// What the fence of a side is and stays. What decides whether a move was made, and what may be
  /// opened, asks this: an answer that only says what is committed now is not enough.
  Fence.State settled(Colour colour, StepContext context)
      throws SQLException, InterruptedException {
    return barrier.settled(colour, context, LOOK);
  }

  /// The same while requests wait: a server that hangs takes seconds to be given up by the driver,
  /// so what does not answer within [#SOON] counts as unreachable. The question ends by its own
  /// timeout.
  Fence.State soon(Colour colour, StepContext context) throws SQLException, InterruptedException {
    FutureTask<Fence.State> question = new FutureTask<>(() -> now(colour));
    Thread.ofVirtual().name("look " + colour).start(question);
    try {
      question.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    } catch (TimeoutException e) {
      throw new SQLException(
          colour + " does not answer within " + DurationText.words(SOON) + ".", "08006", e);
    }
    return settled(colour, context);
  }

  boolean switched(StepContext context) throws SQLException, InterruptedException {
    // The old side first: while it is open, nothing was switched, whether the new one answers or
    // not.
    return settled(move.from(), context) == Fence.State.CLOSED
        && settled(move.to(), context) == Fence.State.OPEN;
  }

  /// Only with the operator's word, and only when the old side really did not answer when the move
  /// was announced. After a crash the pending close on the new side tells, also whether that word
  /// was given: it may be in a journal that was not read yet.
  ///
  /// @throws SQLException when nobody can tell: a new side that was opened like that may have had
  ///   writes, so the old one is not called live again without having seen it
  boolean withoutOldSide(StepContext context) throws SQLException {
    if (move.to() != origin || context.newSideGivenUp()) {
      return false;
    }
    if (state.alone(move, context.epoch())) {
      return true;
    }
    Cutover now = state.current();
    if (now != null && now.is(move, context.epoch())) {
      return false;
    }
    boolean oldSidePending = oldSidePending(context);
    if (oldSidePending && !context.lossAcknowledged()) {
      throw new SQLException(
          move.to()
              + " was opened without "
              + move.from()
              + ", and the journal that says who wanted that is not read yet. Resume when both"
              + " databases answer.");
    }
    return oldSidePending;
  }

  boolean oldSidePending(StepContext context) throws SQLException {
    try {
      return pending.on(move.to(), context);
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw e;
      }
      throw new SQLException(
          move.to()
              + " does not answer, so nobody knows whether it was opened without "
              + move.from()
              + ". Bring it back, then resume.",
          e);
    }
  }

  boolean gone(Colour colour) throws SQLException {
    try {
      var _ = now(colour);
      return false;
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw e;
      }
      return true;
    }
  }
}
