package dev.signalbox.cluster;

import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.ClientSession;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.DryRunRequest;
import dev.signalbox.strategy.wire.DryRunResponse;
import dev.signalbox.strategy.wire.ExplainAnalyzeRequest;
import dev.signalbox.strategy.wire.ExplainAnalyzeResponse;
import dev.signalbox.strategy.wire.ExplainRequest;
import dev.signalbox.strategy.wire.ExplainResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The calls that ask how a statement would be run, or was. Thread-safe.
final class PlanCalls {
  private static final int MOST_LINES = 10_000;
  private static final Pattern PLANNING = Pattern.compile("Planning Time: (\\d{1,12}\\.\\d{3}) ms");

  private final CallAdmission reception;
  private final StackSwitch stackSwitch;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;

  PlanCalls(
      CallAdmission reception,
      StackSwitch stackSwitch,
      Queries queries,
      Map<Strategy, QueryEngine> engines) {
    this.reception = reception;
    this.stackSwitch = stackSwitch;
    this.queries = queries;
    this.engines = engines;
  }

  ExplainResponse explain(ExplainRequest request) {
    ServedQuery query = reception.query(request.getSessionId(), request.getQueryId());
    return ExplainResponse.newBuilder()
        .setExplain(plan(query.strategy(), query.sql(), query.schema()))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  ExplainAnalyzeResponse explainAnalyze(ExplainAnalyzeRequest request) {
    ServedQuery query = reception.query(request.getSessionId(), request.getQueryId());
    Cursor plan = engine(query.strategy()).plan(query.sql(), query.schema(), true);
    // It runs the statement: it is a query of its own, and whoever drains sees it.
    ServedQuery run =
        stackSwitch.admit(
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
    ClientSession session = reception.beginning(request.getSessionId());
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
