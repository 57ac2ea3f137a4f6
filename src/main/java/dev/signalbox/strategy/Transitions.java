package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// The rules by which what is known of a cluster changes. Pure: a storage may repeat them as often
/// as it must.
final class Transitions {
  private Transitions() {}

  /// What a new query uses: the pending strategy, else the active one; null when it has to be
  /// detected. A new query never waits for old ones, or overlapping load would starve the change.
  static @Nullable Strategy selected(StoredStrategy now) {
    return now.pending() == null ? now.active() : now.pending();
  }

  /// A stack announced `to`. The active one announced again takes the pending one back.
  static StoredStrategy announce(StoredStrategy now, Strategy to) {
    Strategy active = now.active();
    if (active == null) {
      return now;
    }
    Strategy pending = to == active ? null : to;
    return pending == now.pending()
        ? now
        : new StoredStrategy(active, pending, now.detectedAt(), now.version());
  }

  /// A safe point: the pending strategy becomes the active one.
  static StoredStrategy apply(StoredStrategy now, long at) {
    return now.pending() == null ? now : new StoredStrategy(now.pending(), null, at, now.version());
  }

  /// `strategy` accepted the client.
  static StoredStrategy detected(StoredStrategy now, Strategy strategy, long at) {
    Strategy pending = now.pending() == strategy ? null : now.pending();
    return new StoredStrategy(strategy, pending, at, now.version());
  }

  static StoredStrategy forget(StoredStrategy now) {
    return new StoredStrategy(null, null, 0, now.version());
  }

  /// A call that carried `sent` was answered with 456.
  ///
  /// The answer counts only for what it was about: a late one for a strategy that others have left
  /// already must not make everybody forget the new one.
  ///
  /// @param sent null when the call went out without a strategy
  static StoredStrategy refused(StoredStrategy now, @Nullable Strategy sent, long at) {
    if (sent == null) {
      return now;
    }
    if (sent == now.pending()) {
      return new StoredStrategy(
          now.active(), null, now.active() == null ? 0 : now.detectedAt(), now.version());
    }
    if (sent != now.active()) {
      return now;
    }
    return now.pending() == null ? forget(now) : apply(now, at);
  }
}
