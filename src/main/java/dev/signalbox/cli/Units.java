package dev.signalbox.cli;

import java.time.Duration;
import java.util.Locale;

/// Durations and sizes as a person reads them.
final class Units {
  private Units() {}

  static String time(Duration d) {
    double millis = d.toNanos() / 1e6;
    if (millis < 1_000) {
      return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
    if (d.toHours() > 1) {
      return d.toHours() + " h" + (d.toMinutesPart() == 0 ? "" : " " + d.toMinutesPart() + " min");
    }
    return millis < 120_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1_000)
        : String.format(Locale.ROOT, "%d min %d s", d.toMinutes(), d.toSecondsPart());
  }

  static String bytes(long bytes) {
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
