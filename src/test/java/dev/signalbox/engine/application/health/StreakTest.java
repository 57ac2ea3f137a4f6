package dev.signalbox.engine.application.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Health;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The hysteresis, against what it means: the verdict is that of the last run which was long
/// enough.
class StreakTest {
  @Test
  void oneGoodCheckIsNotHealthyAndOneBadOneIsNotUnhealthy() {
    Streak streak = Streak.NONE.after(true, 3, 3).after(true, 3, 3);
    assertThat(streak.health()).isEqualTo(Health.UNKNOWN);
    streak = streak.after(true, 3, 3);
    assertThat(streak).isEqualTo(new Streak(Health.HEALTHY, 3, true));
    streak = streak.after(false, 3, 3).after(false, 3, 3).after(true, 3, 3);
    assertThat(streak).isEqualTo(new Streak(Health.HEALTHY, 1, true));
  }

  @Test
  void verdictIsThatOfTheLastRunWhichWasLongEnough() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      int rise = 1 + random.nextInt(5);
      int fall = 1 + random.nextInt(5);
      List<Boolean> results = new ArrayList<>();
      Streak streak = Streak.NONE;
      for (int i = 0; i < 40; i++) {
        boolean ok = random.nextInt(3) > 0;
        results.add(ok);
        streak = streak.after(ok, rise, fall);
        assertThat(streak.health())
            .as("seed %d, round %d, rise %d, fall %d: %s", seed, round, rise, fall, results)
            .isEqualTo(expected(results, rise, fall));
        assertThat(streak.length()).isEqualTo(runAtTheEnd(results));
        assertThat(streak.success()).isEqualTo(ok);
      }
    }
  }

  /// Looks from the end for the newest window of equal results that is long enough.
  private static Health expected(List<Boolean> results, int rise, int fall) {
    for (int end = results.size(); end > 0; end--) {
      if (end >= rise && !results.subList(end - rise, end).contains(false)) {
        return Health.HEALTHY;
      }
      if (end >= fall && !results.subList(end - fall, end).contains(true)) {
        return Health.UNHEALTHY;
      }
    }
    return Health.UNKNOWN;
  }

  private static int runAtTheEnd(List<Boolean> results) {
    List<Boolean> reversed = new ArrayList<>(results);
    Collections.reverse(reversed);
    int other = reversed.indexOf(!reversed.getFirst());
    return other < 0 ? reversed.size() : other;
  }
}
