package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.database.preflight.Preflight;
import dev.signalbox.engine.database.preflight.Reach;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.postgres.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Looks at the databases of an environment as a release would before it begins. Takes no lease and
/// leaves nothing behind.
final class Doctor {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private Doctor() {}

  /// @param from the side that a release would begin on
  static List<Diagnosis> look(Environment environment, Colour from) {
    Servers servers = new Servers(environment);
    return environment.databases().stream()
        .map(database -> new Diagnosis(database.name(), look(database, servers.of(database), from)))
        .toList();
  }

  private static List<Finding> look(
      DatabaseSettings database, Map<Colour, PostgresServer> servers, Colour from) {
    List<Finding> findings = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      PostgresServer server = Objects.requireNonNull(servers.get(colour));
      try {
        server.open("doctor", CONNECT).close();
      } catch (SQLException e) {
        findings.add(Reach.ofConsole(server, e));
      }
    }
    if (!findings.isEmpty()) {
      return findings;
    }
    try {
      return Preflight.all(servers, from, database.schemas());
    } catch (SQLException e) {
      return List.of(
          Finding.block(from, "The databases could not be looked at: " + e.getMessage(), ""));
    }
  }
}
