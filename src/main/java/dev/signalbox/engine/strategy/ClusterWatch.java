package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a query cluster again and again, on a virtual thread of its own. Thread-safe.
final class ClusterWatch implements AutoCloseable {
  /// The list of clients can be long: it is not asked for more often than this.
  private static final Duration CLIENTS = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

  private final ControlClient client;
  private final Duration poll;
  private volatile Sight sight =
      unseen(Instant.EPOCH, "The query cluster was not asked yet.", List.of());
  private volatile @Nullable Thread poller;
  private volatile boolean closed;
  private volatile long epoch;
  private long clientsAt = System.nanoTime() - CLIENTS.toNanos();

  /// What the cluster said last.
  ///
  /// @param status null when it did not answer
  /// @param view the same for a screen
  /// @param blueFailures looks in a row in which the blue engine was seen not to answer
  record Sight(
      @Nullable ClusterStatus status, StrategyView view, int blueFailures, int greenFailures) {
    int engineFailures(Colour colour) {
      return switch (colour) {
        case BLUE -> blueFailures;
        case GREEN -> greenFailures;
      };
    }
  }

  private static Sight unseen(Instant at, String problem, List<StrategyView.Client> clients) {
    return new Sight(null, StrategyViews.of(at, null, problem, clients), 0, 0);
  }

  private static Sight seen(Sight before, ClusterStatus status, List<StrategyView.Client> clients) {
    return new Sight(
        status,
        StrategyViews.of(Instant.now(), status, "", clients),
        status.getBlue().getReachable() ? 0 : before.blueFailures() + 1,
        status.getGreen().getReachable() ? 0 : before.greenFailures() + 1);
  }

  ClusterWatch(ControlClient client, Duration poll) {
    this.client = client;
    this.poll = poll;
  }

  /// Asks the cluster to obey no epoch below this one, with the next look that it answers.
  ///
  /// @param newest 0 when this console no longer drives
  void raise(long newest) {
    epoch = newest;
  }

  void start() {
    poller = Thread.ofVirtual().name("query cluster poll").start(this::poll);
  }

  Sight sight() {
    return sight;
  }

  Duration poll(int times) {
    return poll.multipliedBy(times);
  }

  private void poll() {
    try {
      while (!closed) {
        look();
        Thread.sleep(poll);
      }
    } catch (InterruptedException e) {
      // The plane was closed: that is how this thread ends.
      Thread.currentThread().interrupt();
    }
  }

  /// Looks once, now.
  synchronized void look() throws InterruptedException {
    Sight before = sight;
    try {
      ClusterStatus status = client.status();
      long newest = epoch;
      if (newest > status.getEpoch()) {
        status = client.drive(newest);
      }
      List<StrategyView.Client> clients = before.view().clients();
      if (System.nanoTime() - clientsAt >= CLIENTS.toNanos()) {
        clientsAt = System.nanoTime();
        clients = StrategyViews.clients(client.clients());
      }
      sight = seen(before, status, clients);
    } catch (IOException | RuntimeException e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage();
      if (before.status() != null && !closed) {
        LOG.warn("The query cluster cannot be seen any more: {}", problem);
      }
      // When they were seen last is in each of them: their age stands still, the view's does not.
      sight = unseen(Instant.now(), problem, before.view().clients());
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread thread = poller;
    if (thread != null) {
      thread.interrupt();
    }
    client.close();
  }
}
