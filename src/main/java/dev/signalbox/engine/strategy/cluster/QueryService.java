package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.client.wire.AuthenticateRequest;
import dev.signalbox.engine.strategy.client.wire.AuthenticateResponse;
import dev.signalbox.engine.strategy.client.wire.CancelQueryRequest;
import dev.signalbox.engine.strategy.client.wire.CancelQueryResponse;
import dev.signalbox.engine.strategy.client.wire.ClearOrCancelQueryRequest;
import dev.signalbox.engine.strategy.client.wire.ClearOrCancelQueryResponse;
import dev.signalbox.engine.strategy.client.wire.ClearRequest;
import dev.signalbox.engine.strategy.client.wire.ClearResponse;
import dev.signalbox.engine.strategy.client.wire.DryRunRequest;
import dev.signalbox.engine.strategy.client.wire.DryRunResponse;
import dev.signalbox.engine.strategy.client.wire.ExecuteStatementRequest;
import dev.signalbox.engine.strategy.client.wire.ExecuteStatementResponse;
import dev.signalbox.engine.strategy.client.wire.ExecuteStatementV2Request;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainAnalyzeResponse;
import dev.signalbox.engine.strategy.client.wire.ExplainRequest;
import dev.signalbox.engine.strategy.client.wire.ExplainResponse;
import dev.signalbox.engine.strategy.client.wire.GetColumnsResponse;
import dev.signalbox.engine.strategy.client.wire.GetColumnsV2Request;
import dev.signalbox.engine.strategy.client.wire.GetNextResultBatchRequest;
import dev.signalbox.engine.strategy.client.wire.GetNextResultBatchResponse;
import dev.signalbox.engine.strategy.client.wire.GetResultMetadataRequest;
import dev.signalbox.engine.strategy.client.wire.GetResultMetadataResponse;
import dev.signalbox.engine.strategy.client.wire.GetSchemaNamesResponse;
import dev.signalbox.engine.strategy.client.wire.GetSchemaNamesV2Request;
import dev.signalbox.engine.strategy.client.wire.GetTablesResponse;
import dev.signalbox.engine.strategy.client.wire.GetTablesV2Request;
import dev.signalbox.engine.strategy.client.wire.PrepareStatementRequest;
import dev.signalbox.engine.strategy.client.wire.PrepareStatementResponse;
import dev.signalbox.engine.strategy.client.wire.PrepareStatementV2Request;
import dev.signalbox.engine.strategy.client.wire.QueryEngineServiceGrpc;
import dev.signalbox.engine.strategy.client.wire.StatusRequest;
import dev.signalbox.engine.strategy.client.wire.StatusResponse;
import dev.signalbox.engine.strategy.cluster.access.CallFacts;
import dev.signalbox.engine.strategy.cluster.access.Failures;
import dev.signalbox.engine.strategy.cluster.access.Users;
import dev.signalbox.engine.strategy.cluster.query.QueryEngine;
import dev.signalbox.engine.strategy.cluster.session.Queries;
import dev.signalbox.engine.strategy.cluster.session.Sessions;
import dev.signalbox.engine.strategy.cluster.state.Switchboard;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;

/// The wire protocol: what existing connectors call. Every answer that can carries where new
/// queries belong. Blocks its callers' threads, which are virtual.
final class QueryService extends QueryEngineServiceGrpc.QueryEngineServiceImplBase {
  private final Queries queries;
  private final RateMeter rates;
  private final Reception reception;
  private final StatementCalls statements;
  private final ResultCalls results;
  private final PlanCalls plans;
  private final DiscoveryCalls discovery;

  QueryService(
      Switchboard switchboard,
      Users users,
      Sessions sessions,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      RateMeter rates) {
    this.queries = queries;
    this.rates = rates;
    this.reception = new Reception(switchboard, sessions, queries);
    this.statements =
        new StatementCalls(reception, switchboard, users, sessions, queries, engines, rates);
    this.results = new ResultCalls(reception, queries);
    this.plans = new PlanCalls(reception, switchboard, queries, engines);
    this.discovery = new DiscoveryCalls(reception, engines);
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

  @Override
  public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
    answer(out, () -> statements.authenticate(request));
  }

  @Override
  public void prepareStatement(
      PrepareStatementRequest request, StreamObserver<PrepareStatementResponse> out) {
    answer(
        out,
        () ->
            statements.prepare(
                request.getSessionId(), request.getSchema(), request.getQueryString()));
  }

  @Override
  public void prepareStatementV2(
      PrepareStatementV2Request request, StreamObserver<PrepareStatementResponse> out) {
    answer(
        out,
        () ->
            statements.prepare(
                request.getSessionId(), request.getSchema(), request.getQueryString()));
  }

  @Override
  public void executeStatement(
      ExecuteStatementRequest request, StreamObserver<ExecuteStatementResponse> out) {
    answer(out, () -> statements.execute(request.getSessionId(), request.getQueryId()));
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
          return statements.execute(request.getSessionId(), request.getQueryId());
        });
  }

  @Override
  public void getResultMetadata(
      GetResultMetadataRequest request, StreamObserver<GetResultMetadataResponse> out) {
    answer(out, () -> results.metadata(request));
  }

  @Override
  public void getNextResultBatch(
      GetNextResultBatchRequest request, StreamObserver<GetNextResultBatchResponse> out) {
    answer(out, () -> results.next(request));
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    answer(out, () -> results.status(request));
  }

  @Override
  public void clear(ClearRequest request, StreamObserver<ClearResponse> out) {
    answer(
        out,
        () -> {
          statements.end(request.getSessionId(), request.getQueryId());
          return ClearResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(reception.wanted())
              .build();
        });
  }

  @Override
  public void cancelQuery(CancelQueryRequest request, StreamObserver<CancelQueryResponse> out) {
    answer(
        out,
        () -> {
          statements.end(request.getSessionId(), request.getQueryId());
          return CancelQueryResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(reception.wanted())
              .build();
        });
  }

  @Override
  public void clearOrCancelQuery(
      ClearOrCancelQueryRequest request, StreamObserver<ClearOrCancelQueryResponse> out) {
    answer(
        out,
        () -> {
          statements.end(request.getSessionId(), request.getQueryId());
          return ClearOrCancelQueryResponse.newBuilder()
              .setSessionId(request.getSessionId())
              .setNewStrategy(reception.wanted())
              .build();
        });
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> out) {
    answer(out, () -> plans.explain(request));
  }

  @Override
  public void explainAnalyze(
      ExplainAnalyzeRequest request, StreamObserver<ExplainAnalyzeResponse> out) {
    answer(out, () -> plans.explainAnalyze(request));
  }

  @Override
  public void dryRun(DryRunRequest request, StreamObserver<DryRunResponse> out) {
    answer(out, () -> plans.dryRun(request));
  }

  @Override
  public void getSchemaNamesV2(
      GetSchemaNamesV2Request request, StreamObserver<GetSchemaNamesResponse> out) {
    answer(out, () -> discovery.schemas(request));
  }

  @Override
  public void getTablesV2(GetTablesV2Request request, StreamObserver<GetTablesResponse> out) {
    answer(out, () -> discovery.tables(request));
  }

  @Override
  public void getColumnsV2(GetColumnsV2Request request, StreamObserver<GetColumnsResponse> out) {
    answer(out, () -> discovery.columns(request));
  }
}
