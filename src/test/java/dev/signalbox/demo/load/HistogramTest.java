package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void isWithinAThirtySecondOfTheTruth() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      Histogram histogram = new Histogram();
      long[] waits = new long[1 + random.nextInt(2_000)];
      for (int i = 0; i < waits.length; i++) {
        waits[i] = random.nextLong(1L << (1 + random.nextInt(35)));
        histogram.add(Duration.ofNanos(waits[i] * 1_000));
      }
      Arrays.sort(waits);
      for (double share : new double[] {0, 0.5, 0.95, 0.999, 1}) {
        long exact = waits[Math.max(0, (int) Math.ceil(share * waits.length) - 1)];
        long found = histogram.quantile(share).toNanos() / 1_000;
        assertThat(found)
            .as("share %s of %s waits, seed %s, run %s", share, waits.length, seed, run)
            .isBetween(exact, exact + exact / 32);
      }
      assertThat(histogram.max()).isEqualTo(Duration.ofNanos(waits[waits.length - 1] * 1_000));
      assertThat(histogram.count()).isEqualTo(waits.length);
    }
  }

  @Test
  void hasNoQuantileOfNothing() {
    assertThat(new Histogram().quantile(0.99)).isZero();
  }
}
