package dev.signalbox.strategy.observe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes a snapshot in Prometheus' text format 0.0.4. One use, one thread.
final class PrometheusText {
  private static final String NAME = "signalbox_strategy_";

  private final StringBuilder text = new StringBuilder();

  private PrometheusText() {}

  static String of(StrategyMetrics.Snapshot s) {
    PrometheusText text = new PrometheusText();
    text.histogram("detection_seconds", "Time of detections that ended well.", s.detection());
    text.histogram("transition_seconds", "From announcement to application.", s.transition());
    text.histogram("call_seconds", "Time of calls.", s.call());
    text.counter("detections_failed_total", "No stack accepted.", s.detectionsFailed());
    text.counter("announced_total", "Announcements of another strategy.", s.announced());
    text.counter("announcements_withdrawn_total", "Announcements taken back.", s.withdrawn());
    text.counter(
        "unknown_announced_total", "Announcements neither blue nor green.", s.unknownAnnounced());
    text.counter("corrected_total", "States that were mended.", s.corrected());
    text.counter("wrong_strategy_total", "Calls answered with 456.", s.wrongStrategy());
    text.counter("cache_hits_total", "Look-ups that knew the strategy.", s.cacheHits());
    text.counter("cache_misses_total", "Look-ups that did not.", s.cacheMisses());
    text.labelled("errors_total", "Failed calls by class.", "class", s.errors());
    text.labelled("invalidated_total", "Forgotten by trigger.", "trigger", s.invalidated());
    text.gauge("open_queries", "Queries mapped to a strategy.", s.openQueries());
    text.gauge("lost_clusters", "Clusters whose strategy is not found.", s.lostSince().size());
    text.gauge(
        "wrong_strategy_ratio",
        "Calls of the last minute answered with 456.",
        s.recent().wrongStrategyShare());
    return text.text.toString();
  }

  private void head(String name, String help, String type) {
    text.append("# HELP ").append(NAME).append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(NAME).append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, Object value) {
    text.append(NAME).append(name).append(' ').append(value).append('\n');
  }

  private void counter(String name, String help, long value) {
    head(name, help, "counter");
    line(name, value);
  }

  private void gauge(String name, String help, Number value) {
    head(name, help, "gauge");
    line(name, value);
  }

  private void labelled(
      String name, String help, String label, Map<? extends Enum<?>, Long> values) {
    head(name, help, "counter");
    Map<String, Long> sorted = new TreeMap<>();
    values.forEach((value, count) -> sorted.put(value.name().toLowerCase(Locale.ROOT), count));
    sorted.forEach((value, count) -> line(name + "{" + label + "=\"" + value + "\"}", count));
  }

  private void histogram(String name, String help, Times times) {
    head(name, help, "histogram");
    for (int i = 0; i < Histogram.BOUNDS_MILLIS.size(); i++) {
      String bound = seconds(Duration.ofMillis(Histogram.BOUNDS_MILLIS.get(i)));
      line(name + "_bucket{le=\"" + bound + "\"}", times.cumulative().get(i));
    }
    line(name + "_bucket{le=\"+Inf\"}", times.count());
    line(name + "_sum", seconds(times.total()));
    line(name + "_count", times.count());
  }

  private static String seconds(Duration value) {
    return BigDecimal.valueOf(value.toNanos(), 9).stripTrailingZeros().toPlainString();
  }
}
