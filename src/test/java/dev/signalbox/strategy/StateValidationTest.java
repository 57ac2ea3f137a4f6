package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateValidationTest {
  private static final long NOW = 1_800_000_000_000L;

  private static StateValidation of(
      @Nullable Strategy active, @Nullable Strategy pending, long at, long version) {
    return StateValidation.of(active, pending, at, version, NOW);
  }

  @Test
  void leavesAValidStateAsItIs() {
    StoredStrategy state = new StoredStrategy(Strategy.BLUE, Strategy.GREEN, NOW, 7);
    assertThat(StateValidation.of(state, NOW).state()).isEqualTo(state);
    assertThat(StateValidation.of(state, NOW).valid()).isTrue();
    assertThat(StateValidation.of(StoredStrategy.NONE, NOW).valid()).isTrue();
  }

  @Test
  void correctsTowardsKnowingLess() {
    assertThat(of(Strategy.BLUE, Strategy.BLUE, NOW, 7))
        .satisfies(
            v -> assertThat(v.state()).isEqualTo(new StoredStrategy(Strategy.BLUE, null, NOW, 7)))
        .satisfies(v ->
            assertThat(v.corrections())
                .containsExactly("The pending strategy blue is the active one; it is dropped."));
    assertThat(of(null, Strategy.GREEN, 0, 7).state())
        .isEqualTo(new StoredStrategy(null, null, 0, 7));
    assertThat(of(Strategy.BLUE, null, 0, 7).corrections())
        .containsExactly("The active strategy blue was never confirmed; it is forgotten.");
    assertThat(of(Strategy.BLUE, Strategy.GREEN, NOW + 5_001, 7))
        .satisfies(v -> assertThat(v.state()).isEqualTo(new StoredStrategy(null, null, 0, 7)))
        .satisfies(v -> assertThat(v.corrections()).hasSize(2));
    assertThat(of(Strategy.BLUE, null, NOW + 5_000, 7).valid()).isTrue();
    assertThat(of(Strategy.BLUE, null, NOW, -1).state().version()).isZero();
  }

  @Test
  void whatIsLeftIsAlwaysValid() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    @Nullable Strategy[] any = {null, Strategy.BLUE, Strategy.GREEN};
    for (int i = 0; i < 10_000; i++) {
      StateValidation once =
          of(
              any[random.nextInt(3)],
              any[random.nextInt(3)],
              random.nextBoolean() ? random.nextLong() : NOW - random.nextInt(100_000),
              random.nextLong());
      assertThat(StateValidation.of(once.state(), NOW).valid()).as("seed %d", seed).isTrue();
      assertThat(StateValidation.of(once.state(), NOW).state()).isEqualTo(once.state());
    }
  }
}
