package dev.signalbox.demo.query;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.observe.StrategyMetrics;
import dev.signalbox.strategy.query.ConnectionSettings;
import dev.signalbox.strategy.query.Credentials;
import dev.signalbox.strategy.query.StrategyConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clients of a query cluster, each a thread with a connection and a manager of its own, as
/// different applications would have. Each runs one query after the other, long and short ones, and
/// checks every row. Thread-safe.
public final class QueryLoad implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryLoad.class);
  private static final Duration BREATH = Duration.ofMillis(100);
  private static final Duration END = Duration.ofSeconds(30);

  private final Target target;
  private volatile AtomicReference<QueryCounts> counts = new AtomicReference<>(QueryCounts.NONE);
  private final AtomicInteger unconnected = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ending;

  /// What the clients ask, and what they must be told.
  ///
  /// @param cluster where they connect, as `host:port`
  /// @param sum of all balances, which no transfer changes
  /// @param systems the system identifier of each stack's database
  /// @param longest about how long the longest queries take
  public record Target(
      String cluster,
      Credentials credentials,
      long sum,
      Map<Strategy, String> systems,
      Duration longest) {}

  /// Begins at once.
  ///
  /// @param seed of the order of queries
  public QueryLoad(Target target, int clients, long seed) {
    this.target = target;
    for (int n = 1; n <= clients; n++) {
      String name = "demo-" + n;
      Random random = new Random(seed + n);
      threads.add(Thread.ofVirtual().name("query client " + n).start(() -> run(name, random)));
    }
  }

  /// Forgets what was counted. Queries under way are not counted when they end.
  public void countAnew() {
    counts = new AtomicReference<>(QueryCounts.NONE);
  }

  /// What was counted so far.
  public QueryCounts counts() {
    QueryCounts counted = Objects.requireNonNull(counts.get());
    for (int n = unconnected.get(); n > 0; n--) {
      counted = counted.begun().ended(QueryOutcome.FAILED, Duration.ZERO);
    }
    return counted;
  }

  private void run(String name, Random random) {
    ConnectionSettings settings =
        ConnectionSettings.of(new ClusterKey(target.cluster(), ""), target.credentials());
    StrategyMetrics metrics = new StrategyMetrics();
    try (StrategyManager manager = new StrategyManager(StrategyConfig.defaults());
        StrategyManager.Observation _ = manager.observe(metrics);
        StrategyConnection connection = StrategyConnection.open(settings, manager)) {
      connection.report(name, metrics);
      while (!ending) {
        query(connection, CheckedQuery.any(target, random));
        Thread.sleep(BREATH);
      }
    } catch (StrategyException e) {
      // Nothing is asked in the whole run: that counts as one failed query, so that it shows.
      LOG.warn("{} cannot connect", name, e);
      unconnected.incrementAndGet();
    } catch (InterruptedException e) {
      // The load is ended: that is how this thread ends.
      Thread.currentThread().interrupt();
    }
  }

  private void query(StrategyConnection connection, CheckedQuery query) {
    AtomicReference<QueryCounts> counts = this.counts;
    counts.updateAndGet(QueryCounts::begun);
    long began = System.nanoTime();
    QueryOutcome outcome = query.run(connection);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    counts.updateAndGet(c -> c.ended(outcome, took));
  }

  /// Lets every query end, at most as long as the longest takes and some seconds more; begins none.
  public QueryCounts finish() throws InterruptedException {
    ending = true;
    long end = System.nanoTime() + target.longest().plus(END).toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        LOG.warn("{} did not end", thread.getName());
      }
    }
    return counts();
  }

  /// Ends all of it without waiting for queries.
  @Override
  public void close() {
    ending = true;
    threads.forEach(Thread::interrupt);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
