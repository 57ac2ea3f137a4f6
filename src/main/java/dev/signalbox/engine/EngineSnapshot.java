package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a screen shows, at one moment. Immutable.
///
/// @param version rises with each snapshot of this engine
/// @param live where traffic and writes are, when router and databases agree; null otherwise
/// @param cutOverLocked why the lever is locked; empty when it may be pulled
/// @param strategy null when the environment has no query cluster
/// @param stallBudget after which a cutover is undone by itself
/// @param predictedStall from the last moves or the measured lag; null when there is no ground
/// @param history one sample a second, the oldest first, at most ten minutes
/// @param lastEvent sequence of the newest event, 0 when none
/// @param pollInterval how often planes look; data older than three of these is stale
public record EngineSnapshot(
    long version,
    Instant at,
    String environment,
    @Nullable Colour live,
    LeaseView lease,
    @Nullable ReleaseView release,
    @Nullable ApplicationView application,
    @Nullable DatabaseView database,
    @Nullable StrategyView strategy,
    List<GateView> gates,
    String cutOverLocked,
    Duration stallBudget,
    @Nullable Duration predictedStall,
    WayBack wayBack,
    List<Sample> history,
    long lastEvent,
    Duration pollInterval) {
  /// One second of history.
  ///
  /// @param mark a word for the curve, for example `cut over`; empty for most
  public record Sample(
      Instant at,
      double forwardLagMillis,
      long forwardLagBytes,
      double reverseLagMillis,
      long reverseLagBytes,
      double blueRequests,
      double greenRequests,
      double errorShare,
      String mark) {}
}
