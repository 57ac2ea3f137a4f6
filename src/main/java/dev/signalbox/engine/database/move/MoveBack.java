package dev.signalbox.engine.database.move;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.barrier.UnsettledException;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;

/// Takes a move back: ends with the old side open and the new one closed, whatever was done of it.
///
/// Two cases cannot wait for a side that does not answer:
///
/// - Its opening was never confirmed, so nobody was sent there: the old side is opened again, and
///   it is written down there that the new one is to be closed (see [PendingCloses]).
/// - The operator acknowledged that its writes are lost: the other side is opened without it, with
///   the same entry.
///
/// In any other case the move holds: closed on both sides is safe, open on both is not.
record MoveBack(MoveSides sides, Sync sync, Runnable compareAnew) {
  void undoFence(StepContext context) throws Exception {
    Cutover now = sides.state().current();
    if (now != null) {
      now.release();
    }
    reopen(context);
  }

  void undoCommit(StepContext context) throws Exception {
    Cutover now = sides.state().current();
    if (now != null && !now.asked()) {
      now.release();
    }
    reopen(context);
  }

  /// Ends with the old side open and the new one closed, whatever was done of the move.
  private void reopen(StepContext context) throws Exception {
    if (sides.withoutOldSide(context)) {
      backToNobody(context);
      if (sides.gone(move().from())) {
        throw new SQLException(
            move().from()
                + " does not answer, so it is not known whether it takes writes, and "
                + move().to()
                + " takes none. Roll back again, or resume when "
                + move().from()
                + " answers.");
      }
    }
    if (sides.settled(move().from(), context) == Fence.State.OPEN) {
      // Never closed, or opened again already; the new side must not be open then.
      closeOrWriteDown(context);
      return;
    }
    Fence.State there;
    try {
      there = sides.soon(move().to(), context);
    } catch (SQLException e) {
      if (!mayLeave(context, e)) {
        throw new SQLException(
            (Unreachable.is(e)
                    ? move().to() + " does not answer and may have taken writes, so "
                    : e.getMessage() + " It could be opened by that, so ")
                + move().from()
                + " stays closed. Bring "
                + move().to()
                + " back, or roll back and accept that its writes are lost.",
            e);
      }
      openWithoutOther(move().from(), context.newSideGivenUp(), context);
      return;
    }
    if (there != Fence.State.CLOSED && there != Fence.State.NO_TABLES) {
      barrier().close(move().to(), context);
      carryBack(context);
    }
    barrier().open(move().from(), context);
  }

  /// Whether the old side may be opened although nobody knows what the new one is or will be: it
  /// was never asked to open, or the operator gave its writes up.
  private boolean mayLeave(StepContext context, SQLException e) {
    Cutover now = sides.state().current();
    boolean neverAsked = now != null && now.is(move(), context.epoch()) && !now.asked();
    return (context.newSideGivenUp() && unknown(e)) || (neverAsked && Unreachable.is(e));
  }

  /// Whether a look failed because the side does not answer, or may still change: not because this
  /// console was deposed.
  private static boolean unknown(SQLException e) {
    return Unreachable.is(e) || e instanceof UnsettledException;
  }

  /// The new side was to be opened without the old one: it is closed, and waits for the old one's
  /// writes again. What it took itself goes to the old one, when that answers.
  private void backToNobody(StepContext context) throws Exception {
    boolean wasOpen = sides.settled(move().to(), context) != Fence.State.CLOSED;
    barrier().close(move().to(), context);
    pair()
        .guarded(
            move().to(),
            context,
            h -> {
              PendingCloses.forget(h);
              sync.rejoin(h, move().from());
            });
    if (wasOpen && !sides.gone(move().from())) {
      carryBack(context);
    }
  }

  private void closeOrWriteDown(StepContext context) throws Exception {
    try {
      if (sides.soon(move().to(), context) != Fence.State.CLOSED) {
        barrier().close(move().to(), context);
      }
    } catch (SQLException e) {
      if (context.newSideGivenUp() && unknown(e)) {
        openWithoutOther(move().from(), true, context);
        return;
      } else if (!Unreachable.is(e)) {
        throw e;
      }
      // It was closed before the move, and only a commit on it could have opened it.
      Cutover now = sides.state().current();
      if (now == null || now.asked()) {
        pending().add(move().to(), context);
      }
    }
  }

  /// The new side was open for a moment and is closed now: what it took goes back first.
  private void carryBack(StepContext context) throws Exception {
    Move back = move().mirrored();
    try (Cutover mirrored = new Cutover(pair(), barrier(), back, context.epoch())) {
      mirrored.catchUp(context);
      mirrored.release();
    }
  }

  /// When the operator gave the other side's writes up, what it still has to send must not come
  /// over the new writes later: the channel from there is switched off in the same transaction. The
  /// rows that did come carry numbers that were drawn there, so the sequences are raised here.
  ///
  /// @param givenUp whether the operator gave the other side's writes up; else it has none
  void openWithoutOther(Colour colour, boolean givenUp, StepContext context) throws Exception {
    if (givenUp) {
      pair()
          .guarded(
              colour,
              context,
              h -> {
                PendingCloses.giveUp(h, colour.other(), context);
                PlaneValues.forget(h, "compared");
                sync.sever(h, colour.other());
              });
      compareAnew.run();
      awaitIdle(colour, context);
      pair()
          .guarded(
              colour,
              context,
              h -> {
                Sequences.raise(h, pair().schemas());
              });
    } else {
      pending().add(colour.other(), context);
    }
    barrier().open(colour, context);
  }

  private void awaitIdle(Colour colour, StepContext context) throws Exception {
    while (pair().look(colour, MoveSides.LOOK, h -> sync.endWork(h, colour.other()))) {
      context.check();
      Thread.sleep(20);
    }
  }

  private DatabasePair pair() {
    return sides.pair();
  }

  private Barrier barrier() {
    return sides.barrier();
  }

  private PendingCloses pending() {
    return sides.pending();
  }

  private Move move() {
    return sides.move();
  }
}
