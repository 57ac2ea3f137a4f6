package dev.signalbox.engine.environment;

import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One environment: a service with a blue and a green stack. It has at least one plane.
///
/// @param folder of the file; relative paths in it start there
/// @param journal where journal and lease are; null when the databases keep them
/// @param databases none when they stay as they are
/// @param application null when nothing of it changes over
/// @param strategy null when the service has no query cluster
public record Environment(
    String name,
    Path folder,
    ReleaseSettings release,
    @Nullable ServerSettings journal,
    List<DatabaseSettings> databases,
    @Nullable ApplicationSettings application,
    @Nullable StrategySettings strategy) {
  public Environment {
    databases = List.copyOf(databases);
  }

  /// @param stallBudget a cutover that holds writes longer than this is undone; 50 ms to 60 s
  /// @param watch how long the target is watched after the cutover; 0 s to 24 h
  /// @param lease after this long without a sign of life another console may take over; 1 to 60 s
  public record ReleaseSettings(Duration stallBudget, Duration watch, Duration lease) {
    public static ReleaseSettings defaults() {
      SettingsSchema schema = EnvironmentFile.SETTINGS;
      return new ReleaseSettings(
          schema.usualDuration("/release/stallBudget"),
          schema.usualDuration("/release/watch"),
          schema.usualDuration("/release/lease"));
    }
  }

  /// The longest time between two looks of a database; a second without one.
  public Duration poll() {
    return databases.stream()
        .map(DatabaseSettings::poll)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ofSeconds(1));
  }
}
