package dev.signalbox.entry;

import dev.signalbox.entry.ClaimFile.Stored;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import tools.jackson.databind.node.ObjectNode;

/// The claim of the lease that the entry keeps as the third voice beside the databases. Confined to
/// the event loop.
final class LeaseClaim {
  private final LongSupplier obeyed;
  private Stored claim;
  private long expiresAt;

  /// @param stored what was kept; counts as alive from now on for as long as one renewal is good
  /// @param obeyed the highest epoch that the entry has obeyed
  LeaseClaim(Stored stored, LongSupplier obeyed) {
    this.claim = stored;
    this.obeyed = obeyed;
    this.expiresAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(stored.ttlMillis());
  }

  Stored claim() {
    return claim;
  }

  private long highest() {
    return Math.max(claim.epoch(), obeyed.getAsLong());
  }

  private boolean alive() {
    return expiresAt - System.nanoTime() > 0;
  }

  private boolean freeFor(Stored wanted) {
    return !alive() || claim.holder().equals(wanted.holder());
  }

  boolean mayClaim(Stored wanted, boolean force) {
    return wanted.epoch() > highest() && (force || freeFor(wanted));
  }

  /// Whether it is the claim that is kept, or may take its place without a vote being lost: only
  /// who has the majority renews, so its epoch is the one that counts.
  boolean mayRenew(Stored wanted) {
    return wanted.epoch() >= highest() && (wanted.epoch() > claim.epoch() || freeFor(wanted));
  }

  void keep(Stored wanted) {
    claim = wanted;
    expiresAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wanted.ttlMillis());
  }

  /// @return whether it was this one
  boolean release(long epoch, String holder) {
    boolean ours = claim.epoch() == epoch && claim.holder().equals(holder);
    if (ours) {
      claim = new Stored(epoch, holder, claim.name(), 0);
      expiresAt = System.nanoTime();
    }
    return ours;
  }

  ObjectNode answer(boolean granted) {
    long left = TimeUnit.NANOSECONDS.toMillis(expiresAt - System.nanoTime());
    return Answers.JSON
        .createObjectNode()
        .put("granted", granted)
        .put("epoch", highest())
        .put("holder", claim.holder())
        .put("name", claim.name())
        .put("leftMillis", Math.max(0, left));
  }
}
