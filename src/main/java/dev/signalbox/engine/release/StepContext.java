package dev.signalbox.engine.release;

import dev.signalbox.engine.Move;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;

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

  /// Looks every 50 ms until there is no problem any more, and shows the problem as progress.
  ///
  /// @param failure how the sentence begins that says that it took too long, without a full stop
  /// @param problem of what was seen; empty for none
  /// @return what was seen last
  /// @throws IOException with the last problem, when the attempt's time is all but over
  default <T> T await(String failure, Look<T> look, Function<T, String> problem)
      throws IOException, InterruptedException {
    while (true) {
      check();
      T seen = look.look();
      String now = problem.apply(seen);
      if (now.isEmpty()) {
        return seen;
      }
      if (Instant.now().plusMillis(200).isAfter(deadline())) {
        throw new IOException(failure + " in time: " + now + ".");
      }
      progress(now);
      Thread.sleep(50);
    }
  }

  /// One look at something outside.
  interface Look<T> {
    T look() throws IOException, InterruptedException;
  }
}
