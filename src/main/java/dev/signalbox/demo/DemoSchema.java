package dev.signalbox.demo;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.migration.ScriptException;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.postgres.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;

/// Gives blue the schema that it begins with, by the same runner as a release.
final class DemoSchema {
  private DemoSchema() {}

  static void applyFirstVersion(Environment environment)
      throws IOException, SQLException, InterruptedException {
    DatabaseSettings database = environment.databases().getFirst();
    ServerSettings blue = Objects.requireNonNull(database.servers().get(Colour.BLUE));
    PostgresServer server = new PostgresServer(Colour.BLUE, PostgresServer.Coordinates.of(blue));
    try {
      new Migrations(database.migrations(), database.schemas())
          .apply(server, 0, "1", version -> {});
    } catch (ScriptException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
