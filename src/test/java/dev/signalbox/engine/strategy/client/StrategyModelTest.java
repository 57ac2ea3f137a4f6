package dev.signalbox.engine.strategy.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random interleavings of threads, queries, announcements, refusals and restarts, step by step,
/// with what must hold looked at after each step. A failure names its seed; `-Dsignalbox.seed=…`
/// repeats it alone.
class StrategyModelTest {
  private static final int RUNS = 400;
  private static final int STEPS = 500;

  @Test
  void whatMustHoldHoldsAfterEachStep() {
    Long only = Long.getLong("signalbox.seed");
    long first = only == null ? System.nanoTime() : only;
    int ended = 0;
    int applied = 0;
    int redone = 0;
    for (long seed = first; seed < first + (only == null ? RUNS : 1); seed++) {
      StrategyModel model = new StrategyModel(new Random(seed));
      int step = 0;
      try {
        for (; step < STEPS; step++) {
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
    }
    // The model went where it is meant to go.
    assertThat(ended).isPositive();
    assertThat(applied).isPositive();
    assertThat(redone).isPositive();
  }
}
