package dev.signalbox.engine.environment;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One environment: a service with a blue and a green stack.
///
/// @param folder of the file; relative paths in it start there
/// @param strategy null when the service has no query cluster
public record Environment(
    String name,
    Path folder,
    ReleaseSettings release,
    DatabaseSettings database,
    ApplicationSettings application,
    @Nullable StrategySettings strategy) {
  /// @param stallBudget a cutover that holds writes longer than this is undone; 50 ms to 60 s
  /// @param watch how long the target is watched after the cutover; 0 s to 24 h
  /// @param lease after this long without a sign of life another console may take over; 1 to 60 s
  public record ReleaseSettings(Duration stallBudget, Duration watch, Duration lease) {
    public static ReleaseSettings defaults() {
      return new ReleaseSettings(
          Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(2));
    }
  }
}
