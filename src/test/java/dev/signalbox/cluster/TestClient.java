package dev.signalbox.cluster;

import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.AuthenticateResponse;
import dev.signalbox.strategy.wire.ClearOrCancelQueryRequest;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetResultMetadataRequest;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementV2Request;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;

/// The plainest client of the wire protocol: one call for one call, no strategy of its own.
final class TestClient {
  private final ManagedChannel channel;

  TestClient(ManagedChannel channel) {
    this.channel = channel;
  }

  ManagedChannel channel() {
    return channel;
  }

  /// @param strategy any text
  QueryEngineServiceBlockingStub stub(String strategy) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("strategy", Metadata.ASCII_STRING_MARSHALLER), strategy);
    return QueryEngineServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  QueryEngineServiceBlockingStub withoutStrategy() {
    return QueryEngineServiceGrpc.newBlockingStub(channel);
  }

  AuthenticateResponse authenticate(String strategy) {
    return authenticate(strategy, "alice", "secret");
  }

  AuthenticateResponse authenticate(String strategy, String user, String password) {
    return stub(strategy)
        .authenticate(AuthenticateRequest.newBuilder().setUser(user).setPassword(password).build());
  }

  /// @param strategy blue or green
  TestSession session(String strategy) {
    return new TestSession(authenticate(strategy).getSessionId(), stub(strategy));
  }

  /// A session and the stack that it is on.
  record TestSession(String id, QueryEngineServiceBlockingStub stub) {
    PrepareStatementResponse prepare(String sql) {
      return stub.prepareStatementV2(
          PrepareStatementV2Request.newBuilder().setSessionId(id).setQueryString(sql).build());
    }

    void execute(String query) {
      var _ =
          stub.executeStatementV2(
              ExecuteStatementV2Request.newBuilder().setSessionId(id).setQueryId(query).build());
    }

    /// Prepared and executed.
    String run(String sql) {
      String query = prepare(sql).getQueryId();
      execute(query);
      return query;
    }

    byte[] metadata(String query) {
      return stub.getResultMetadata(
              GetResultMetadataRequest.newBuilder().setSessionId(id).setQueryId(query).build())
          .getResultMetaData()
          .toByteArray();
    }

    byte[] fetch(String query) {
      return stub.getNextResultBatch(
              GetNextResultBatchRequest.newBuilder().setSessionId(id).setQueryId(query).build())
          .getResultBatch()
          .toByteArray();
    }

    List<byte[]> fetchAll(String query) {
      List<byte[]> batches = new ArrayList<>();
      for (byte[] batch = fetch(query); batch.length > 0; batch = fetch(query)) {
        batches.add(batch);
      }
      return batches;
    }

    void clear(String query) {
      var _ =
          stub.clearOrCancelQuery(
              ClearOrCancelQueryRequest.newBuilder().setSessionId(id).setQueryId(query).build());
    }
  }
}
