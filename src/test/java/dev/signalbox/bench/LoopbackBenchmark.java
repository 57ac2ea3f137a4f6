package dev.signalbox.bench;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyInterceptor;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.StrategyProbe;
import dev.signalbox.strategy.observe.StrategyMetrics;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A whole call to a real server on loopback, with the interceptor and without it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(2)
public class LoopbackBenchmark {
  private static final StatusRequest REQUEST =
      StatusRequest.newBuilder().setSessionId("session").setQueryId("query").build();

  private @Nullable Server server;
  private @Nullable ManagedChannel channel;
  private @Nullable QueryEngineServiceBlockingStub plain;
  private @Nullable QueryEngineServiceBlockingStub intercepted;
  private @Nullable QueryEngineServiceBlockingStub observed;

  @Setup
  public void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Answering())
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    ClusterKey key = new ClusterKey("127.0.0.1:" + server.getPort(), "");
    plain = QueryEngineServiceGrpc.newBlockingStub(channel);
    intercepted = plain.withInterceptors(new StrategyInterceptor(manager(key), key));
    StrategyManager watched = manager(key);
    var _ = watched.observe(new StrategyMetrics());
    observed = plain.withInterceptors(new StrategyInterceptor(watched, key));
  }

  private static StrategyManager manager(ClusterKey key) {
    StrategyManager manager = new StrategyManager(StrategyConfig.defaults());
    Strategy found = manager.detect(key, (asked, limit) -> new StrategyProbe.Answer.Accepted(null));
    if (found != Strategy.BLUE) {
      throw new IllegalStateException("blue was not detected");
    }
    return manager;
  }

  @TearDown
  public void stop() {
    java.util.Objects.requireNonNull(channel).shutdownNow();
    java.util.Objects.requireNonNull(server).shutdownNow();
  }

  @Benchmark
  public StatusResponse plain() {
    return call(plain);
  }

  @Benchmark
  public StatusResponse intercepted() {
    return call(intercepted);
  }

  /// With metrics.
  @Benchmark
  public StatusResponse observed() {
    return call(observed);
  }

  private static StatusResponse call(@Nullable QueryEngineServiceBlockingStub stub) {
    return java.util.Objects.requireNonNull(stub)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .status(REQUEST);
  }

  private static final class Answering extends QueryEngineServiceGrpc.QueryEngineServiceImplBase {
    private static final StatusResponse ANSWER =
        StatusResponse.newBuilder().setStatus(true).setNewStrategy("blue").build();

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      out.onNext(ANSWER);
      out.onCompleted();
    }
  }
}
