package dev.signalbox.engine.release;

import java.io.IOException;
import java.time.Duration;

/// The third voice beside the two databases in who drives: a process of its own that outlives
/// consoles, so that of two consoles that see one database each only one can have the majority. It
/// keeps one claim. Thread-safe; every call ends within a second, and none is repeated by itself.
///
/// All methods throw [IOException] when it is not known what came of them.
public interface Witness extends AutoCloseable {
  /// In sentences, such as `the entry`.
  String name();

  /// @param granted whether the call that this answers was granted; true for a look
  /// @param epoch the highest that it has heard of
  /// @param holder of the claim; empty when there never was one
  /// @param left until the claim runs out; zero when it has
  record Claim(boolean granted, long epoch, String holder, String name, Duration left) {}

  Claim look() throws IOException, InterruptedException;

  /// Claims the lease under a new epoch. Granted when the epoch is above every one that it has
  /// heard of, and nobody else's claim is alive.
  ///
  /// @param force also over a claim that is alive
  Claim claim(long epoch, String holder, String name, Duration ttl, boolean force)
      throws IOException, InterruptedException;

  /// Prolongs a claim, or takes it where this epoch was missed. Granted unless it has heard of a
  /// higher epoch, or another holder's claim of the same epoch is alive.
  Claim renew(long epoch, String holder, String name, Duration ttl)
      throws IOException, InterruptedException;

  /// Ends the claim, when it is still this one.
  void release(long epoch, String holder) throws IOException, InterruptedException;

  /// Whether anything takes connections at its address, though it may not answer.
  boolean takesConnections();

  @Override
  void close();
}
