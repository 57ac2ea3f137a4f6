package dev.signalbox.engine.release;

import dev.signalbox.engine.Move;
import java.time.Instant;

/// What a step is given for one attempt.
public interface StepContext {
  /// The fencing epoch. Every command that changes anything outside carries it: databases check it
  /// with `signalbox.assert_epoch(epoch)` in the same transaction, routers and applications refuse
  /// one below the highest they have seen.
  long epoch();

  long release();

  Move move();

  /// When the attempt counts as failed.
  Instant deadline();

  /// Says how far it is, for the window; not journalled. At most a few times a second.
  void progress(String text);

  /// Whether the operator typed that writes may be lost, because the database that holds them does
  /// not answer: only then may a move do without the old side.
  boolean lossAcknowledged();

  /// Whether the operator typed that what the new side took may be lost, because it does not
  /// answer: only then may a move be taken back that may have been made.
  default boolean newSideGivenUp() {
    return false;
  }

  /// When the stall budget of the move runs out, or [#deadline] outside a move: a hold of traffic
  /// must end by itself soon after this.
  Instant stallEnds();

  /// @throws DeposedException when this console no longer holds the lease
  /// @throws InterruptedException when the attempt was cancelled
  void check() throws InterruptedException;
}
