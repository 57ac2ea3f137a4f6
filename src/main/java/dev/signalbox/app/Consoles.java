package dev.signalbox.app;

import dev.signalbox.cli.ConfigurationException;
import dev.signalbox.cli.Engines;
import dev.signalbox.driver.DriverClient;
import dev.signalbox.driver.DriverException;
import dev.signalbox.driver.DriverSocket;
import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.MigrationControl;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.EnvironmentFile;
import dev.signalbox.engine.environment.Problem;
import dev.signalbox.engine.journal.JournalAudit;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Opens consoles on what `signalbox.yaml` describes.
final class Consoles implements Engines {
  @Override
  public Engine open(Path file, Intent intent) throws ConfigurationException {
    Environment environment = read(file);
    try {
      return switch (intent) {
        case DRIVE -> new Console(environment, ReleaseEngine.Role.DRIVE);
        case LOOK -> new Console(environment, ReleaseEngine.Role.LOOK_ON);
        case RESIDE -> new ResidentConsole(DriverSocket.of(file), environment);
      };
    } catch (DriverException e) {
      throw e;
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(Objects.requireNonNullElse(e.getMessage(), e.toString())));
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  @Override
  public Optional<Engine> resident(Path file) throws ConfigurationException {
    try {
      return Files.exists(file) ? DriverClient.connect(DriverSocket.of(file)) : Optional.empty();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(
              "The resident driver cannot be reached: "
                  + Objects.requireNonNullElse(e.getMessage(), e.toString())));
    }
  }

  @Override
  public MigrationControl migrations(Path file, String database) throws ConfigurationException {
    Environment environment = read(file);
    try {
      return new ServerMigrations(environment, named(environment, database));
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  @Override
  public List<Diagnosis> diagnose(Path file, Colour from) throws ConfigurationException {
    Environment environment = read(file);
    if (environment.databases().isEmpty()) {
      throw new ConfigurationException(
          List.of("This environment has no database, so there is nothing to look at."));
    }
    try {
      return Doctor.look(environment, from);
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  @Override
  public AuditReport audit(Path file) throws ConfigurationException {
    Environment environment = read(file);
    Servers servers;
    try {
      servers = new Servers(environment);
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
    return JournalAudit.verify(servers.journal());
  }

  /// @param name empty when there is only one
  private static DatabaseSettings named(Environment environment, String name)
      throws ConfigurationException {
    List<DatabaseSettings> all = environment.databases();
    if (all.isEmpty()) {
      throw new ConfigurationException(
          List.of("This environment has no database, so there is nothing to migrate."));
    }
    if (name.isEmpty() && all.size() == 1) {
      return all.getFirst();
    }
    return all.stream()
        .filter(database -> database.name().equals(name) && !name.isEmpty())
        .findFirst()
        .orElseThrow(() ->
            new ConfigurationException(
                List.of(
                    "Say which database: --database "
                        + String.join(", ", all.stream().map(DatabaseSettings::name).toList())
                        + ".")));
  }

  static Environment read(Path file) throws ConfigurationException {
    return switch (EnvironmentFile.read(file)) {
      case EnvironmentFile.Result.Loaded loaded -> loaded.environment();
      case EnvironmentFile.Result.Invalid invalid ->
          throw new ConfigurationException(
              invalid.problems().stream().map(Problem::toString).toList());
    };
  }
}
