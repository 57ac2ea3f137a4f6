package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateMeterTest {
  private static final long STEP = 100_000_000;

  @Test
  void aSteadyRateIsShownAsItIs() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 15_000_000_000L);
    RateMeter meter = new RateMeter(clock::get);
    for (int tenths = 0; tenths < 300; tenths++) {
      meter.call(tenths % 2 == 0);
      meter.query();
      clock.addAndGet(STEP);
      if (tenths >= 30) {
        assertThat(meter.figures().callsPerSecond()).isCloseTo(10, within(0.5));
        assertThat(meter.figures().queriesPerSecond()).isCloseTo(10, within(0.5));
        assertThat(meter.figures().wrongStrategyShare()).isCloseTo(0.5, within(0.02));
      }
    }
    clock.addAndGet(STEP * 120);
    assertThat(meter.figures().callsPerSecond()).isZero();
  }
}
