package dev.signalbox.bench;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyInterceptor;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.StrategyProbe;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetNextResultBatchResponse;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What header and pinning cost a call, against the same call without an interceptor, and against
/// one with an interceptor that only forwards. The difference to the latter is our own.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class InterceptorBenchmark {
  private static final MethodDescriptor<GetNextResultBatchRequest, GetNextResultBatchResponse>
      FETCH = QueryEngineServiceGrpc.getGetNextResultBatchMethod();
  private static final StrategyProbe.Answer ACCEPTED = new StrategyProbe.Answer.Accepted(null);
  private static final ClusterKey KEY = new ClusterKey("localhost:7000", "bench");

  private final GetNextResultBatchRequest request = GetNextResultBatchRequest.getDefaultInstance();
  private final Channel plain =
      new EchoChannel(GetNextResultBatchResponse.newBuilder().setNewStrategy("blue").build());
  private final Channel forwarding = ClientInterceptors.intercept(plain, new Forwarding());
  private final StrategyManager manager = new StrategyManager(StrategyConfig.defaults());
  private final Channel strategy =
      ClientInterceptors.intercept(plain, new StrategyInterceptor(manager, KEY));
  private CallOptions timed = CallOptions.DEFAULT;
  private CallOptions pinned = CallOptions.DEFAULT;

  @Setup
  public void detect() {
    manager.detect(KEY, (asked, limit) -> ACCEPTED);
    if (!manager.peek(KEY).equals(Optional.of(Strategy.BLUE))) {
      throw new IllegalStateException("blue was not detected");
    }
    QueryHandle handle = manager.open(KEY, Strategy.BLUE, "session", "query", "planner:1");
    // A deadline is set by the caller everywhere, so that all pay for it alike.
    timed = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS);
    pinned = timed.withOption(StrategyInterceptor.ROUTE, handle.route());
  }

  @Benchmark
  public Object plain() {
    return call(plain, timed);
  }

  @Benchmark
  public Object forwarding() {
    return call(forwarding, timed);
  }

  @Benchmark
  public Object selected() {
    return call(strategy, timed);
  }

  @Benchmark
  public Object pinned() {
    return call(strategy, pinned);
  }

  /// The strategy is forgotten and detected again, with stacks that answer at once.
  @Benchmark
  public Object detection() {
    manager.invalidate(KEY, InvalidationTrigger.MANUAL);
    return manager.detect(KEY, (asked, limit) -> ACCEPTED);
  }

  private Object call(Channel channel, CallOptions options) {
    ClientCall<GetNextResultBatchRequest, GetNextResultBatchResponse> call =
        channel.newCall(FETCH, options);
    Answer answer = new Answer();
    call.start(answer, new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
    return java.util.Objects.requireNonNull(answer.message);
  }

  private static final class Answer extends ClientCall.Listener<GetNextResultBatchResponse> {
    private @Nullable GetNextResultBatchResponse message;

    @Override
    public void onMessage(GetNextResultBatchResponse received) {
      message = received;
    }
  }

  /// What any interceptor pays that looks at headers, messages and the end of a call.
  private static final class Forwarding implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onClose(Status status, Metadata trailers) {
                  super.onClose(status, trailers);
                }
              },
              headers);
        }
      };
    }
  }
}
