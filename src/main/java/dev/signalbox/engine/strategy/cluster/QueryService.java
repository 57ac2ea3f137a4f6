package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.client.wire.*;
import dev.signalbox.engine.strategy.cluster.access.CallFacts;
import dev.signalbox.engine.strategy.cluster.access.Failures;
import dev.signalbox.engine.strategy.cluster.access.Users;
import dev.signalbox.engine.strategy.cluster.query.Cursor;
import dev.signalbox.engine.strategy.cluster.query.QueryEngine;
import dev.signalbox.engine.strategy.cluster.result.Column;
import dev.signalbox.engine.strategy.cluster.result.ResultMetadata;
import dev.signalbox.engine.strategy.cluster.session.Queries;
import dev.signalbox.engine.strategy.cluster.session.Query;
import dev.signalbox.engine.strategy.cluster.session.Session;
import dev.signalbox.engine.strategy.cluster.session.Sessions;
import dev.signalbox.engine.strategy.cluster.state.Switchboard;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// The wire protocol: what existing connectors call. Every answer that can carries where new
/// queries belong. Blocks its callers' threads, which are virtual.
final class QueryService extends QueryEngineServiceGrpc.QueryEngineServiceImplBase {
  private static final int MOST_NAMES = 100_000;
  private static final int MOST_PLAN_LINES = 10_000;

  private final Switchboard switchboard;
  private final Users users;
  private final Sessions sessions;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;
  private final RateMeter rates;

  QueryService(
      Switchboard switchboard,
      Users users,
      Sessions sessions,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      RateMeter rates) {
    this.switchboard = switchboard;
    this.users = users;
    this.sessions = sessions;
    this.queries = queries;
    this.engines = engines;
    this.rates = rates;
  }

  private <T> void answer(StreamObserver<T> out, Supplier<T> work) {
    Status.Code code = Replies.answer(out, work);
    // Nothing else is answered with UNKNOWN.
    boolean wrong = code == Status.Code.UNKNOWN;
    rates.call(wrong);
    if (wrong) {
      CallFacts.current().given().ifPresent(s -> queries.figures(s).wrongStrategy());
    }
  }

  private String wanted() {
    return switchboard.state().wanted().wire();
  }

  private QueryEngine engine(Strategy strategy) {
    return Objects.requireNonNull(engines.get(strategy));
  }

  /// What a client is told as the address of the planner, and sends back as `plannerip`. It is a
  /// name, not an address: one gateway serves both stacks.
  private static String plannerOf(Strategy strategy) {
    return strategy.wire() + "-engine";
  }

  @Override
  public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
    answer(
        out,
        () -> {
          CallFacts call = CallFacts.current();
          Strategy strategy = call.strategy();
          switchboard.check(strategy);
          boolean known = users.knows(request.getUser(), request.getPassword());
          // Clients read an empty session as wrong credentials.
          String id = known ? sessions.open(request.getUser(), strategy, call.peer()).id() : "";
          return AuthenticateResponse.newBuilder()
              .setSessionId(id)
              .setEngineIP(plannerOf(strategy))
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void prepareStatement(
      PrepareStatementRequest request, StreamObserver<PrepareStatementResponse> out) {
    answer(
        out, () -> prepare(request.getSessionId(), request.getSchema(), request.getQueryString()));
  }

  @Override
  public void prepareStatementV2(
      PrepareStatementV2Request request, StreamObserver<PrepareStatementResponse> out) {
    answer(
        out, () -> prepare(request.getSessionId(), request.getSchema(), request.getQueryString()));
  }

  private PrepareStatementResponse prepare(String sessionId, String schema, String sql) {
    Session session = beginning(sessionId);
    Strategy strategy = session.strategy();
    Cursor cursor = engine(strategy).cursor(sql, schema);
    Query query = switchboard.admit(strategy, () -> queries.prepare(session, sql, schema, cursor));
    rates.query();
    return PrepareStatementResponse.newBuilder()
        .setEngineIP(plannerOf(strategy))
        .setQueryId(query.id())
        .setSessionId(sessionId)
        .setNewStrategy(wanted())
        .build();
  }

  /// The session of a call that begins something new.
  private Session beginning(String sessionId) {
    Strategy strategy = CallFacts.current().strategy();
    switchboard.check(strategy);
    return sessions.require(sessionId, strategy);
  }

  /// The session of a call on what is open.
  private Session ongoing(String sessionId) {
    Strategy strategy = CallFacts.current().strategy();
    if (switchboard.closed(strategy)) {
      throw Failures.wrongStrategy();
    }
    return sessions.require(sessionId, strategy);
  }

  private Query query(String sessionId, String queryId) {
    Session session = ongoing(sessionId);
    return queries
        .find(session, queryId)
        .orElseThrow(() ->
            switchboard.state().accepts(session.strategy())
                ? Failures.of(
                    Status.Code.NOT_FOUND,
                    "There is no open query '"
                        + (queryId.length() > 64 ? queryId.substring(0, 64) + "…" : queryId)
                        + "' in this session. It failed, was cleared, or was idle for too long.")
                : Failures.wrongStrategy());
  }

  @Override
  public void executeStatement(
      ExecuteStatementRequest request, StreamObserver<ExecuteStatementResponse> out) {
    answer(out, () -> execute(request.getSessionId(), request.getQueryId()));
  }

  @Override
  public void executeStatementV2(
      ExecuteStatementV2Request request, StreamObserver<ExecuteStatementResponse> out) {
    answer(
        out,
        () -> {
          if (request.getParamsCount() > 0) {
            throw Failures.of(
                Status.Code.INVALID_ARGUMENT,
                "This cluster takes no parameters. Put the values into the statement.");
          }
          return execute(request.getSessionId(), request.getQueryId());
        });
  }

  private ExecuteStatementResponse execute(String sessionId, String queryId) {
    queries.execute(query(sessionId, queryId));
    return ExecuteStatementResponse.newBuilder()
        .setSessionId(sessionId)
        .setNewStrategy(wanted())
        .build();
  }

  @Override
  public void getResultMetadata(
      GetResultMetadataRequest request, StreamObserver<GetResultMetadataResponse> out) {
    answer(
        out,
        () -> {
          Query query = query(request.getSessionId(), request.getQueryId());
          query.requireResult();
          return GetResultMetadataResponse.newBuilder()
              .setResultMetaData(
                  com.google.protobuf.UnsafeByteOperations.unsafeWrap(
                      ResultMetadata.encode(rowCount(query), query.cursor().columns())))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  private static long rowCount(Query query) {
    Cursor cursor = query.cursor();
    return cursor.exhausted() ? cursor.rows() : ResultMetadata.UNKNOWN;
  }

  @Override
  public void getNextResultBatch(
      GetNextResultBatchRequest request, StreamObserver<GetNextResultBatchResponse> out) {
    answer(
        out,
        () ->
            GetNextResultBatchResponse.newBuilder()
                .setResultBatch(queries.fetch(query(request.getSessionId(), request.getQueryId())))
                .setSessionId(request.getSessionId())
                .setNewStrategy(wanted())
                .build());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    answer(
        out,
        () -> {
          Query query = query(request.getSessionId(), request.getQueryId());
          Query.State state = query.state();
          return StatusResponse.newBuilder()
              .setStatus(state == Query.State.FETCHING || state == Query.State.DONE)
              .setRowCount(rowCount(query))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void clear(ClearRequest request, StreamObserver<ClearResponse> out) {
    answer(
        out,
        () -> {
          end(request.getSessionId(), request.getQueryId());
          return ClearResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void cancelQuery(CancelQueryRequest request, StreamObserver<CancelQueryResponse> out) {
    answer(
        out,
        () -> {
          end(request.getSessionId(), request.getQueryId());
          return CancelQueryResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void clearOrCancelQuery(
      ClearOrCancelQueryRequest request, StreamObserver<ClearOrCancelQueryResponse> out) {
    answer(
        out,
        () -> {
          end(request.getSessionId(), request.getQueryId());
          return ClearOrCancelQueryResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  /// A query that has ended is as good as one that ends now: clients clear twice.
  private void end(String sessionId, String queryId) {
    queries
        .find(ongoing(sessionId), queryId)
        .ifPresent(query -> {
          boolean _ = queries.end(query, true);
        });
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> out) {
    answer(
        out,
        () -> {
          Query query = query(request.getSessionId(), request.getQueryId());
          return ExplainResponse.newBuilder()
              .setExplain(plan(query.strategy(), query.sql(), query.schema()))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void explainAnalyze(
      ExplainAnalyzeRequest request, StreamObserver<ExplainAnalyzeResponse> out) {
    answer(
        out,
        () -> {
          Query query = query(request.getSessionId(), request.getQueryId());
          Strategy strategy = query.strategy();
          Cursor plan = engine(strategy).plan(query.sql(), query.schema(), true);
          // It runs the statement: it is a query of its own, and whoever drains sees it.
          Query run =
              switchboard.admit(
                  strategy,
                  () -> queries.prepare(query.session(), query.sql(), query.schema(), plan));
          return ExplainAnalyzeResponse.newBuilder()
              .setExplainAnalyze(
                  queries.run(run, () -> String.join("\n", firsts(plan, MOST_PLAN_LINES))))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void dryRun(DryRunRequest request, StreamObserver<DryRunResponse> out) {
    answer(
        out,
        () -> {
          Session session = beginning(request.getSessionId());
          return DryRunResponse.newBuilder()
              .setDryrunValue(
                  plan(session.strategy(), request.getQueryString(), request.getSchema()))
              .build();
        });
  }

  private String plan(Strategy strategy, String sql, String schema) {
    return String.join("\n", firsts(engine(strategy).plan(sql, schema, false), MOST_PLAN_LINES));
  }

  @Override
  public void getSchemaNamesV2(
      GetSchemaNamesV2Request request, StreamObserver<GetSchemaNamesResponse> out) {
    answer(
        out,
        () -> {
          Session session = beginning(request.getSessionId());
          return GetSchemaNamesResponse.newBuilder()
              .addAllSchemas(firsts(engine(session.strategy()).schemas(), MOST_NAMES))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void getTablesV2(GetTablesV2Request request, StreamObserver<GetTablesResponse> out) {
    answer(
        out,
        () -> {
          Session session = beginning(request.getSessionId());
          Cursor tables = engine(session.strategy()).tables(request.getSchema());
          return GetTablesResponse.newBuilder()
              .addAllTables(firsts(tables, MOST_NAMES))
              .setSessionId(request.getSessionId())
              .setNewStrategy(wanted())
              .build();
        });
  }

  @Override
  public void getColumnsV2(GetColumnsV2Request request, StreamObserver<GetColumnsResponse> out) {
    answer(
        out,
        () -> {
          Session session = beginning(request.getSessionId());
          Cursor table =
              engine(session.strategy()).columns(request.getSchema(), request.getTable());
          List<?> _ = texts(table, 1);
          GetColumnsResponse.Builder answer =
              GetColumnsResponse.newBuilder()
                  .setSessionId(request.getSessionId())
                  .setNewStrategy(wanted());
          for (Column column : table.columns()) {
            answer.addFieldInfo(
                GFieldInfo.newBuilder()
                    .setFieldName(column.name())
                    .setFieldType(column.type().name()));
          }
          return answer.build();
        });
  }

  /// The first column of a small result.
  private static List<String> firsts(Cursor cursor, int most) {
    List<String> result = new ArrayList<>();
    for (var row : texts(cursor, most)) {
      result.add(Optional.ofNullable(row[0]).orElse(""));
    }
    return result;
  }

  /// A small result; when the client gives the call up, the statement is cancelled.
  private static List<@org.jspecify.annotations.Nullable String[]> texts(Cursor cursor, int most) {
    Context context = Context.current();
    Context.CancellationListener listener = given -> cursor.cancel();
    context.addListener(listener, Runnable::run);
    try {
      return cursor.texts(most);
    } finally {
      context.removeListener(listener);
    }
  }
}
