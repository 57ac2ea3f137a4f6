package dev.signalbox.strategy.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyStorage;
import dev.signalbox.support.Await;
import dev.signalbox.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class LayeredStorageTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");

  @TempDir Path folder;

  private LayeredStorage shared() {
    return LayeredStorage.shared(
        folder.resolve("strategies"), StrategyConfig.defaults(), (_, _) -> {});
  }

  private static StoredStrategy detected(Strategy strategy) {
    return new StoredStrategy(strategy, null, System.currentTimeMillis(), 0);
  }

  @Test
  void anotherThreadSeesAChangeWithItsNextRead() throws Exception {
    StrategyStorage storage = shared();
    storage.update(KEY, _ -> detected(Strategy.BLUE));
    AtomicReference<Strategy> wrong = new AtomicReference<>();
    Strategy next = Strategy.BLUE;
    for (int i = 0; i < 2_000; i++) {
      Strategy expected = next;
      assertThat(storage.read(KEY).active()).isEqualTo(expected);
      Strategy changed = expected.other();
      Thread other =
          Thread.ofPlatform()
              .start(() -> {
                if (storage.read(KEY).active() != expected) {
                  wrong.set(expected);
                }
                storage.update(KEY, _ -> detected(changed));
                if (storage.read(KEY).active() != changed) {
                  wrong.set(changed);
                }
              });
      other.join();
      assertThat(wrong.get()).as("change %d", i).isNull();
      next = changed;
    }
  }

  @Test
  void aThreadKeepsClustersApart() {
    StrategyStorage storage = shared();
    ClusterKey other = new ClusterKey("planner:443", "marketing");
    storage.update(KEY, _ -> detected(Strategy.BLUE));
    storage.update(other, _ -> detected(Strategy.GREEN));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      boolean first = random.nextBoolean();
      assertThat(storage.read(first ? KEY : other).active())
          .as("seed %d", seed)
          .isEqualTo(first ? Strategy.BLUE : Strategy.GREEN);
    }
  }

  @Test
  void anotherProcessIsSeenThroughTheFile() throws Exception {
    // Two storages on one file share nothing else: as two processes.
    StrategyStorage one = shared();
    StrategyStorage other = shared();
    Strategy next = Strategy.BLUE;
    for (int i = 0; i < 20; i++) {
      Strategy changed = next;
      one.update(KEY, _ -> detected(changed));
      Await.until("it is seen", () -> other.read(KEY).active() == changed);
      next = next.other();
    }
    other.update(KEY, _ -> StoredStrategy.NONE);
    Await.until("it is forgotten", () -> one.read(KEY).active() == null);
    one.close();
    other.close();
  }

  @Test
  void theTtlEndsWhatAThreadKept() throws Exception {
    ManualClock clock = new ManualClock();
    StrategyStorage storage =
        new LayeredStorage(
            new FileStrategyStorage(
                new StrategyFile(folder.resolve("strategies"), new RealDisk()),
                new Freshness(Duration.ofSeconds(60), clock),
                (_, _) -> {},
                Duration.ofSeconds(5),
                0));
    storage.update(KEY, _ -> new StoredStrategy(Strategy.BLUE, null, clock.millis(), 0));
    assertThat(storage.read(KEY).active()).isEqualTo(Strategy.BLUE);
    clock.pass(Duration.ofSeconds(60));
    Await.until("it is forgotten", () -> storage.read(KEY).equals(StoredStrategy.NONE));
  }
}
