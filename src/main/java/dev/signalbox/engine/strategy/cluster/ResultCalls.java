package dev.signalbox.engine.strategy.cluster;

import com.google.protobuf.UnsafeByteOperations;
import dev.signalbox.engine.strategy.client.wire.GetNextResultBatchRequest;
import dev.signalbox.engine.strategy.client.wire.GetNextResultBatchResponse;
import dev.signalbox.engine.strategy.client.wire.GetResultMetadataRequest;
import dev.signalbox.engine.strategy.client.wire.GetResultMetadataResponse;
import dev.signalbox.engine.strategy.client.wire.StatusRequest;
import dev.signalbox.engine.strategy.client.wire.StatusResponse;
import dev.signalbox.engine.strategy.cluster.query.Cursor;
import dev.signalbox.engine.strategy.cluster.result.ResultMetadata;
import dev.signalbox.engine.strategy.cluster.session.Queries;
import dev.signalbox.engine.strategy.cluster.session.Query;

/// The calls on the result of a query. Thread-safe.
final class ResultCalls {
  private final Reception reception;
  private final Queries queries;

  ResultCalls(Reception reception, Queries queries) {
    this.reception = reception;
    this.queries = queries;
  }

  GetResultMetadataResponse metadata(GetResultMetadataRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    query.requireResult();
    return GetResultMetadataResponse.newBuilder()
        .setResultMetaData(
            UnsafeByteOperations.unsafeWrap(
                ResultMetadata.encode(rowCount(query), query.cursor().columns())))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  private static long rowCount(Query query) {
    Cursor cursor = query.cursor();
    return cursor.exhausted() ? cursor.rows() : ResultMetadata.UNKNOWN;
  }

  GetNextResultBatchResponse next(GetNextResultBatchRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    return GetNextResultBatchResponse.newBuilder()
        .setResultBatch(queries.fetch(query))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  StatusResponse status(StatusRequest request) {
    Query query = reception.query(request.getSessionId(), request.getQueryId());
    Query.State state = query.state();
    return StatusResponse.newBuilder()
        .setStatus(state == Query.State.FETCHING || state == Query.State.DONE)
        .setRowCount(rowCount(query))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }
}
