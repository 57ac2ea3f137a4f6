package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.cluster.TestClient.TestSession;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc;
import dev.signalbox.engine.strategy.control.StatusQuery;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.fleet.ReportAnswer;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileClientTest {
  @TempDir Path folder;
  private TestDatabases databases;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    cluster = new TestCluster(folder, databases);
  }

  @AfterEach
  void end() throws Exception {
    cluster.close();
    databases.close();
  }

  private void assertStillWell() {
    TestSession session = cluster.client().session("blue");
    assertThat(session.fetch(session.run("SELECT 1"))).isNotEmpty();
  }

  @Test
  void bytesThatAreNoProtocolAreDropped() throws Exception {
    Random random = new Random(7);
    for (int port : new int[] {cluster.port(), cluster.controlPort()}) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        byte[] bytes = new byte[10_000];
        random.nextBytes(bytes);
        socket.setSoTimeout(10_000);
        try {
          socket.getOutputStream().write(bytes);
          assertThat(socket.getInputStream().readAllBytes().length).isLessThan(1000);
        } catch (IOException e) {
          // It closed the connection while we wrote.
          assertThat(e).isNotNull();
        }
      }
    }
    assertStillWell();
  }

  @Test
  void messagesThatAreNoneOrTooLongAreRefused() {
    var channel = cluster.client().channel();
    for (MethodDescriptor<?, ?> method :
        QueryEngineServiceGrpc.getServiceDescriptor().getMethods()) {
      assertThatThrownBy(() ->
              ClientCalls.blockingUnaryCall(
                  channel,
                  RawMessage.method(method),
                  CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                  RawMessage.UNREADABLE))
          .hasMessageNotContaining("DEADLINE_EXCEEDED");
    }
    TestSession session = cluster.client().session("blue");
    assertThatThrownBy(() -> session.prepare("x".repeat(5 << 20)))
        .hasMessageContaining("RESOURCE_EXHAUSTED");
    assertThatThrownBy(() -> session.fetch("\0'; DROP TABLE t --"))
        .hasMessageContaining("NOT_FOUND");
    assertStillWell();
  }

  @Test
  void theControlServiceWantsItsToken() {
    var stub = ClusterControlGrpc.newBlockingStub(cluster.channel(cluster.controlPort()));
    for (String token : new String[] {"", "x", TestCluster.TOKEN + "x"}) {
      assertThatThrownBy(() ->
              stub.withCallCredentials(TestCluster.bearer(token))
                  .status(StatusQuery.getDefaultInstance()))
          .hasMessageStartingWith("UNAUTHENTICATED");
    }
    assertThatThrownBy(() -> stub.status(StatusQuery.getDefaultInstance()))
        .hasMessageStartingWith("UNAUTHENTICATED");
    assertThatThrownBy(() ->
            ClusterControlGrpc.newBlockingStub(cluster.channel(cluster.port()))
                .withCallCredentials(TestCluster.bearer(TestCluster.TOKEN))
                .status(StatusQuery.getDefaultInstance()))
        .hasMessageStartingWith("UNIMPLEMENTED");
  }

  @Test
  void reportsNeedASessionAndEndWithTheirStream() throws Exception {
    TestSession session = cluster.client().session("blue");
    String query = session.run("SELECT 1");
    ClientReport good =
        ClientReport.newBuilder()
            .setClientId("c1")
            .setSessionId(session.id())
            .setName("app")
            .setActive("blue")
            .addPinned(
                dev.signalbox.strategy.fleet.PinnedQuery.newBuilder()
                    .setQueryId(query)
                    .setStrategy("blue"))
            .build();
    assertThatThrownBy(
            () -> report(good.toBuilder().setSessionId("none").build()).get(10, TimeUnit.SECONDS))
        .hasMessageContaining("Access denied");
    assertThatThrownBy(
            () -> report(good.toBuilder().setClientId("").build()).get(10, TimeUnit.SECONDS))
        .hasMessageContaining("client_id");
    Answer answer = new Answer();
    StreamObserver<ClientReport> stream =
        FleetGrpc.newStub(cluster.client().channel()).report(answer);
    stream.onNext(good);
    Await.until("it is known", () -> cluster.status().getFleet().getClients() == 1);
    assertThat(cluster.status().getQueries(0).getClient()).isEqualTo("c1");
    assertThat(
            cluster
                .control()
                .clients(dev.signalbox.engine.strategy.control.ClientsQuery.getDefaultInstance())
                .getClients(0)
                .getUser())
        .isEqualTo("alice");
    stream.onCompleted();
    var _ = answer.end.get(10, TimeUnit.SECONDS);
    assertThat(cluster.status().getFleet().getClients()).isZero();
  }

  private CompletableFuture<ReportAnswer> report(ClientReport report) {
    Answer answer = new Answer();
    StreamObserver<ClientReport> stream =
        FleetGrpc.newStub(cluster.client().channel()).report(answer);
    stream.onNext(report);
    return answer.end;
  }

  private static final class Answer implements StreamObserver<ReportAnswer> {
    final CompletableFuture<ReportAnswer> end = new CompletableFuture<>();

    @Override
    public void onNext(ReportAnswer answer) {
      var _ = end.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
      var _ = end.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
