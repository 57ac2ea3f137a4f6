package dev.signalbox.engine.database;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Two servers that a test has for itself, to freeze and to end, with a bank on blue and a console.
final class OwnServers implements AutoCloseable {
  final EmbeddedPostgres blue;
  final EmbeddedPostgres green;
  final PostgresServer source;
  final PostgresServer target;
  final Path scripts;
  final PlaneDriver console;

  OwnServers(Path folder, String environment) throws Exception {
    blue = EmbeddedPostgres.start(folder, "blue", Map.of());
    green = EmbeddedPostgres.start(folder, "green", Map.of());
    source = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));
    target = new PostgresServer(Colour.GREEN, green.coordinates("postgres"));
    BankSchema.create(source);
    scripts = BankSchema.migrations(Files.createDirectory(folder.resolve("scripts")));
    console =
        new PlaneDriver(environment, Map.of(Colour.BLUE, source, Colour.GREEN, target), scripts);
  }

  @Override
  public void close() throws IOException {
    console.close();
    green.close();
    blue.close();
  }
}
