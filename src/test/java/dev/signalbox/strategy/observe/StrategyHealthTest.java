package dev.signalbox.strategy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.observe.StrategyAlert.Kind;
import dev.signalbox.strategy.observe.StrategyHealth.Check;
import dev.signalbox.support.Await;
import dev.signalbox.support.ManualClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StrategyHealthTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");

  private static StrategyMetrics.Recent recent(
      long calls, long wrong, long detections, int millis) {
    return new StrategyMetrics.Recent(calls, wrong, detections, Duration.ofMillis(millis));
  }

  @Test
  void alertsOverTheLimitAndUntilWellBelowIt() {
    StrategyAlerts alerts = new StrategyAlerts();
    assertThat(alerts.evaluate(recent(19, 19, 2, 5_000))).as("not enough").isEmpty();
    assertThat(alerts.evaluate(recent(100, 5, 3, 100))).as("at the limit").isEmpty();
    assertThat(alerts.evaluate(recent(100, 6, 3, 101)))
        .containsExactly(
            new StrategyAlert(
                Kind.WRONG_STRATEGY_RATE,
                true,
                "6.0 % of the last minute's 100 calls were answered with 456; the limit is 5 %."),
            new StrategyAlert(
                Kind.SLOW_DETECTION,
                true,
                "The last minute's 3 detections took 101 ms in the mean; the limit is 100 ms."));
    assertThat(alerts.evaluate(recent(100, 50, 3, 500))).as("raised once").isEmpty();
    assertThat(alerts.evaluate(recent(100, 4, 3, 80))).as("not well below").isEmpty();
    assertThat(alerts.raised()).hasSize(2);
    assertThat(alerts.evaluate(recent(100, 3, 3, 79)))
        .extracting(StrategyAlert::raised)
        .containsExactly(false, false);
    alerts.evaluate(recent(100, 50, 0, 0));
    assertThat(alerts.evaluate(recent(0, 0, 0, 0))).as("no calls any more").hasSize(1);
    assertThat(alerts.raised()).isEmpty();
  }

  private static StrategyHealth.Result result(StrategyHealth health, Check check) {
    return Objects.requireNonNull(health.last().results().get(check));
  }

  @Test
  void looksAtCacheDetectionAndRecovery() throws Exception {
    ManualClock clock = new ManualClock();
    StrategyMetrics metrics = new StrategyMetrics(clock);
    AtomicInteger looks = new AtomicInteger();
    try (StrategyHealth health =
        StrategyHealth.start(
            metrics,
            Duration.ofMillis(100),
            _ -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("a listener that fails");
              }
            })) {
      assertThat(health.last().healthy()).isTrue();
      Await.until("it goes on after a failing listener", () -> looks.get() >= 2);
      for (int i = 0; i < 40; i++) {
        metrics.accept(KEY, new StrategyEvent.LookedUp(i % 2 == 0));
      }
      Await.until("the cache is bad", () -> !result(health, Check.CACHE).healthy());
      metrics.accept(KEY, new StrategyEvent.DetectionFailed("both 456", Duration.ofMillis(1)));
      Await.until("the detection is bad", () -> !result(health, Check.DETECTION).healthy());
      clock.pass(Duration.ofSeconds(6));
      Await.until(
          "the recovery is bad",
          () ->
              result(health, Check.RECOVERY)
                  .evidence()
                  .equals("The strategy is lost of sales at planner:443 for 6 s."));
      metrics.accept(KEY, new StrategyEvent.Detected(Strategy.GREEN, Duration.ofMillis(1)));
      Await.until("all is well again", () -> health.last().healthy());
    }
    Await.until(
        "the thread ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("strategy-health")));
  }
}
