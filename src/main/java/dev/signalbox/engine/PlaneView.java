package dev.signalbox.engine;

import java.time.Instant;

/// What one plane saw of both stacks.
public sealed interface PlaneView permits ApplicationView, DatabaseView, StrategyView {
  /// Of the plane, unique in its environment: `application`, `database`, `database.orders`.
  String id();

  /// When it was seen. Old data must not be shown as healthy.
  Instant at();
}
