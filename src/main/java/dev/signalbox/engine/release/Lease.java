package dev.signalbox.engine.release;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.LeaseView;

/// The right to drive an environment, held by one console at a time, with an epoch that rises each
/// time it changes hands. The majority of its voters gives it: both databases, and the witness of
/// an environment that has one. Thread-safe.
public interface Lease {
  /// What an operator types to drive without the voters that do not answer.
  String OTHER_SIDE_CLOSED = Command.TakeOver.OTHER_SIDE_CLOSED;

  /// Who holds it, as far as the voters say, and which of them did not answer; the newest epoch
  /// wins. Changes nothing.
  LeaseView look();

  /// Takes the lease with a new epoch: when it is free, when it ran out, or when it is ours already
  /// (which makes everything that carries the old epoch void).
  ///
  /// @param force also when another console still renews it
  /// @return the new epoch
  /// @throws HeldException when another console holds it
  /// @throws IllegalStateException with a sentence that names the voters that did not answer, when
  ///   there is no majority
  long acquire(boolean force);

  /// Takes the lease without the voters that do not answer, which count as closed until they answer
  /// again. At least one database must answer. Two consoles that do this at a time both drive: only
  /// for an operator who has closed the other side.
  ///
  /// @param words [#OTHER_SIDE_CLOSED], typed by an operator
  /// @throws IllegalStateException with a sentence, when the words are others, or something still
  ///   takes connections at the address of a voter that does not answer
  long acquireAlone(String words);

  /// Shows that we are alive. Raises the epoch in a database that missed it.
  ///
  /// @throws DeposedException when another console has taken the lease, or it ran out because the
  ///   majority did not answer: this console must stop to drive
  /// @throws IllegalStateException when the majority does not answer and it has not run out yet
  void renew(long epoch);

  /// Gives it back, when it is still ours.
  void release(long epoch);

  /// Somebody else drives.
  final class HeldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HeldException(String message) {
      super(message);
    }
  }
}
