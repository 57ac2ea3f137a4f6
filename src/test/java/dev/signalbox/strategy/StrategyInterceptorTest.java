package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.ClearOrCancelQueryRequest;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementV2Request;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.support.Await;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The interceptor under stubs of an application's own.
class StrategyInterceptorTest {
  private static final StatusRequest STATUS = StatusRequest.getDefaultInstance();

  private final Events events = new Events();
  private ScriptedCluster cluster;
  private StrategyManager manager;
  private ManagedChannel channel;
  private QueryEngineServiceBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    cluster = new ScriptedCluster();
    manager = new StrategyManager(StrategyConfig.defaults());
    var _ = manager.observe(events);
    channel = channel(cluster.target());
    stub = QueryEngineServiceGrpc.newBlockingStub(channel);
  }

  private ManagedChannel channel(String target) {
    return Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
        .intercept(new StrategyInterceptor(manager, cluster.key()))
        .build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    manager.close();
    cluster.close();
  }

  private void detect(Strategy strategy) {
    var _ =
        manager.detect(
            cluster.key(),
            (asked, _) ->
                asked == strategy
                    ? new StrategyProbe.Answer.Accepted(null)
                    : new StrategyProbe.Answer.Refused(
                        new StrategyException(ErrorClass.WRONG_STRATEGY, "456", null)));
  }

  private String authenticate() {
    return stub.authenticate(
            AuthenticateRequest.newBuilder()
                .setUser(ScriptedCluster.USER)
                .setPassword(ScriptedCluster.PASSWORD)
                .build())
        .getSessionId();
  }

  private StrategyState state() {
    return manager.snapshot(cluster.key()).state();
  }

  @Test
  void sendsWhatIsKnownAndPinsWhatItIsTold() {
    detect(Strategy.BLUE);
    String session = authenticate();
    PrepareStatementResponse prepared =
        stub.prepareStatementV2(
            PrepareStatementV2Request.newBuilder()
                .setSessionId(session)
                .setQueryString("rows 1")
                .build());
    QueryHandle handle =
        manager.open(
            cluster.key(), Strategy.BLUE, session, prepared.getQueryId(), prepared.getEngineIP());
    cluster.announce(Strategy.GREEN);
    var _ =
        stub.getSchemaNamesV2(GetSchemaNamesV2Request.newBuilder().setSessionId(session).build());
    assertThat(state()).isEqualTo(new StrategyState.Transitioning(Strategy.BLUE, Strategy.GREEN));
    var _ =
        stub.withOption(StrategyInterceptor.ROUTE, handle.route())
            .clearOrCancelQuery(
                ClearOrCancelQueryRequest.newBuilder()
                    .setSessionId(session)
                    .setEngineIP(handle.engineIp())
                    .setQueryId(handle.queryId())
                    .build());
    assertThat(manager.close(handle, QueryEnding.CLEARED)).isTrue();
    assertThat(manager.close(handle, QueryEnding.CLEARED)).isFalse();
    assertThat(state()).isEqualTo(new StrategyState.Green());
    assertThat(cluster.seen())
        .contains(new ScriptedCluster.Seen("prepareStatementV2", "blue", "main", ""))
        .contains(new ScriptedCluster.Seen("clearOrCancelQuery", "blue", "main", "10.0.0.1"));
    assertThat(cluster.violations()).isEmpty();
  }

  @Test
  void a456ForgetsWhatWasSentAndNothingElse() {
    detect(Strategy.BLUE);
    cluster.live(Strategy.GREEN);
    Route blue = manager.route(cluster.key(), Strategy.BLUE);
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(this::authenticate);
    assertThat(state()).isEqualTo(new StrategyState.NoStrategy());
    assertThat(events.of(StrategyEvent.Invalidated.class))
        .containsExactly(new StrategyEvent.Invalidated(InvalidationTrigger.WRONG_STRATEGY));
    detect(Strategy.GREEN);
    // A late one for the old stack.
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() ->
            stub.withOption(StrategyInterceptor.ROUTE, blue)
                .authenticate(AuthenticateRequest.getDefaultInstance()));
    assertThat(state()).isEqualTo(new StrategyState.Green());
    assertThat(events.of(StrategyEvent.WrongStrategy.class)).hasSize(2);
  }

  @Test
  void aBareHttpAnswerOfAProxyIsUnderstood() throws Exception {
    detect(Strategy.BLUE);
    Vertx vertx = Vertx.vertx();
    int[] status = {456};
    HttpServer proxy =
        vertx
            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
            .requestHandler(request -> request.response().setStatusCode(status[0]).end())
            .listen(0, "localhost")
            .await(20, TimeUnit.SECONDS);
    ManagedChannel behind = channel("localhost:" + proxy.actualPort());
    try {
      assertThat(failure(behind)).isEqualTo(ErrorClass.WRONG_STRATEGY);
      assertThat(state()).isEqualTo(new StrategyState.NoStrategy());
      status[0] = 503;
      assertThat(failure(behind)).isEqualTo(ErrorClass.SUSPENDED);
    } finally {
      behind.shutdownNow();
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private static ErrorClass failure(Channel channel) {
    try {
      var _ = QueryEngineServiceGrpc.newBlockingStub(channel).status(STATUS);
      throw new AssertionError("answered");
    } catch (StatusRuntimeException e) {
      return ErrorClassifier.classify(e);
    }
  }

  @Test
  void repeatsWhatMayBeRepeatedAndNothingElse() {
    detect(Strategy.BLUE);
    String session = authenticate();
    cluster.refuse("getSchemaNamesV2", null, 3, Status.UNAVAILABLE.withDescription("reset"));
    assertThat(
            stub.getSchemaNamesV2(
                    GetSchemaNamesV2Request.newBuilder().setSessionId(session).build())
                .getSchemasList())
        .containsExactly("public");
    assertThat(cluster.seen("getSchemaNamesV2")).hasSize(4);
    assertThat(cluster.strategies("getSchemaNamesV2")).containsOnly("blue");

    cluster.refuse("executeStatementV2", null, 1, Status.UNAVAILABLE);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> stub.executeStatementV2(ExecuteStatementV2Request.getDefaultInstance()));
    assertThat(cluster.seen("executeStatementV2")).hasSize(1);
    assertThat(events.of(StrategyEvent.Invalidated.class))
        .containsExactly(new StrategyEvent.Invalidated(InvalidationTrigger.CONNECTION_RESET));

    cluster.suspended = true;
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> stub.status(STATUS));
    assertThat(cluster.seen("status")).hasSize(1);
  }

  @Test
  void givesUpAfterSoManyAttemptsOrAtItsDeadline() {
    cluster.refuse("status", null, 100, Status.UNAVAILABLE);
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> stub.status(STATUS));
    assertThat(cluster.seen("status")).hasSize(4);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> stub.withDeadlineAfter(150, TimeUnit.MILLISECONDS).status(STATUS))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(cluster.seen("status")).hasSize(5);
  }

  @Test
  void aCallThatWaitsToBeRepeatedCanBeCancelled() throws InterruptedException {
    cluster.refuse("status", null, 100, Status.UNAVAILABLE);
    var pending = QueryEngineServiceGrpc.newFutureStub(channel).status(STATUS);
    Await.until("it was sent once", () -> !cluster.seen("status").isEmpty());
    pending.cancel(true);
    Await.until(
        "its end is told",
        () ->
            events.of(StrategyEvent.CallEnded.class).stream()
                .anyMatch(end -> end.failure() == ErrorClass.CANCELLED));
    assertThat(cluster.seen("status")).hasSizeLessThan(4);
  }

  @Test
  void givesADeadlineToUnaryCallsThatHaveNone() {
    assertThat(remaining(QueryEngineServiceGrpc.getStatusMethod(), CallOptions.DEFAULT))
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    assertThat(remaining(QueryEngineServiceGrpc.getGetNextResultBatchMethod(), CallOptions.DEFAULT))
        .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(600));
    assertThat(
            remaining(
                QueryEngineServiceGrpc.getStatusMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS)))
        .isLessThanOrEqualTo(Duration.ofSeconds(5));
    // A stream has no natural end, the fleet's reports least of all.
    for (MethodDescriptor<?, ?> stream :
        List.of(FleetGrpc.getReportMethod(), CallKinds.UP, CallKinds.DOWN, CallKinds.BOTH)) {
      assertThat(stream.getType()).isNotEqualTo(MethodDescriptor.MethodType.UNARY);
      assertThat(remaining(stream, CallOptions.DEFAULT)).isNegative();
    }
  }

  /// Negative when there is none.
  private Duration remaining(MethodDescriptor<?, ?> method, CallOptions options) {
    AtomicReference<CallOptions> passed = new AtomicReference<>(options);
    Channel catching =
        new Channel() {
          @Override
          public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> to, CallOptions with) {
            passed.set(with);
            return channel.newCall(to, with);
          }

          @Override
          public String authority() {
            return channel.authority();
          }
        };
    var _ =
        new StrategyInterceptor(manager, cluster.key()).interceptCall(method, options, catching);
    Deadline deadline = Objects.requireNonNull(passed.get()).getDeadline();
    return deadline == null
        ? Duration.ofSeconds(-1)
        : Duration.ofMillis(deadline.timeRemaining(TimeUnit.MILLISECONDS));
  }

  @Test
  void leavesEachKindOfCallAsItIs() throws Exception {
    try (CallKinds kinds = new CallKinds()) {
      ManagedChannel plain = channel(kinds.target());
      try {
        kinds.check(plain);
      } finally {
        plain.shutdownNow();
      }
    }
  }
}
