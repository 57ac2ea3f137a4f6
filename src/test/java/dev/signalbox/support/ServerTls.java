package dev.signalbox.support;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Gives a running server of a test its certificate and its `pg_hba.conf`. The server writes the
/// files itself, so that they are its own, whoever runs it.
public final class ServerTls {
  private ServerTls() {}

  /// From now on the server takes TLS, and certificates of clients that `clients` vouches for.
  public static void enable(
      EmbeddedPostgres server, TestCertificates.Pair pair, TestCertificates clients)
      throws SQLException, IOException, InterruptedException {
    write(server, "server.crt", Files.readString(pair.certificate()));
    write(server, "server.key", Files.readString(pair.key()));
    write(server, "clients.crt", Files.readString(clients.root()));
    execute(
        server,
        "ALTER SYSTEM SET ssl = on",
        "ALTER SYSTEM SET ssl_cert_file = 'server.crt'",
        "ALTER SYSTEM SET ssl_key_file = 'server.key'",
        "ALTER SYSTEM SET ssl_ca_file = 'clients.crt'",
        "SELECT pg_reload_conf()");
    PostgresServer.Coordinates at = server.coordinates("postgres");
    try {
      Await.until(
          "the server takes TLS",
          Duration.ofSeconds(10),
          () -> {
            String url = at.jdbcUrl() + "?sslmode=require";
            DriverManager.getConnection(url, at.user(), at.password()).close();
            return true;
          });
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(server.log()), e);
    }
  }

  /// Lets in who these lines let in.
  public static void rules(EmbeddedPostgres server, String... lines) throws SQLException {
    write(server, "pg_hba.conf", String.join("\n", lines) + "\n");
    execute(server, "SELECT pg_reload_conf()");
  }

  /// A file in the server's data folder, for the server's user alone.
  ///
  /// @return where it is on the server's disk
  public static Path write(EmbeddedPostgres server, String name, String text) throws SQLException {
    execute(
        server,
        "COPY (SELECT unnest(string_to_array('"
            + text.replace("\r", "").stripTrailing()
            + "', E'\\n'))) TO PROGRAM "
            + Identifiers.literal("umask 077; cat > \"" + name + "\""));
    return Path.of(setting(server, "data_directory"), name);
  }

  private static String setting(EmbeddedPostgres server, String name) throws SQLException {
    try (Connection connection = open(server);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + name)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /// Each as the superuser, outside of a transaction.
  public static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection connection = open(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Connection open(EmbeddedPostgres server) throws SQLException {
    PostgresServer.Coordinates at = server.coordinates("postgres");
    return DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
  }
}
