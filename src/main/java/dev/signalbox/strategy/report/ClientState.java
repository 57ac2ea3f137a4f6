package dev.signalbox.strategy.report;

import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategySnapshot;
import dev.signalbox.strategy.StrategyState;
import dev.signalbox.strategy.observe.StrategyMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client tells about itself. Immutable.
///
/// @param sessionId an open session, which proves that the client may report; empty when it has
///   none yet, then nothing is sent
/// @param active null when not known
/// @param pending null when none
/// @param pinned queries, the oldest first; the first 20 are sent
/// @param pinnedCount of all
/// @param transitions applied since the client started, as all counts that follow
/// @param detection mean of the last minute's detections; zero when there was none
/// @param lastError a sentence without secrets; empty when none. 200 characters of it are sent
public record ClientState(
    String sessionId,
    Phase phase,
    @Nullable Strategy active,
    @Nullable Strategy pending,
    List<Pinned> pinned,
    int pinnedCount,
    long transitions,
    long wrongStrategy,
    long calls,
    long failedCalls,
    long cacheHits,
    long cacheMisses,
    Duration detection,
    String lastError) {
  public ClientState {
    pinned = List.copyOf(pinned);
  }

  /// What a manager and the metrics that observe it say of one cluster.
  public static ClientState of(
      String sessionId, StrategySnapshot strategy, StrategyMetrics.Snapshot metrics) {
    return new ClientState(
        sessionId,
        Phase.of(strategy.state()),
        strategy.active(),
        strategy.pending(),
        strategy.oldest().stream()
            .map(p -> new Pinned(p.queryId(), p.strategy(), p.age()))
            .toList(),
        strategy.openQueries(),
        metrics.transition().count(),
        metrics.wrongStrategy(),
        metrics.call().count(),
        metrics.errors().values().stream().mapToLong(Long::longValue).sum(),
        metrics.cacheHits(),
        metrics.cacheMisses(),
        metrics.recent().detectionMean(),
        strategy.state() instanceof StrategyState.Failed(String reason) ? reason : "");
  }

  /// Where the client stands in the documents' state machine.
  public enum Phase {
    NO_STRATEGY,
    DETECTING,
    BLUE,
    GREEN,
    TRANSITIONING,
    ERROR;

    static Phase of(StrategyState state) {
      return switch (state) {
        case StrategyState.NoStrategy _ -> NO_STRATEGY;
        case StrategyState.Detecting _ -> DETECTING;
        case StrategyState.Blue _ -> BLUE;
        case StrategyState.Green _ -> GREEN;
        case StrategyState.Transitioning _ -> TRANSITIONING;
        case StrategyState.Failed _ -> ERROR;
      };
    }

    String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// A query that stays on a stack.
  ///
  /// @param age since its prepare
  public record Pinned(String queryId, Strategy strategy, Duration age) {}

  /// Without the session, which is as good as a password while it is open.
  @Override
  public String toString() {
    return "ClientState[%s, active %s, pending %s, %d pinned]"
        .formatted(phase.wire(), active, pending, pinnedCount);
  }
}
