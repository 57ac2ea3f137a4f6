package dev.signalbox.demo;

import dev.signalbox.cluster.ClusterServer;
import dev.signalbox.cluster.access.PasswordHash;
import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.Ports;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.StrategySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postgresql.core.Utils;

/// The query cluster of a demo: a process of its own in front of both databases.
final class DemoCluster {
  /// Who queries; a role of both databases and a user of the cluster.
  static final String ROLE = "bank_query";

  /// How long a move waits for queries; the demo's longest ones end sooner.
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /// Its users are ours, and their password is random: a slow hash would protect nothing.
  private static final int ITERATIONS = 10_000;

  private final Path folder;
  private final DemoSecrets secrets;
  private final ProcessSettings process;

  /// Starts nothing yet.
  DemoCluster(Path folder, DemoSecrets secrets, DemoJvm jvm) {
    this.folder = folder;
    this.secrets = secrets;
    this.process =
        new ProcessSettings(
            "cluster",
            jvm.command(List.of(ClusterServer.class.getName(), "--config", config().toString())),
            Map.of(),
            folder.resolve("cluster"));
  }

  ProcessSettings process() {
    return process;
  }

  Path readyFile() {
    return folder.resolve("cluster.ready");
  }

  private Path config() {
    return folder.resolve("cluster.yaml");
  }

  /// Makes the role of the queries on a server: it may read everything, and nothing else.
  ///
  /// @param maintenance on the server, to any database
  /// @param database on the one that is queried
  void createRole(Connection maintenance, Connection database) throws IOException, SQLException {
    StringBuilder literal = new StringBuilder();
    Utils.escapeLiteral(literal, secrets.read("query.password"), true);
    try (Statement statement = maintenance.createStatement()) {
      statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + literal + "'");
      statement.execute("GRANT pg_read_all_data TO " + ROLE);
    }
    // All users of the cluster are this role, and a role may end sessions of its own.
    try (Statement statement = database.createStatement()) {
      statement.execute(
          "REVOKE EXECUTE ON FUNCTION pg_cancel_backend(integer),"
              + " pg_terminate_backend(integer, bigint) FROM PUBLIC");
    }
  }

  /// Writes what the process reads when it starts. Its ports are fixed: started again, it is found
  /// where it was.
  void writeConfig(Map<Colour, EmbeddedPostgres> servers) throws IOException {
    secrets.write("cluster.token");
    secrets.write("query.password");
    String hash = PasswordHash.of(secrets.read("query.password").toCharArray(), ITERATIONS).text();
    secrets.write("cluster.users", ROLE + ":" + hash);
    StringBuilder yaml =
        new StringBuilder(
            """
            listen: 127.0.0.1:%d
            control: { listen: "127.0.0.1:%d", token: { file: cluster.token } }
            stateFile: cluster.state
            readyFile: cluster.ready
            users: cluster.users
            engines:
            """
                .formatted(Ports.free(), Ports.free()));
    for (Colour colour : Colour.values()) {
      EmbeddedPostgres server = java.util.Objects.requireNonNull(servers.get(colour));
      yaml.append(
          "  %s: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: { file: query.password } }\n"
              .formatted(colour, server.port(), DemoSite.DATABASE, ROLE));
    }
    Files.writeString(config(), yaml);
  }

  /// The settings of a console, when the cluster listens.
  StrategySettings settings(URI control) {
    return new StrategySettings(
        control,
        new SecretSource.InFile(secrets.path("cluster.token")),
        DRAIN,
        Duration.ofMillis(500));
  }
}
