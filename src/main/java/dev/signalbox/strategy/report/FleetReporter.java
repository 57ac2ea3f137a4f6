package dev.signalbox.strategy.report;

import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.fleet.ReportAnswer;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports the state of this client to its cluster once a second, on the channel of its queries:
///
/// ```java
/// try (var reporter = FleetReporter.start(channel, "billing", manager::state)) { ... }
/// ```
///
/// Never disturbs the queries. A cluster that does not know the service is left alone for good; one
/// that is away is tried again after 1 s, then ever more seldom up to 60 s; one that does not read
/// gets nothing, and after 60 s a new stream. Nothing is buffered: a report that cannot leave now
/// is not sent at all.
///
/// Has one daemon thread of its own, on which the supplier is called too. It must return soon.
public final class FleetReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetReporter.class);

  private final Channel channel;
  private final String clientId = UUID.randomUUID().toString();
  private final String name;
  private final Supplier<ClientState> state;
  private final Pace pace;
  private final ScheduledExecutorService thread;

  // Of the thread alone.
  private @Nullable Stream stream;
  private long openAt = System.nanoTime();
  private long stuckSince;
  private Duration pause;
  private boolean supplierFails;

  /// @param between two reports
  /// @param firstPause before a stream is opened again
  /// @param stuck after this a stream that takes nothing is given up
  record Pace(Duration between, Duration firstPause, Duration longestPause, Duration stuck) {
    static final Pace USUAL =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));
  }

  private FleetReporter(Channel channel, String name, Supplier<ClientState> state, Pace pace) {
    this.channel = channel;
    this.name = name;
    this.state = state;
    this.pace = pace;
    this.pause = pace.firstPause();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fleet-reporter").daemon().factory());
  }

  /// Reports until it is closed.
  ///
  /// @param channel of the queries; stays the caller's
  /// @param name for a person, for example of the application; 100 characters of it are sent
  /// @param state is asked before each report, from one thread
  public static FleetReporter start(Channel channel, String name, Supplier<ClientState> state) {
    return start(channel, name, state, Pace.USUAL);
  }

  static FleetReporter start(Channel channel, String name, Supplier<ClientState> state, Pace pace) {
    FleetReporter reporter = new FleetReporter(channel, name, state, pace);
    long nanos = pace.between().toNanos();
    var _ = reporter.thread.scheduleAtFixedRate(reporter::report, 0, nanos, TimeUnit.NANOSECONDS);
    return reporter;
  }

  /// The same in each report of this client; random.
  public String clientId() {
    return clientId;
  }

  private void report() {
    try {
      ClientState now = state.get();
      supplierFails = false;
      if (!now.sessionId().isEmpty()) {
        send(ReportText.of(clientId, name, now));
      }
    } catch (RuntimeException e) {
      // Without this the thread would end here for good.
      if (!supplierFails) {
        LOG.warn("A report to the fleet could not be made; the next one follows.", e);
        supplierFails = true;
      }
    }
  }

  private void send(ClientReport report) {
    long now = System.nanoTime();
    if (stream == null) {
      if (now - openAt < 0) {
        return;
      }
      stream = new Stream();
      stuckSince = now;
      // The answer comes when the stream ends, so there is no deadline for it.
      var _ = FleetGrpc.newStub(channel).report(stream);
    }
    ClientCallStreamObserver<ClientReport> call = stream.call;
    if (call != null && call.isReady()) {
      call.onNext(report);
      stuckSince = now;
    } else if (call != null && now - stuckSince > pace.stuck().toNanos()) {
      call.cancel("The cluster has read no report for " + pace.stuck().toSeconds() + " s.", null);
    }
  }

  /// On the thread, when the stream is over.
  private void ended(Stream which, Status status) {
    if (which != stream) {
      return;
    }
    stream = null;
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      LOG.info("The cluster knows no fleet; this client does not report.");
      thread.shutdown();
      return;
    }
    if (System.nanoTime() - which.openedAt > pace.longestPause().toNanos()) {
      // It held for long: this is a new trouble.
      pause = pace.firstPause();
    }
    LOG.debug("The stream of reports ended with {}; again in {}.", status.getCode(), pause);
    // Spread out: a whole fleet lost its cluster at the same moment.
    double spread = 0.5 + ThreadLocalRandom.current().nextDouble();
    openAt = System.nanoTime() + (long) (pause.toNanos() * spread);
    Duration next = pause.multipliedBy(2);
    pause = next.compareTo(pace.longestPause()) < 0 ? next : pace.longestPause();
  }

  /// One stream of reports. Its callbacks come on threads of the channel and only pass on.
  private final class Stream implements ClientResponseObserver<ClientReport, ReportAnswer> {
    private final long openedAt = System.nanoTime();
    private volatile @Nullable ClientCallStreamObserver<ClientReport> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientReport> requests) {
      call = requests;
    }

    @Override
    public void onNext(ReportAnswer answer) {
      // Says nothing; the end of the stream follows.
    }

    @Override
    public void onError(Throwable error) {
      over(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      over(Status.OK);
    }

    private void over(Status status) {
      try {
        thread.execute(() -> ended(this, status));
      } catch (RejectedExecutionException e) {
        LOG.debug("The stream of reports ended with {} after the reporter was closed.", status);
      }
    }
  }

  /// Ends the stream and the thread. Returns at once.
  @Override
  public void close() {
    try {
      thread.execute(() -> {
        ClientCallStreamObserver<ClientReport> call = stream == null ? null : stream.call;
        if (call != null) {
          // Not completed: a cluster that hangs would keep the stream open.
          call.cancel("The client has ended.", null);
        }
      });
      thread.shutdown();
    } catch (RejectedExecutionException e) {
      LOG.debug("The reporter had ended already.");
    }
  }
}
