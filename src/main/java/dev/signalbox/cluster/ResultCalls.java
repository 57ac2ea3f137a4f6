package dev.signalbox.cluster;

import com.google.protobuf.UnsafeByteOperations;
import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.cluster.result.MetadataEncoder;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetNextResultBatchResponse;
import dev.signalbox.strategy.wire.GetResultMetadataRequest;
import dev.signalbox.strategy.wire.GetResultMetadataResponse;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.StatusResponse;

/// The calls on the result of a query. Thread-safe.
final class ResultCalls {
  private final CallAdmission reception;
  private final Queries queries;

  ResultCalls(CallAdmission reception, Queries queries) {
    this.reception = reception;
    this.queries = queries;
  }

  GetResultMetadataResponse metadata(GetResultMetadataRequest request) {
    ServedQuery query = reception.query(request.getSessionId(), request.getQueryId());
    query.requireResult();
    return GetResultMetadataResponse.newBuilder()
        .setResultMetaData(
            UnsafeByteOperations.unsafeWrap(
                MetadataEncoder.encode(rowCount(query), query.cursor().columns())))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  private static long rowCount(ServedQuery query) {
    Cursor cursor = query.cursor();
    return cursor.exhausted() ? cursor.rows() : MetadataEncoder.UNKNOWN;
  }

  GetNextResultBatchResponse next(GetNextResultBatchRequest request) {
    ServedQuery query = reception.query(request.getSessionId(), request.getQueryId());
    return GetNextResultBatchResponse.newBuilder()
        .setResultBatch(queries.fetch(query))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  StatusResponse status(StatusRequest request) {
    ServedQuery query = reception.query(request.getSessionId(), request.getQueryId());
    ServedQuery.State state = query.state();
    return StatusResponse.newBuilder()
        .setStatus(state == ServedQuery.State.FETCHING || state == ServedQuery.State.DONE)
        .setRowCount(rowCount(query))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }
}
