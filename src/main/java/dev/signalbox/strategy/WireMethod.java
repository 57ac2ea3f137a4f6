package dev.signalbox.strategy;

import dev.signalbox.strategy.wire.AuthenticateResponse;
import dev.signalbox.strategy.wire.CancelQueryResponse;
import dev.signalbox.strategy.wire.ClearOrCancelQueryResponse;
import dev.signalbox.strategy.wire.ClearResponse;
import dev.signalbox.strategy.wire.ClusterServiceGrpc;
import dev.signalbox.strategy.wire.ExecuteStatementResponse;
import dev.signalbox.strategy.wire.ExplainAnalyzeResponse;
import dev.signalbox.strategy.wire.ExplainResponse;
import dev.signalbox.strategy.wire.GetColumnsResponse;
import dev.signalbox.strategy.wire.GetNextResultBatchResponse;
import dev.signalbox.strategy.wire.GetResultMetadataResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesResponse;
import dev.signalbox.strategy.wire.GetTablesResponse;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.StatusResponse;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the interceptor has to know of a method, found by one look-up per call.
///
/// @param repeatable whether repeating it does no harm
/// @param asLongAsTheQuery whether it lasts as long as the query does
/// @param announcement finds `new_strategy` in its response
record WireMethod(boolean repeatable, boolean asLongAsTheQuery, Announcement announcement) {
  /// Reads one kind of response.
  @FunctionalInterface
  interface Announcement {
    /// @return null when the response carries none
    @Nullable String in(Object response);
  }

  /// A method of another service.
  static final WireMethod OTHER = new WireMethod(false, false, _ -> null);

  /// By full name.
  static final Map<String, WireMethod> METHODS =
      Stream.of(
              repeatable(
                  QueryEngineServiceGrpc.getAuthenticateMethod(),
                  m ->
                      m instanceof AuthenticateResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              once(QueryEngineServiceGrpc.getPrepareStatementMethod(), WireMethod::ofPrepare),
              once(QueryEngineServiceGrpc.getPrepareStatementV2Method(), WireMethod::ofPrepare),
              once(QueryEngineServiceGrpc.getExecuteStatementMethod(), WireMethod::ofExecute),
              once(QueryEngineServiceGrpc.getExecuteStatementV2Method(), WireMethod::ofExecute),
              once(
                  QueryEngineServiceGrpc.getGetNextResultBatchMethod(),
                  m ->
                      m instanceof GetNextResultBatchResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getGetResultMetadataMethod(),
                  m ->
                      m instanceof GetResultMetadataResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getStatusMethod(),
                  m ->
                      m instanceof StatusResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getClearMethod(),
                  m ->
                      m instanceof ClearResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getCancelQueryMethod(),
                  m ->
                      m instanceof CancelQueryResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getClearOrCancelQueryMethod(),
                  m ->
                      m instanceof ClearOrCancelQueryResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getExplainMethod(),
                  m ->
                      m instanceof ExplainResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              once(
                  QueryEngineServiceGrpc.getExplainAnalyzeMethod(),
                  m ->
                      m instanceof ExplainAnalyzeResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(QueryEngineServiceGrpc.getDryRunMethod(), _ -> null),
              repeatable(
                  QueryEngineServiceGrpc.getGetSchemaNamesV2Method(),
                  m ->
                      m instanceof GetSchemaNamesResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getGetTablesV2Method(),
                  m ->
                      m instanceof GetTablesResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(
                  QueryEngineServiceGrpc.getGetColumnsV2Method(),
                  m ->
                      m instanceof GetColumnsResponse r && r.hasNewStrategy()
                          ? r.getNewStrategy()
                          : null),
              repeatable(ClusterServiceGrpc.getStatusMethod(), _ -> null))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static Map.Entry<String, WireMethod> repeatable(
      MethodDescriptor<?, ?> method, Announcement announcement) {
    return Map.entry(method.getFullMethodName(), new WireMethod(true, false, announcement));
  }

  private static Map.Entry<String, WireMethod> once(
      MethodDescriptor<?, ?> method, Announcement announcement) {
    return Map.entry(method.getFullMethodName(), new WireMethod(false, true, announcement));
  }

  private static @Nullable String ofPrepare(Object message) {
    return message instanceof PrepareStatementResponse r && r.hasNewStrategy()
        ? r.getNewStrategy()
        : null;
  }

  private static @Nullable String ofExecute(Object message) {
    return message instanceof ExecuteStatementResponse r && r.hasNewStrategy()
        ? r.getNewStrategy()
        : null;
  }
}
