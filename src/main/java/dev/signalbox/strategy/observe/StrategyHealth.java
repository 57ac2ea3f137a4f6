package dev.signalbox.strategy.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Looks every 30 s at the metrics: is the cache of use, are stacks found, is a lost one found
/// again. Alerts are evaluated with it and logged.
///
/// Has one daemon thread of its own, which calls the listener, until it is closed.
public final class StrategyHealth implements AutoCloseable {
  /// Between two looks.
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(StrategyHealth.class);
  private static final int ENOUGH_LOOK_UPS = 20;
  private static final double CACHE_HIT_TARGET = 0.95;

  /// A cluster is found again within a second; beyond this it is not being found.
  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(5);

  private final StrategyMetrics metrics;
  private final Consumer<Report> listener;
  private final StrategyAlerts alerts = new StrategyAlerts();
  private final ScheduledExecutorService thread;
  private volatile Report last;
  private StrategyMetrics.Snapshot before;

  /// What is looked at.
  public enum Check {
    CACHE,
    DETECTION,
    RECOVERY
  }

  /// @param evidence a sentence
  public record Result(boolean healthy, String evidence) {}

  /// One look. Immutable.
  ///
  /// @param results every check is there
  /// @param changes alerts raised and cleared by this look
  /// @param raised alerts that stand
  public record Report(
      Instant at,
      Map<Check, Result> results,
      List<StrategyAlert> changes,
      Set<StrategyAlert.Kind> raised) {
    public Report {
      results = Map.copyOf(results);
      changes = List.copyOf(changes);
      raised = Set.copyOf(raised);
    }

    public boolean healthy() {
      return raised.isEmpty() && results.values().stream().allMatch(Result::healthy);
    }
  }

  private StrategyHealth(StrategyMetrics metrics, Consumer<Report> listener) {
    this.metrics = metrics;
    this.listener = listener;
    this.before = metrics.snapshot();
    this.last = judge(before);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("strategy-health").daemon().factory());
  }

  /// @param listener gets each report, on the health thread
  public static StrategyHealth start(StrategyMetrics metrics, Consumer<Report> listener) {
    return start(metrics, INTERVAL, listener);
  }

  static StrategyHealth start(
      StrategyMetrics metrics, Duration interval, Consumer<Report> listener) {
    StrategyHealth health = new StrategyHealth(metrics, listener);
    long millis = interval.toMillis();
    var _ = health.thread.scheduleAtFixedRate(health::look, millis, millis, TimeUnit.MILLISECONDS);
    return health;
  }

  /// The last look.
  public Report last() {
    return last;
  }

  private void look() {
    try {
      StrategyMetrics.Snapshot now = metrics.snapshot();
      Report report = judge(now);
      before = now;
      last = report;
      for (StrategyAlert alert : report.changes()) {
        LOG.atLevel(alert.raised() ? Level.WARN : Level.INFO)
            .log("{} {}: {}", alert.kind(), alert.raised() ? "raised" : "over", alert.sentence());
      }
      listener.accept(report);
    } catch (RuntimeException e) {
      // Most likely the listener's. Without this the thread would end here for good.
      LOG.warn("A look at the health of strategies failed; the next one follows.", e);
    }
  }

  private Report judge(StrategyMetrics.Snapshot now) {
    Map<Check, Result> results = new EnumMap<>(Check.class);
    results.put(Check.CACHE, cache(now));
    results.put(Check.DETECTION, detection(now));
    results.put(Check.RECOVERY, recovery(now));
    List<StrategyAlert> changes = alerts.evaluate(now.recent());
    return new Report(now.at(), results, changes, alerts.raised());
  }

  private Result cache(StrategyMetrics.Snapshot now) {
    long hits = now.cacheHits() - before.cacheHits();
    long all = hits + now.cacheMisses() - before.cacheMisses();
    if (all < ENOUGH_LOOK_UPS) {
      return new Result(true, all + " look-ups since the last look; too few to judge.");
    }
    double share = (double) hits / all;
    return new Result(
        share > CACHE_HIT_TARGET,
        "%d of %d look-ups since the last look knew the strategy; more than 95 %% should."
            .formatted(hits, all));
  }

  private Result detection(StrategyMetrics.Snapshot now) {
    long failed = now.detectionsFailed() - before.detectionsFailed();
    long detected = now.detection().count() - before.detection().count();
    return new Result(
        failed == 0,
        failed + " detections failed and " + detected + " ended well since the last look.");
  }

  private Result recovery(StrategyMetrics.Snapshot now) {
    List<String> lost = new ArrayList<>();
    now.lostSince()
        .forEach((key, since) -> {
          Duration time = Duration.between(since, now.at());
          if (time.compareTo(RECOVERY_LIMIT) > 0) {
            lost.add(key + " for " + time.toSeconds() + " s");
          }
        });
    return lost.isEmpty()
        ? new Result(true, "No strategy is lost.")
        : new Result(
            false,
            "The strategy is lost of " + String.join(", ", lost.stream().sorted().toList()) + ".");
  }

  /// Ends the thread; a look that runs is finished.
  @Override
  public void close() {
    thread.shutdown();
  }
}
