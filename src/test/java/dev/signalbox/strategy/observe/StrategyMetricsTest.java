package dev.signalbox.strategy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyEvent.SafePoint;
import dev.signalbox.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StrategyMetricsTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");

  private final ManualClock clock = new ManualClock();
  private final StrategyMetrics metrics = new StrategyMetrics(clock);

  private void happens(StrategyEvent... events) {
    for (StrategyEvent event : events) {
      metrics.accept(KEY, event);
    }
  }

  private void calls(int good, int wrong) {
    for (int i = 0; i < good + wrong; i++) {
      happens(new StrategyEvent.CallEnded("status", Duration.ofMillis(2), null));
    }
    for (int i = 0; i < wrong; i++) {
      happens(new StrategyEvent.WrongStrategy(Strategy.BLUE, "status"));
    }
  }

  @Test
  void countsEachEvent() {
    happens(
        new StrategyEvent.Detected(Strategy.BLUE, Duration.ofMillis(30)),
        new StrategyEvent.Detected(Strategy.BLUE, Duration.ofMillis(50)),
        new StrategyEvent.DetectionFailed("both answered 456", Duration.ofMillis(9)),
        new StrategyEvent.Announced(Strategy.BLUE, Strategy.GREEN),
        new StrategyEvent.AnnouncementWithdrawn(Strategy.BLUE, Strategy.GREEN),
        new StrategyEvent.Applied(
            Strategy.BLUE, Strategy.GREEN, Duration.ofSeconds(4), SafePoint.QUERY_CLEARED),
        new StrategyEvent.UnknownAnnounced("mauve"),
        new StrategyEvent.Invalidated(InvalidationTrigger.MANUAL),
        new StrategyEvent.Corrected("something"),
        new StrategyEvent.LookedUp(true),
        new StrategyEvent.LookedUp(true),
        new StrategyEvent.LookedUp(false),
        new StrategyEvent.QueryOpened("q1", Strategy.BLUE),
        new StrategyEvent.QueryOpened("q2", Strategy.BLUE),
        new StrategyEvent.QueryClosed("q1", Strategy.BLUE, Duration.ofSeconds(1), "cleared"),
        new StrategyEvent.CallEnded("status", Duration.ofMillis(3), ErrorClass.TRANSIENT));
    StrategyMetrics.Snapshot s = metrics.snapshot();
    assertThat(s.detection().mean()).isEqualTo(Duration.ofMillis(40));
    assertThat(s.detectionsFailed()).isEqualTo(1);
    assertThat(s.announced()).isEqualTo(1);
    assertThat(s.withdrawn()).isEqualTo(1);
    assertThat(s.transition().mean()).isEqualTo(Duration.ofSeconds(4));
    assertThat(s.unknownAnnounced()).isEqualTo(1);
    assertThat(s.corrected()).isEqualTo(1);
    assertThat(s.cacheHitShare()).isEqualTo(2 / 3.0);
    assertThat(s.openQueries()).isEqualTo(1);
    assertThat(s.errors())
        .hasSize(ErrorClass.values().length)
        .containsEntry(ErrorClass.TRANSIENT, 1L);
    assertThat(s.invalidated()).containsEntry(InvalidationTrigger.MANUAL, 1L);
    assertThat(s.lostSince()).as("found by the next look-up").isEmpty();
  }

  @Test
  void knowsTheRateOfTheLastMinuteOnly() {
    calls(90, 10);
    assertThat(metrics.snapshot().recent().wrongStrategyShare()).isEqualTo(0.1);
    clock.pass(Duration.ofSeconds(30));
    calls(100, 0);
    assertThat(metrics.snapshot().recent().wrongStrategyShare()).isEqualTo(0.05);
    clock.pass(Duration.ofSeconds(30));
    assertThat(metrics.snapshot().recent())
        .isEqualTo(new StrategyMetrics.Recent(100, 0, 0, Duration.ZERO));
    clock.pass(Duration.ofHours(-1));
    assertThat(metrics.snapshot().recent().calls()).as("the clock went back").isZero();
    calls(7, 0);
    assertThat(metrics.snapshot().recent().calls()).isEqualTo(7);
  }

  @Test
  void writesValidPrometheusText() {
    happens(
        new StrategyEvent.Detected(Strategy.BLUE, Duration.ofMillis(30)),
        new StrategyEvent.Detected(Strategy.BLUE, Duration.ofMinutes(2)));
    calls(15, 5);
    String text = metrics.snapshot().toPrometheus();
    Pattern line =
        Pattern.compile(
            "# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\\{(le|class|trigger)=\"[^\"]+\"})? [0-9.]+");
    assertThat(text.lines()).allMatch(l -> line.matcher(l).matches());
    assertThat(text).endsWith("\n");
    assertThat(text.lines())
        .contains(
            "signalbox_strategy_detection_seconds_bucket{le=\"0.025\"} 0",
            "signalbox_strategy_detection_seconds_bucket{le=\"0.05\"} 1",
            "signalbox_strategy_detection_seconds_bucket{le=\"60\"} 1",
            "signalbox_strategy_detection_seconds_bucket{le=\"+Inf\"} 2",
            "signalbox_strategy_detection_seconds_sum 120.03",
            "signalbox_strategy_detection_seconds_count 2",
            "signalbox_strategy_wrong_strategy_total 5",
            "signalbox_strategy_errors_total{class=\"timeout\"} 0",
            "signalbox_strategy_wrong_strategy_ratio 0.25");
    assertThat(text.lines().filter(l -> l.startsWith("# TYPE")).distinct().count())
        .isEqualTo(text.lines().filter(l -> l.startsWith("# TYPE")).count());
  }

  @Test
  void eachDurationFallsIntoItsBucket() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Histogram histogram = new Histogram();
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long value =
          random.nextInt(3) == 0
              ? 1_000_000L * Histogram.BOUNDS_MILLIS.get(random.nextInt(15))
              : (long) Math.exp(random.nextDouble() * 26);
      nanos.add(value);
      histogram.add(Duration.ofNanos(value));
    }
    Times times = histogram.times();
    for (int i = 0; i < Histogram.BOUNDS_MILLIS.size(); i++) {
      long bound = 1_000_000L * Histogram.BOUNDS_MILLIS.get(i);
      assertThat(times.cumulative().get(i))
          .as("seed %d, bucket %d", seed, i)
          .isEqualTo(nanos.stream().filter(n -> n <= bound).count());
    }
    assertThat(times.count()).isEqualTo(5_000);
    assertThat(times.total().toNanos()).isEqualTo(nanos.stream().mapToLong(n -> n).sum());
  }

  @Test
  void threadsLoseNoCount() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(Thread.ofPlatform().start(() -> calls(9_000, 1_000)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    StrategyMetrics.Snapshot s = metrics.snapshot();
    assertThat(s.call().count()).isEqualTo(40_000);
    assertThat(s.wrongStrategy()).isEqualTo(4_000);
    assertThat(s.recent().wrongStrategyShare()).isEqualTo(0.1);
  }
}
