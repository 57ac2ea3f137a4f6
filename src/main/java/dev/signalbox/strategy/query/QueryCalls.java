package dev.signalbox.strategy.query;

import com.google.protobuf.ByteString;
import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Route;
import dev.signalbox.strategy.wire.CancelQueryRequest;
import dev.signalbox.strategy.wire.ClearOrCancelQueryRequest;
import dev.signalbox.strategy.wire.ExecuteStatementRequest;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.ExplainAnalyzeRequest;
import dev.signalbox.strategy.wire.ExplainRequest;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetResultMetadataRequest;
import dev.signalbox.strategy.wire.PrepareStatementRequest;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementV2Request;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.StatusResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The calls about one query, each by the route of its handle. All throw
/// [io.grpc.StatusRuntimeException].
final class QueryCalls {
  private final Stubs stubs;

  QueryCalls(Stubs stubs) {
    this.stubs = stubs;
  }

  /// With a catalogue by the second version of the call, without one by the first, as the existing
  /// connectors do.
  PrepareStatementResponse prepare(
      Route route, String session, ConnectionSettings settings, String sql) {
    if (settings.catalog().isEmpty()) {
      return stubs
          .engine(route)
          .prepareStatement(
              PrepareStatementRequest.newBuilder()
                  .setSessionId(session)
                  .setSchema(settings.schema())
                  .setQueryString(sql)
                  .build());
    }
    return stubs
        .engine(route)
        .prepareStatementV2(
            PrepareStatementV2Request.newBuilder()
                .setSessionId(session)
                .setSchema(settings.schema())
                .setCatalog(settings.catalog())
                .setQueryString(sql)
                .build());
  }

  void execute(QueryHandle handle, ConnectionSettings settings) {
    if (settings.catalog().isEmpty()) {
      var _ =
          stubs
              .engine(handle)
              .executeStatement(
                  ExecuteStatementRequest.newBuilder()
                      .setEngineIP(handle.engineIp())
                      .setSessionId(handle.sessionId())
                      .setQueryId(handle.queryId())
                      .build());
      return;
    }
    var _ =
        stubs
            .engine(handle)
            .executeStatementV2(
                ExecuteStatementV2Request.newBuilder()
                    .setEngineIP(handle.engineIp())
                    .setSessionId(handle.sessionId())
                    .setQueryId(handle.queryId())
                    .build());
  }

  ByteString metadata(QueryHandle handle) {
    return stubs
        .engine(handle)
        .getResultMetadata(
            GetResultMetadataRequest.newBuilder()
                .setEngineIP(handle.engineIp())
                .setSessionId(handle.sessionId())
                .setQueryId(handle.queryId())
                .build())
        .getResultMetaData();
  }

  ByteString nextBatch(QueryHandle handle) {
    return stubs
        .engine(handle)
        .getNextResultBatch(
            GetNextResultBatchRequest.newBuilder()
                .setEngineIP(handle.engineIp())
                .setSessionId(handle.sessionId())
                .setQueryId(handle.queryId())
                .build())
        .getResultBatch();
  }

  StatusResponse status(QueryHandle handle) {
    return stubs
        .engine(handle)
        .status(
            StatusRequest.newBuilder()
                .setEngineIP(handle.engineIp())
                .setSessionId(handle.sessionId())
                .setQueryId(handle.queryId())
                .build());
  }

  String explain(QueryHandle handle) {
    return stubs
        .engine(handle)
        .explain(
            ExplainRequest.newBuilder()
                .setEngineIP(handle.engineIp())
                .setSessionId(handle.sessionId())
                .setQueryId(handle.queryId())
                .build())
        .getExplain();
  }

  String explainAnalyze(QueryHandle handle) {
    return stubs
        .engine(handle)
        .explainAnalyze(
            ExplainAnalyzeRequest.newBuilder()
                .setEngineIP(handle.engineIp())
                .setSessionId(handle.sessionId())
                .setQueryId(handle.queryId())
                .build())
        .getExplainAnalyze();
  }

  void cancel(QueryHandle handle, Duration limit) {
    CancelQueryRequest request =
        CancelQueryRequest.newBuilder()
            .setEngineIP(handle.engineIp())
            .setSessionId(handle.sessionId())
            .setQueryId(handle.queryId())
            .build();
    var _ =
        stubs
            .engine(handle)
            .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
            .cancelQuery(request);
  }

  void clear(QueryHandle handle, Duration limit) {
    ClearOrCancelQueryRequest request =
        ClearOrCancelQueryRequest.newBuilder()
            .setEngineIP(handle.engineIp())
            .setSessionId(handle.sessionId())
            .setQueryId(handle.queryId())
            .build();
    var _ =
        stubs
            .engine(handle)
            .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
            .clearOrCancelQuery(request);
  }

  /// Clears what was prepared and could not be pinned.
  void clear(Route route, String session, PrepareStatementResponse prepared) {
    ClearOrCancelQueryRequest request =
        ClearOrCancelQueryRequest.newBuilder()
            .setEngineIP(prepared.getEngineIP())
            .setSessionId(session)
            .setQueryId(prepared.getQueryId())
            .build();
    var _ = stubs.engine(route).clearOrCancelQuery(request);
  }
}
