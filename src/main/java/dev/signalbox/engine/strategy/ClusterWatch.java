package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.timing.Poller;
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

  /// Looks after which what was seen is too old to act on.
  private static final int STALE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

  private final ControlClient client;
  private final Duration poll;
  private volatile Sight sight =
      unseen(Instant.EPOCH, "The query cluster was not asked yet.", List.of());
  private volatile @Nullable Poller poller;
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
    poller = new Poller("query cluster poll", poll, this::look);
  }

  Sight sight() {
    return sight;
  }

  /// The epoch that this console drives with; 0 when it does not.
  long epoch() {
    return epoch;
  }

  /// Whether what was seen is too old to act on.
  boolean old(Sight seen) {
    Duration limit = poll.multipliedBy(STALE).plusSeconds(1);
    return seen.view().at().plus(limit).isBefore(Instant.now());
  }

  /// Looks once, now.
  synchronized void look() throws InterruptedException {
    Sight before = sight;
    try {
      ClusterStatus status = client.status();
      if (epoch > status.getEpoch()) {
        status = fenced(status);
      }
      sight = seen(before, status, clients(before.view().clients()));
    } catch (IOException | RuntimeException e) {
      if (before.status() != null && !closed) {
        LOG.warn("The query cluster cannot be seen any more: {}", said(e));
      }
      // When they were seen last is in each of them: their age stands still, the view's does not.
      sight = unseen(Instant.now(), said(e), before.view().clients());
    }
  }

  /// A cluster that does not take the epoch now is asked again with the next look; what it said is
  /// true all the same.
  private ClusterStatus fenced(ClusterStatus status) throws InterruptedException {
    try {
      return client.drive(epoch);
    } catch (IOException | RuntimeException e) {
      LOG.debug("the query cluster did not take the epoch: {}", said(e));
      return status;
    }
  }

  /// The list is for a screen: what keeps it from coming must not hide the cluster.
  private List<StrategyView.Client> clients(List<StrategyView.Client> before)
      throws InterruptedException {
    if (System.nanoTime() - clientsAt < CLIENTS.toNanos()) {
      return before;
    }
    clientsAt = System.nanoTime();
    try {
      return StrategyViews.clients(client.clients());
    } catch (IOException | RuntimeException e) {
      LOG.debug("the clients of the query cluster were not seen: {}", said(e));
      return before;
    }
  }

  private static String said(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public void close() {
    closed = true;
    Poller looking = poller;
    if (looking != null) {
      looking.close();
    }
    client.close();
  }
}
