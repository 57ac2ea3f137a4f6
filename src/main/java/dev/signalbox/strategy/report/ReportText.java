package dev.signalbox.strategy.report;

import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.PinnedQuery;
import org.jspecify.annotations.Nullable;

/// Makes a report of a state, within the bounds of the protocol. No state.
final class ReportText {
  private static final int MAX_NAME = 100;
  private static final int MAX_ERROR = 200;
  private static final int MAX_PINNED = 20;

  private ReportText() {}

  static ClientReport of(String clientId, String name, ClientState state) {
    ClientReport.Builder report =
        ClientReport.newBuilder()
            .setClientId(clientId)
            .setSessionId(state.sessionId())
            .setName(shortened(name, MAX_NAME))
            .setState(state.phase().wire())
            .setActive(wire(state.active()))
            .setPending(wire(state.pending()))
            .setPinnedTotal(state.pinnedCount())
            .setTransitions(state.transitions())
            .setWrongStrategy(state.wrongStrategy())
            .setCalls(state.calls())
            .setFailedCalls(state.failedCalls())
            .setCacheHits(state.cacheHits())
            .setCacheMisses(state.cacheMisses())
            .setLastError(shortened(state.lastError(), MAX_ERROR))
            .setDetectionMillis(state.detection().toNanos() / 1e6);
    for (ClientState.Pinned pinned : state.pinned().stream().limit(MAX_PINNED).toList()) {
      report.addPinned(
          PinnedQuery.newBuilder()
              .setQueryId(pinned.queryId())
              .setStrategy(pinned.strategy().wire())
              .setAgeMillis(pinned.age().toMillis()));
    }
    return report.build();
  }

  private static String wire(@Nullable Strategy strategy) {
    return strategy == null ? "" : strategy.wire();
  }

  /// Never cuts a pair of surrogates: half of one is no valid text on the wire.
  private static String shortened(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
