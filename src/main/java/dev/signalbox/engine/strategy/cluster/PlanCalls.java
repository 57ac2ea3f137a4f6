package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.client.wire.DryRunRequest;
import dev.signalbox.engine.strategy.client.wire.DryRunResponse;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeResponse;
import dev.signalbox.engine.strategy.client.wire.ExplainRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainResponse;
import dev.signalbox.engine.strategy.cluster.query.QueryEngine;
import dev.signalbox.engine.strategy.cluster.session.Query;
import dev.signalbox.engine.strategy.cluster.session.Session;
import java.util.Map;
import java.util.Objects;

/// The calls that ask how a statement would be run, or was. Thread-safe.
final class PlanCalls {
  private static final int MOST_LINES = 10_000;

  private final Reception reception;
  private final Map<Strategy, QueryEngine> engines;

  PlanCalls(Reception reception, Map<Strategy, QueryEngine> engines) {
    this.reception = reception;
    this.engines = engines;
  }

  ExplainResponse explain(ExplainRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    return ExplainResponse.newBuilder()
        .setExplain(plan(query.strategy(), query.sql(), query.schema(), false))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  ExplainAnalyzeResponse explainAnalyze(ExplainAnalyzeRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    return ExplainAnalyzeResponse.newBuilder()
        .setExplainAnalyze(plan(query.strategy(), query.sql(), query.schema(), true))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  DryRunResponse dryRun(DryRunRequest request) {
    Session session = reception.beginning(request.getSessionId());
    return DryRunResponse.newBuilder()
        .setDryrunValue(
            plan(session.strategy(), request.getQueryString(), request.getSchema(), false))
        .build();
  }

  private String plan(Strategy strategy, String sql, String schema, boolean analyze) {
    QueryEngine engine = Objects.requireNonNull(engines.get(strategy));
    return String.join("\n", SmallResult.firsts(engine.plan(sql, schema, analyze), MOST_LINES));
  }
}
