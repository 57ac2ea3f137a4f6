package dev.signalbox.strategy;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a [StrategyConfig] from properties. No state.
final class StrategyProperties {
  static final String PREFIX = "signalbox.strategy.";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h|d)");

  private static final Map<String, BiFunction<StrategyConfig, String, StrategyConfig>> KEYS =
      new TreeMap<>(
          Map.of(
              "cache-ttl",
              (config, text) -> config.withCacheTtl(duration("cache-ttl", text)),
              "retry-attempts",
              (config, text) -> config.withRetryAttempts(number("retry-attempts", text)),
              "detection-timeout",
              (config, text) -> config.withDetectionTimeout(duration("detection-timeout", text)),
              "call-timeout",
              (config, text) -> config.withCallTimeout(duration("call-timeout", text)),
              "prepare-timeout",
              (config, text) -> config.withPrepareTimeout(duration("prepare-timeout", text)),
              "max-query-age",
              (config, text) -> config.withMaxQueryAge(duration("max-query-age", text)),
              "max-open-queries",
              (config, text) -> config.withMaxOpenQueries(number("max-open-queries", text))));

  private StrategyProperties() {}

  static StrategyConfig read(Map<String, String> properties) {
    StrategyConfig config = StrategyConfig.defaults();
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (property.getKey().startsWith(PREFIX)) {
        String name = property.getKey().substring(PREFIX.length());
        BiFunction<StrategyConfig, String, StrategyConfig> setter = KEYS.get(name);
        if (setter == null) {
          throw new IllegalArgumentException(unknown(name));
        }
        config = setter.apply(config, property.getValue());
      }
    }
    return config;
  }

  /// @throws IllegalArgumentException for anything but a whole number with its unit
  static Duration duration(String name, String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s%s' must be a whole number with its unit (ms, s, m, h or d), for example '300s', not '%s'."
              .formatted(PREFIX, name, shortened(text)));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /// As [#duration] reads it, rounded to milliseconds.
  static String text(Duration value) {
    return value.toMillisPart() == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s%s' must be a whole number, not '%s'.".formatted(PREFIX, name, shortened(text)), e);
    }
  }

  private static String unknown(String name) {
    String nearest = nearest(name);
    return "'%s%s' is not known. %s"
        .formatted(
            PREFIX,
            shortened(name),
            nearest == null
                ? "Known are: " + String.join(", ", KEYS.keySet()) + "."
                : "Did you mean '" + PREFIX + nearest + "'?");
  }

  private static @Nullable String nearest(String name) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : KEYS.keySet()) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate);
      if (distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return best;
  }

  /// Edits from one word to the other (Levenshtein). The library stands alone, so it cannot use the
  /// one of the environment file.
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 20) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  private static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
