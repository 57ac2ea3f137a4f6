package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.storage.LayeredStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random interleavings of threads, queries, announcements, refusals and restarts, step by step,
/// with what must hold looked at after each step. A failure names its seed; `-Dsignalbox.seed=…`
/// repeats it alone.
class StrategyModelTest {
  private static final StrategyConfig CONFIG = StrategyConfig.defaults();

  private int ended;
  private int applied;
  private int redone;
  private int broken;
  private int undetected;

  @Test
  void whatMustHoldHoldsAfterEachStep() {
    run(
        400,
        500,
        random -> {
          TestClock clock = new TestClock();
          // What is in memory outlives no machine: here it stands for a file that never fails.
          MemoryStorage storage = new MemoryStorage(CONFIG.cacheTtl(), clock);
          return new StrategyModel(random, clock, 400, () -> storage);
        });
    if (Long.getLong("signalbox.seed") == null) {
      assertThat(undetected).isPositive();
    }
  }

  @Test
  void itHoldsOnAFile(@TempDir Path folder) {
    AtomicInteger runs = new AtomicInteger();
    run(
        6,
        300,
        random -> {
          Path file = folder.resolve("strategies-" + runs.incrementAndGet());
          // The file's own clock is the real one: what is confirmed ahead of it counts for nothing.
          return new StrategyModel(
              random,
              new TestClock(System.currentTimeMillis()),
              1,
              () -> LayeredStorage.shared(file, CONFIG, new Events()));
        });
  }

  private void run(int runs, int steps, Function<Random, StrategyModel> maker) {
    Long only = Long.getLong("signalbox.seed");
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + (only == null ? runs : 1); seed++) {
      StrategyModel model = maker.apply(new Random(seed));
      int step = 0;
      try {
        for (; step < steps; step++) {
          model.step();
          model.check();
        }
        model.quieten();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("signalbox.seed=%d, step %d".formatted(seed, step), e);
      }
      ended += model.ended();
      applied += model.applied();
      redone += model.redone();
      broken += model.broken();
      undetected += model.undetected();
    }
    if (only == null) {
      // The model went where it is meant to go.
      assertThat(List.of(ended, applied, redone, broken))
          .allSatisfy(count -> assertThat(count).isPositive());
    }
  }
}
