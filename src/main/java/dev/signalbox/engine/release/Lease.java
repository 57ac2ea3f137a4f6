package dev.signalbox.engine.release;

import dev.signalbox.engine.LeaseView;

/// The right to drive an environment, held by one console at a time, with an epoch that rises each
/// time it changes hands. Thread-safe.
public interface Lease {
  /// Who holds it, as far as the databases say; the newest epoch wins.
  LeaseView look();

  /// Takes the lease with a new epoch: when it is free, when it ran out, or when it is ours already
  /// (which makes everything that carries the old epoch void).
  ///
  /// @param force also when another console still renews it
  /// @return the new epoch
  /// @throws HeldException when another console holds it
  long acquire(boolean force);

  /// Shows that we are alive. Raises the epoch in a database that missed it.
  ///
  /// @throws DeposedException when another console has taken the lease
  /// @throws IllegalStateException when no database answers
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
