package dev.signalbox.engine;

import java.time.Duration;
import java.util.Locale;

/// Durations as text: as configuration files and the command line write them, a whole number with
/// `ms`, `s`, `m` or `h`; and as sentences and screens say them.
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

  /// For a sentence or a screen, rounded to what a reader needs: `0.4 ms`, `41 ms`, `1.5 s`, `2 m
  /// 05 s`, `1 h 01 m`.
  public static String words(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (millis < 0.05) {
      return "0 ms";
    }
    if (millis < 0.95) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    if (millis < 999.5) {
      return String.format(Locale.ROOT, "%.0f ms", millis);
    }
    if (millis < 9_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }
    long seconds = Math.round(millis / 1000);
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60);
    }
    return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds / 3600 % 24);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a duration such as 500ms, 5s, 2m or 1h.");
  }
}
