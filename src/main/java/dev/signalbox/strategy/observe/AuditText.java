package dev.signalbox.strategy.observe;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StrategyEvent;
import java.time.Instant;
import java.util.Optional;

/// What each event becomes in the audit. No state.
final class AuditText {
  private AuditText() {}

  /// @param text one line
  record Line(AuditKind kind, String text) {}

  /// @return empty for what is only counted, or not audited
  static Optional<Line> of(Instant at, ClusterKey key, StrategyEvent event) {
    return Optional.ofNullable(
        switch (event) {
          case StrategyEvent.Detected e ->
              change(
                  line(at, key, "detected")
                      .put("strategy", e.strategy().wire())
                      .millis("took_ms", e.took()));
          case StrategyEvent.DetectionFailed e ->
              error(
                  line(at, key, "detection_failed")
                      .put("reason", e.reason())
                      .millis("took_ms", e.took()));
          case StrategyEvent.Announced e ->
              change(
                  line(at, key, "announced").put("from", e.from().wire()).put("to", e.to().wire()));
          case StrategyEvent.AnnouncementWithdrawn e ->
              change(
                  line(at, key, "announcement_withdrawn")
                      .put("active", e.active().wire())
                      .put("pending", e.pending().wire()));
          case StrategyEvent.Applied e ->
              change(
                  line(at, key, "applied")
                      .put("from", e.from().wire())
                      .put("to", e.to().wire())
                      .millis("pending_ms", e.pendingFor())
                      .put("safe_point", e.safePoint().name()));
          case StrategyEvent.WrongStrategy e ->
              error(
                  line(at, key, "wrong_strategy")
                      .put("sent", e.sent() == null ? "" : e.sent().wire())
                      .put("method", e.method()));
          case StrategyEvent.UnknownAnnounced e ->
              error(line(at, key, "unknown_announced").put("value", e.value()));
          case StrategyEvent.Invalidated e ->
              change(line(at, key, "invalidated").put("trigger", e.trigger().name()));
          case StrategyEvent.Corrected e ->
              change(line(at, key, "corrected").put("what", e.what()));
          case StrategyEvent.QueryClosed e ->
              new Line(
                  AuditKind.PERFORMANCE,
                  line(at, key, "query")
                      .put("query", e.queryId())
                      .put("strategy", e.strategy().wire())
                      .millis("open_ms", e.open())
                      .put("ending", e.ending())
                      .end());
          case StrategyEvent.CallEnded e ->
              e.failure() == null
                  ? null
                  : error(
                      line(at, key, "call_failed")
                          .put("method", e.method())
                          .put("class", e.failure().name())
                          .millis("took_ms", e.took()));
          case StrategyEvent.LookedUp _ -> null;
          case StrategyEvent.QueryOpened _ -> null;
        });
  }

  private static JsonLine line(Instant at, ClusterKey key, String event) {
    return new JsonLine()
        .put("at", at.toString())
        .put("event", event)
        .put("target", key.target())
        .put("cluster", key.cluster());
  }

  private static Line change(JsonLine line) {
    return new Line(AuditKind.CHANGES, line.end());
  }

  private static Line error(JsonLine line) {
    return new Line(AuditKind.ERRORS, line.end());
  }
}
