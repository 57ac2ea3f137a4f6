package dev.signalbox.engine.journal;

import java.time.Instant;
import java.util.Set;

/// One of those whose majority says who drives. Thread-safe. Every method may throw when it is not
/// known what came of it.
interface Voter extends AutoCloseable {
  /// Who it is that drives.
  record Holder(String id, String name, long ttlMillis) {}

  /// What a voter knows.
  ///
  /// @param epoch the highest that it has heard of
  /// @param live whether the holder's claim has not run out
  /// @param closed voters that an operator declared closed when this epoch was taken
  record Ballot(
      long epoch, String holder, String name, Instant expiresAt, boolean live, Set<String> closed) {
    public Ballot {
      closed = Set.copyOf(closed);
    }
  }

  enum Renewal {
    RENEWED,
    /// Another claim of the same epoch is alive here: this vote does not count.
    NOT_COUNTED,
    /// It has heard of a higher epoch that this holder claims himself, or tried to.
    SUPERSEDED,
    /// It has heard of a higher epoch of somebody else.
    DEPOSED
  }

  /// In sentences, such as `blue` or `the entry`.
  String name();

  boolean suspect();

  Ballot look() throws Exception;

  /// @param force also over another holder's claim that is alive
  /// @param closed voters that are declared closed with it
  /// @return whether it was given
  boolean take(Holder holder, long epoch, boolean force, Set<String> closed) throws Exception;

  /// Prolongs the claim; raises the epoch where it was missed.
  Renewal renew(Holder holder, long epoch, Set<String> closed) throws Exception;

  void release(Holder holder, long epoch) throws Exception;

  /// Whether it is a database and not the witness.
  boolean isDatabase();

  /// Whether anything takes connections at its address, though it may not answer.
  boolean takesConnections();

  @Override
  void close();
}
