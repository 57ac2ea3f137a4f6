package dev.signalbox.engine.database;

import dev.signalbox.engine.environment.DatabaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a test looks at a database: at schema `public`, and often.
final class TestSettings {
  private TestSettings() {}

  static DatabaseSettings of(Path migrations) {
    return new DatabaseSettings(
        "",
        Map.of(),
        Optional.of(migrations),
        List.of("public"),
        Duration.ofMillis(500),
        Duration.ofMillis(100),
        List.of());
  }
}
