package dev.signalbox.app;

import dev.signalbox.cli.ConfigurationException;
import dev.signalbox.cli.Engines;
import dev.signalbox.driver.DriverClient;
import dev.signalbox.driver.DriverException;
import dev.signalbox.driver.DriverSocket;
import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.MigrationControl;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.EnvironmentFile;
import dev.signalbox.engine.environment.Problem;
import dev.signalbox.engine.journal.JournalAudit;
import dev.signalbox.engine.postgres.PostgresServer;
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
  public MigrationControl migrations(Path file) throws ConfigurationException {
    Environment environment = read(file);
    try {
      return new ServerMigrations(environment);
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  @Override
  public AuditReport audit(Path file) throws ConfigurationException {
    Environment environment = read(file);
    List<PostgresServer> servers;
    try {
      servers = List.copyOf(Console.servers(environment).values());
    } catch (IllegalStateException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
    try {
      return JournalAudit.verify(servers);
    } finally {
      servers.forEach(PostgresServer::close);
    }
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
