package dev.signalbox.strategy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One cluster as a strategy manager sees it at one moment.
///
/// @param active null when it has to be detected
/// @param pending announced and not applied yet; null when none
/// @param openQueries how many are pinned
/// @param oldest the pinned ones, the oldest first, at most [#LISTED] of them
public record StrategySnapshot(
    ClusterKey key,
    StrategyState state,
    @Nullable Strategy active,
    @Nullable Strategy pending,
    int openQueries,
    List<Pinned> oldest) {
  /// How many pinned queries are listed.
  public static final int LISTED = 20;

  public StrategySnapshot {
    oldest = List.copyOf(oldest);
  }

  /// @param age since its prepare
  public record Pinned(String queryId, Strategy strategy, Duration age) {}
}
