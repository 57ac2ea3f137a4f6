package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real threads with overlapping queries while a real server changes over, takes announcements
/// back, refuses, forgets and breaks connections: no query fails, and none is mixed.
class StrategyThreadsTest {
  private static final int THREADS = 8;
  private static final int MOVES = 60;

  private final long seed = Long.getLong("signalbox.seed", System.nanoTime());
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<StrategyConnection> connections = new ArrayList<>();
  private ScriptedCluster cluster;
  private StrategyManager manager;
  private Strategy live = Strategy.BLUE;

  @BeforeEach
  void start() throws IOException {
    cluster = new ScriptedCluster();
    manager = new StrategyManager(StrategyConfig.defaults());
    for (int i = 0; i < 3; i++) {
      connections.add(StrategyConnection.open(StrategyConnectionTest.settings(cluster), manager));
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    connections.forEach(StrategyConnection::close);
    manager.close();
    cluster.close();
  }

  @Test
  void noQueryFailsOrIsMixed() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        StrategyConnection connection = connections.get(i % connections.size());
        running.add(threads.submit(() -> query(connection, random)));
      }
      Random random = new Random(seed - 1);
      for (int i = 0; i < MOVES && failures.isEmpty(); i++) {
        move(random);
        int before = done.get();
        // Everybody has begun and ended a query since the last move.
        Await.until(
            "queries go on, signalbox.seed=" + seed,
            () -> done.get() > before + 2 * THREADS || !failures.isEmpty());
      }
      stop.set(true);
      Await.until("all ended", () -> running.stream().allMatch(Future::isDone));
    }
    assertThat(failures).as("signalbox.seed=" + seed).isEmpty();
    assertThat(cluster.violations()).as("signalbox.seed=" + seed).isEmpty();
    cluster.accepting = List.of(Strategy.values());
    Await.until(
        "nothing is left open",
        () -> {
          connections.forEach(connection -> connection.execute("rows 1").close());
          return cluster.openQueries() == 0 && manager.snapshot(cluster.key()).openQueries() == 0;
        });
  }

  private void query(StrategyConnection connection, Random random) {
    while (!stop.get()) {
      int rows = random.nextInt(60);
      try (Query query = connection.execute("rows " + rows)) {
        long next = 0;
        Optional<Batch> batch = query.nextBatch();
        while (batch.isPresent()) {
          for (int row = 0; row < batch.get().rowCount(); row++) {
            assertThat(batch.get().row(row)).containsExactly(query.strategy().wire(), next++);
          }
          if (random.nextInt(5) == 0) {
            assertThat(query.status().done()).isTrue();
          }
          batch = query.nextBatch();
        }
        assertThat(next).isEqualTo(rows);
        if (random.nextInt(4) == 0) {
          query.cancel();
        }
        done.incrementAndGet();
      } catch (Throwable e) {
        failures.add(e);
        return;
      }
    }
  }

  private void move(Random random) {
    switch (random.nextInt(7)) {
      case 0 -> {
        cluster.accepting = List.of(Strategy.values());
        cluster.announce(live.other());
      }
      case 1 -> cluster.announce(live);
      case 2, 3 -> {
        live = live.other();
        cluster.live(live);
        cluster.announce(null);
      }
      case 4 -> cluster.refuse("executeStatementV2", null, 1, ScriptedCluster.WRONG);
      case 5 -> cluster.refuse("prepareStatementV2", null, 1, ScriptedCluster.GONE);
      case 6 -> cluster.refuse("clearOrCancelQuery", null, 2, Status.UNAVAILABLE);
      default -> throw new IllegalStateException();
    }
  }
}
