package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.access.Users;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.AuthenticateResponse;
import dev.signalbox.strategy.wire.CancelQueryRequest;
import dev.signalbox.strategy.wire.CancelQueryResponse;
import dev.signalbox.strategy.wire.ClearOrCancelQueryRequest;
import dev.signalbox.strategy.wire.ClearOrCancelQueryResponse;
import dev.signalbox.strategy.wire.ClearRequest;
import dev.signalbox.strategy.wire.ClearResponse;
import dev.signalbox.strategy.wire.DryRunRequest;
import dev.signalbox.strategy.wire.DryRunResponse;
import dev.signalbox.strategy.wire.ExecuteStatementRequest;
import dev.signalbox.strategy.wire.ExecuteStatementResponse;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.ExplainAnalyzeRequest;
import dev.signalbox.strategy.wire.ExplainAnalyzeResponse;
import dev.signalbox.strategy.wire.ExplainRequest;
import dev.signalbox.strategy.wire.ExplainResponse;
import dev.signalbox.strategy.wire.GetColumnsResponse;
import dev.signalbox.strategy.wire.GetColumnsV2Request;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetNextResultBatchResponse;
import dev.signalbox.strategy.wire.GetResultMetadataRequest;
import dev.signalbox.strategy.wire.GetResultMetadataResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.GetTablesResponse;
import dev.signalbox.strategy.wire.GetTablesV2Request;
import dev.signalbox.strategy.wire.PrepareStatementRequest;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementV2Request;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.StatusResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;

/// The wire protocol: what existing connectors call. Every answer that can carries where new
/// queries belong. Blocks its callers' threads, which are virtual.
final class QueryService extends QueryEngineServiceGrpc.QueryEngineServiceImplBase {
  private final Queries queries;
  private final RateMeter rates;
  private final CallAdmission reception;
  private final StatementCalls statements;
  private final ResultCalls results;
  private final PlanCalls plans;
  private final DiscoveryCalls discovery;

  QueryService(
      StackSwitch stackSwitch,
      Users users,
      ClientSessions sessions,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      RateMeter rates) {
    this.queries = queries;
    this.rates = rates;
    this.reception = new CallAdmission(stackSwitch, sessions, queries);
    this.statements =
        new StatementCalls(reception, stackSwitch, users, sessions, queries, engines, rates);
    this.results = new ResultCalls(reception, queries);
    this.plans = new PlanCalls(reception, stackSwitch, queries, engines);
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
            throw CallFailures.of(
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
