package dev.signalbox.demo.load;

import java.time.Duration;
import java.util.Locale;

/// How fast a run is loaded, in requests a second, and how that was found.
///
/// @param asked as the caller wished
/// @param carried about how many the machine carries; [#asked] when it carries as many
/// @param rate of the run
/// @param steady whether the service was steady when the run began
/// @param warmUp how long that took
public record LoadRate(int asked, int carried, int rate, boolean steady, Duration warmUp) {
  /// Whether the machine cannot carry what was asked for.
  public boolean isLowered() {
    return rate < asked;
  }

  /// For whoever runs the demo, when it begins.
  String sentence() {
    String found =
        isLowered()
            ? String.format(
                Locale.ROOT,
                "this machine carries about %,d of %,d requests/s; the demo goes on at %,d",
                carried,
                asked,
                rate)
            : String.format(Locale.ROOT, "the demo goes on at %,d requests/s", rate);
    return (steady ? "Warm after " : "Not steady within ")
        + Math.round(warmUp.toMillis() / 1000.0)
        + " s: "
        + found;
  }
}
