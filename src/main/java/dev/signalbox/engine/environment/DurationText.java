package dev.signalbox.engine.environment;

import java.time.Duration;

/// Durations as configuration files and the command line write them: a whole number with `ms`, `s`,
/// `m` or `h`.
public final class DurationText {
  private DurationText() {}

  /// Reads `500ms`, `5s`, `2m` or `1h`.
  ///
  /// @throws IllegalArgumentException with a sentence, when the text is something else
  public static Duration parse(String text) {
    int unit = 0;
    while (unit < text.length() && text.charAt(unit) >= '0' && text.charAt(unit) <= '9') {
      unit++;
    }
    if (unit == 0 || unit > 9) {
      throw wrong(text);
    }
    long number = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> throw wrong(text);
    };
  }

  /// Writes what [#parse] reads, in the largest unit that fits; less than a millisecond is cut off.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a duration such as 500ms, 5s, 2m or 1h.");
  }
}
