package dev.signalbox.engine;

import java.util.Locale;

/// Sizes for a sentence.
public final class SizeText {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private SizeText() {}

  /// With a decimal prefix: `512 B`, `8.2 kB`, `31.4 GB`; one decimal below 100.
  public static String words(long bytes) {
    double shown = bytes;
    int unit = 0;
    while (shown >= 999.5 && unit < UNITS.length - 1) {
      shown /= 1000;
      unit++;
    }
    String pattern = unit > 0 && shown < 99.95 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, pattern, shown, UNITS[unit]);
  }
}
