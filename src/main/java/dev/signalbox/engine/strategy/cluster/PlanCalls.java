package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.client.wire.DryRunRequest;
import dev.signalbox.engine.strategy.client.wire.DryRunResponse;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeResponse;
import dev.signalbox.engine.strategy.client.wire.ExplainRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainResponse;
import dev.signalbox.engine.strategy.cluster.query.Cursor;
import dev.signalbox.engine.strategy.cluster.query.QueryEngine;
import dev.signalbox.engine.strategy.cluster.session.Queries;
import dev.signalbox.engine.strategy.cluster.session.Query;
import dev.signalbox.engine.strategy.cluster.session.Session;
import dev.signalbox.engine.strategy.cluster.state.Switchboard;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The calls that ask how a statement would be run, or was. Thread-safe.
final class PlanCalls {
  private static final int MOST_LINES = 10_000;
  private static final Pattern PLANNING = Pattern.compile("Planning Time: (\\d{1,12}\\.\\d{3}) ms");

  private final Reception reception;
  private final Switchboard switchboard;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;

  PlanCalls(
      Reception reception,
      Switchboard switchboard,
      Queries queries,
      Map<Strategy, QueryEngine> engines) {
    this.reception = reception;
    this.switchboard = switchboard;
    this.queries = queries;
    this.engines = engines;
  }

  ExplainResponse explain(ExplainRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    return ExplainResponse.newBuilder()
        .setExplain(plan(query.strategy(), query.sql(), query.schema()))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  ExplainAnalyzeResponse explainAnalyze(ExplainAnalyzeRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    Cursor plan = engine(query.strategy()).plan(query.sql(), query.schema(), true);
    // It runs the statement: it is a query of its own, and whoever drains sees it.
    Query run =
        switchboard.admit(
            query.strategy(),
            () -> queries.prepare(query.session(), query.sql(), query.schema(), plan));
    List<String> lines = queries.run(run, () -> SmallResult.firsts(plan, MOST_LINES));
    return ExplainAnalyzeResponse.newBuilder()
        .setExplainAnalyze(String.join("\n", lines))
        .setParsingTime(planningMillis(lines))
        .setQueueingTime(plan.waitedMillis())
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  DryRunResponse dryRun(DryRunRequest request) {
    Session session = reception.beginning(request.getSessionId());
    return DryRunResponse.newBuilder()
        .setDryrunValue(plan(session.strategy(), request.getQueryString(), request.getSchema()))
        .build();
  }

  /// What PostgreSQL says itself, in whole milliseconds; 0 when it says nothing. Its line comes
  /// after the plan, in which a text of the statement may look like it.
  static long planningMillis(List<String> lines) {
    for (String line : lines.reversed()) {
      Matcher matcher = PLANNING.matcher(line);
      if (matcher.matches()) {
        return Math.round(Double.parseDouble(matcher.group(1)));
      }
    }
    return 0;
  }

  private String plan(Strategy strategy, String sql, String schema) {
    Cursor plan = engine(strategy).plan(sql, schema, false);
    return String.join("\n", SmallResult.firsts(plan, MOST_LINES));
  }

  private QueryEngine engine(Strategy strategy) {
    return Objects.requireNonNull(engines.get(strategy));
  }
}
