package dev.signalbox.strategy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.fleet.ReportAnswer;
import dev.signalbox.strategy.report.ClientState.Phase;
import dev.signalbox.strategy.report.ClientState.Pinned;
import dev.signalbox.support.Await;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against real servers on the loopback.
class FleetReporterTest {
  private static final FleetReporter.Pace QUICK =
      new FleetReporter.Pace(
          Duration.ofMillis(10),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMillis(300));

  private final List<AutoCloseable> open = new ArrayList<>();

  /// Keeps what it gets, or reads nothing at all.
  private static final class Fleet extends FleetGrpc.FleetImplBase {
    final List<ClientReport> reports = new CopyOnWriteArrayList<>();
    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    volatile boolean hangs;

    @Override
    public StreamObserver<ClientReport> report(StreamObserver<ReportAnswer> answer) {
      streams.incrementAndGet();
      if (hangs) {
        ((ServerCallStreamObserver<ReportAnswer>) answer).disableAutoRequest();
      }
      return new StreamObserver<>() {
        @Override
        public void onNext(ClientReport report) {
          reports.add(report);
          if (report.getName().equals("broken")) {
            answer.onError(Status.INTERNAL.asRuntimeException());
          }
        }

        @Override
        public void onError(Throwable error) {
          ended.incrementAndGet();
        }

        @Override
        public void onCompleted() {
          ended.incrementAndGet();
        }
      };
    }
  }

  private Server serve(int port, @Nullable BindableService service) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    if (service != null) {
      builder.addService(service);
    }
    Server server = builder.build().start();
    open.add(() -> server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
    return server;
  }

  private FleetReporter start(Server server, String name, Supplier<ClientState> state) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
    open.add(() -> channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
    FleetReporter reporter = FleetReporter.start(channel, name, state, QUICK);
    open.add(reporter);
    return reporter;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private static ClientState state(String session, List<Pinned> pinned, String lastError) {
    return new ClientState(
        session,
        Phase.TRANSITIONING,
        Strategy.BLUE,
        Strategy.GREEN,
        pinned,
        pinned.size(),
        1,
        2,
        3,
        4,
        5,
        6,
        Duration.ofMillis(7),
        lastError);
  }

  private static ClientState plain() {
    return state("s1", List.of(), "");
  }

  private static boolean noReporterThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(t -> t.getName().equals("fleet-reporter"));
  }

  @Test
  void reportsAgainAndAgainAndEndsItsStream() throws Exception {
    Fleet fleet = new Fleet();
    Pinned pinned = new Pinned("q1", Strategy.BLUE, Duration.ofMillis(1_500));
    FleetReporter reporter =
        start(serve(0, fleet), "billing", () -> state("s1", List.of(pinned), "It failed."));
    Await.until("three reports", () -> fleet.reports.size() >= 3);
    ClientReport report = fleet.reports.getFirst();
    assertThat(report.getClientId()).isEqualTo(reporter.clientId()).hasSizeBetween(1, 64);
    assertThat(report.getName()).isEqualTo("billing");
    assertThat(report.getSessionId()).isEqualTo("s1");
    assertThat(report.getState()).isEqualTo("transitioning");
    assertThat(report.getActive()).isEqualTo("blue");
    assertThat(report.getPending()).isEqualTo("green");
    assertThat(report.getPinnedList())
        .singleElement()
        .satisfies(p -> assertThat(p.getQueryId()).isEqualTo("q1"))
        .satisfies(p -> assertThat(p.getAgeMillis()).isEqualTo(1_500));
    assertThat(
            List.of(
                report.getTransitions(),
                report.getWrongStrategy(),
                report.getCalls(),
                report.getFailedCalls(),
                report.getCacheHits(),
                report.getCacheMisses()))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(fleet.streams).hasValue(1);
    reporter.close();
    Await.until("the stream ends", () -> fleet.ended.get() == 1);
    Await.until("the thread ends", FleetReporterTest::noReporterThread);
    reporter.close();
  }

  @Test
  void staysWithinTheBoundsOfTheProtocolAndHidesTheSession() {
    List<Pinned> many =
        Collections.nCopies(30, new Pinned("q", Strategy.GREEN, Duration.ofSeconds(1)));
    ClientState state = state("secret-session", many, "x".repeat(199) + "\ud83d\ude00");
    ClientReport report = ReportText.of("id", "n".repeat(300), state);
    assertThat(report.getName()).hasSize(100);
    assertThat(report.getLastError()).isEqualTo("x".repeat(199));
    assertThat(report.getPinnedCount()).isEqualTo(20);
    assertThat(report.getPinnedTotal()).isEqualTo(30);
    assertThat(state.toString()).doesNotContain("secret-session");
    assertThat(Phase.NO_STRATEGY.wire()).isEqualTo("no-strategy");
  }

  @Test
  void leavesAClusterAloneThatKnowsNoFleet() throws Exception {
    start(serve(0, null), "billing", FleetReporterTest::plain);
    Await.until("the thread ends", FleetReporterTest::noReporterThread);
  }

  @Test
  void comesBackWhenTheClusterDoes() throws Exception {
    Fleet before = new Fleet();
    Server server = serve(0, before);
    start(server, "billing", FleetReporterTest::plain);
    Await.until("it reports", () -> !before.reports.isEmpty());
    int port = server.getPort();
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    Fleet after = new Fleet();
    serve(port, after);
    Await.until("it reports again", () -> after.reports.size() >= 2);
  }

  @Test
  void opensANewStreamAfterAnError() throws Exception {
    Fleet fleet = new Fleet();
    start(serve(0, fleet), "broken", FleetReporterTest::plain);
    Await.until("it tries again", () -> fleet.streams.get() >= 3);
  }

  @Test
  void buffersNothingForAClusterThatDoesNotReadAndTriesAnotherStream() throws Exception {
    Fleet fleet = new Fleet();
    fleet.hangs = true;
    AtomicInteger asked = new AtomicInteger();
    List<Pinned> large =
        Collections.nCopies(20, new Pinned("q".repeat(2_000), Strategy.BLUE, Duration.ZERO));
    start(
        serve(0, fleet),
        "billing",
        () -> {
          asked.incrementAndGet();
          return state("s1", large, "");
        });
    Await.until("a second stream", () -> fleet.streams.get() >= 2);
    assertThat(asked.get()).isGreaterThan(20);
    fleet.hangs = false;
    Await.until("it reports", () -> fleet.reports.size() >= 50);
  }

  @Test
  void waitsForASessionAndSurvivesASupplierThatFails() throws Exception {
    Fleet fleet = new Fleet();
    AtomicInteger asked = new AtomicInteger();
    start(
        serve(0, fleet),
        "billing",
        () -> {
          int times = asked.incrementAndGet();
          if (times < 5) {
            throw new IllegalStateException("not yet");
          }
          return state(times < 10 ? "" : "s1", List.of(), "");
        });
    Await.until("it reports", () -> !fleet.reports.isEmpty());
    assertThat(asked.get()).isGreaterThanOrEqualTo(10);
    assertThat(fleet.reports).allMatch(r -> r.getSessionId().equals("s1"));
  }
}
