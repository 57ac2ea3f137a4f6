package dev.signalbox.strategy.observe;

import dev.signalbox.strategy.observe.StrategyAlert.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Compares the last minute with the limits of the documents. An alert is over only well below its
/// limit, so that it does not flicker. Thread-safe.
public final class StrategyAlerts {
  /// With fewer calls a share means nothing.
  public static final int ENOUGH_CALLS = 20;

  /// With fewer detections a mean means nothing.
  public static final int ENOUGH_DETECTIONS = 3;

  private static final double MAX_SHARE = 0.05;
  private static final double CLEAR_SHARE = 0.04;
  private static final double MAX_MILLIS = 100;
  private static final double CLEAR_MILLIS = 80;

  private final Set<Kind> raised = EnumSet.noneOf(Kind.class);

  /// @return what changed since the last time
  public synchronized List<StrategyAlert> evaluate(StrategyMetrics.Recent recent) {
    List<StrategyAlert> changes = new ArrayList<>();
    double share = recent.wrongStrategyShare();
    judge(
        Kind.WRONG_STRATEGY_RATE,
        recent.calls() >= ENOUGH_CALLS && share > MAX_SHARE,
        share < CLEAR_SHARE,
        String.format(
            Locale.ROOT,
            "%.1f %% of the last minute's %d calls were answered with 456; the limit is 5 %%.",
            share * 100,
            recent.calls()),
        changes);
    double millis = recent.detectionMean().toNanos() / 1e6;
    judge(
        Kind.SLOW_DETECTION,
        recent.detections() >= ENOUGH_DETECTIONS && millis > MAX_MILLIS,
        millis < CLEAR_MILLIS,
        String.format(
            Locale.ROOT,
            "The last minute's %d detections took %.0f ms in the mean; the limit is 100 ms.",
            recent.detections(),
            millis),
        changes);
    return List.copyOf(changes);
  }

  private void judge(
      Kind kind, boolean broken, boolean over, String sentence, List<StrategyAlert> changes) {
    if (broken && raised.add(kind)) {
      changes.add(new StrategyAlert(kind, true, sentence));
    } else if (over && raised.remove(kind)) {
      changes.add(new StrategyAlert(kind, false, sentence));
    }
  }

  /// What is broken now.
  public synchronized Set<Kind> raised() {
    return Set.copyOf(raised);
  }
}
