package dev.signalbox.engine.strategy.client.storage;

import dev.signalbox.engine.strategy.client.StrategyStorage;

/// A storage that says cheaply whether anything changed, so that a thread may keep what it read.
sealed interface Watched extends StrategyStorage permits ProcessStorage, FileStrategyStorage {
  /// What was read is looked at again after this: the bound on how stale it may be.
  long LOOK_NANOS = 50_000_000;

  /// Changes with every change that a reader of this process would see. A volatile read.
  long epoch();

  /// The reading of [System#nanoTime] until which what was read counts while the epoch stays.
  long freshUntil();
}
