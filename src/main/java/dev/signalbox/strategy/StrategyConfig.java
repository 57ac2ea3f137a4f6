package dev.signalbox.strategy;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// How a strategy manager behaves. Immutable.
///
/// How much is logged is not set here: the library logs through slf4j under
/// `dev.signalbox.strategy`, and DEBUG, INFO, WARNING and ERROR are chosen where the application
/// sets all its log levels.
///
/// @param cacheTtl after this a detected strategy is detected again: 60 to 1800 s, default 300 s
/// @param retryAttempts of a call that failed in a way that repeating may mend: 1 to 10, default 3
/// @param detectionTimeout for one detection over both stacks: 10 to 120 s, default 30 s
/// @param callTimeout of each call that does not last as long as a query: 1 s to 1 h, default 60 s
/// @param prepareTimeout of each call that lasts as long as the query may: prepare, execute, fetch
///   and explainAnalyze: 1 s to 1 h, default 600 s
/// @param maxQueryAge after this a query that nobody ended no longer holds back a change: 60 s to 7
///   days, default 24 h
/// @param maxOpenQueries that may be pinned at once: 1 to 1,000,000, default 10,000
public record StrategyConfig(
    Duration cacheTtl,
    int retryAttempts,
    Duration detectionTimeout,
    Duration callTimeout,
    Duration prepareTimeout,
    Duration maxQueryAge,
    int maxOpenQueries) {
  private static final StrategyConfig DEFAULTS =
      new StrategyConfig(
          Duration.ofSeconds(300),
          3,
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(600),
          Duration.ofHours(24),
          10_000);

  /// @throws IllegalArgumentException for a value out of its range; names it, the range and the
  ///   default
  public StrategyConfig {
    within("cache-ttl", cacheTtl, "60s", "1800s", "300s");
    within("retry-attempts", retryAttempts, 1, 10, 3);
    within("detection-timeout", detectionTimeout, "10s", "120s", "30s");
    within("call-timeout", callTimeout, "1s", "1h", "60s");
    within("prepare-timeout", prepareTimeout, "1s", "1h", "600s");
    within("max-query-age", maxQueryAge, "1m", "7d", "24h");
    within("max-open-queries", maxOpenQueries, 1, 1_000_000, 10_000);
  }

  public static StrategyConfig defaults() {
    return DEFAULTS;
  }

  /// Reads the keys that begin with `signalbox.strategy.`, for example
  /// `signalbox.strategy.cache-ttl=300s`; other keys belong to others and are ignored. Durations
  /// carry their unit: `ms`, `s`, `m`, `h` or `d`. What is missing has its default.
  ///
  /// @throws IllegalArgumentException for an unknown key (names the nearest known one), a value
  ///   that cannot be read, or one out of its range
  public static StrategyConfig fromProperties(Map<String, String> properties) {
    return StrategyProperties.read(properties);
  }

  /// Reads the properties with their own defaults, as [#fromProperties(Map)] does.
  public static StrategyConfig fromProperties(Properties properties) {
    Map<String, String> map = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      map.put(key, properties.getProperty(key));
    }
    return fromProperties(map);
  }

  public StrategyConfig withCacheTtl(Duration value) {
    return new StrategyConfig(
        value,
        retryAttempts,
        detectionTimeout,
        callTimeout,
        prepareTimeout,
        maxQueryAge,
        maxOpenQueries);
  }

  public StrategyConfig withRetryAttempts(int value) {
    return new StrategyConfig(
        cacheTtl,
        value,
        detectionTimeout,
        callTimeout,
        prepareTimeout,
        maxQueryAge,
        maxOpenQueries);
  }

  public StrategyConfig withDetectionTimeout(Duration value) {
    return new StrategyConfig(
        cacheTtl, retryAttempts, value, callTimeout, prepareTimeout, maxQueryAge, maxOpenQueries);
  }

  public StrategyConfig withCallTimeout(Duration value) {
    return new StrategyConfig(
        cacheTtl,
        retryAttempts,
        detectionTimeout,
        value,
        prepareTimeout,
        maxQueryAge,
        maxOpenQueries);
  }

  public StrategyConfig withPrepareTimeout(Duration value) {
    return new StrategyConfig(
        cacheTtl, retryAttempts, detectionTimeout, callTimeout, value, maxQueryAge, maxOpenQueries);
  }

  public StrategyConfig withMaxQueryAge(Duration value) {
    return new StrategyConfig(
        cacheTtl,
        retryAttempts,
        detectionTimeout,
        callTimeout,
        prepareTimeout,
        value,
        maxOpenQueries);
  }

  public StrategyConfig withMaxOpenQueries(int value) {
    return new StrategyConfig(
        cacheTtl, retryAttempts, detectionTimeout, callTimeout, prepareTimeout, maxQueryAge, value);
  }

  private static void within(String name, Duration value, String least, String most, String usual) {
    if (value.compareTo(StrategyProperties.duration(name, least)) < 0
        || value.compareTo(StrategyProperties.duration(name, most)) > 0) {
      throw outside(name, StrategyProperties.text(value), least, most, usual);
    }
  }

  private static void within(String name, int value, int least, int most, int usual) {
    if (value < least || value > most) {
      throw outside(
          name,
          Integer.toString(value),
          Integer.toString(least),
          Integer.toString(most),
          Integer.toString(usual));
    }
  }

  private static IllegalArgumentException outside(
      String name, String value, String least, String most, String usual) {
    return new IllegalArgumentException(
        "'%s%s' is %s, but must be %s to %s; the default is %s."
            .formatted(StrategyProperties.PREFIX, name, value, least, most, usual));
  }
}
