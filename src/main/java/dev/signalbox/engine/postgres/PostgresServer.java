package dev.signalbox.engine.postgres;

import dev.signalbox.engine.Colour;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;

/// One colour's database: where it is, and how to connect there. Every connection has a timeout in
/// the network and on the server, so that a database that hangs makes a call fail, not wait for
/// ever. Thread-safe; nobody has to close it.
public final class PostgresServer {
  /// What a role or a database may set by default, and we rely on: what is read behind a lock is
  /// what is there now.
  private static final String OWN_SETTINGS =
      "-c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off"
          + " -c default_transaction_deferrable=off -c standard_conforming_strings=on"
          + " -c idle_in_transaction_session_timeout=0";

  private final Colour colour;
  private final String name;
  private final Coordinates coordinates;
  private final IdleSessions idle = new IdleSessions();

  /// Connects to nothing.
  public PostgresServer(Colour colour, Coordinates coordinates) {
    this(colour, colour.id(), coordinates);
  }

  /// Connects to nothing.
  ///
  /// @param name in sentences, such as `blue` or `blue orders`
  public PostgresServer(Colour colour, String name, Coordinates coordinates) {
    this.colour = colour;
    this.name = name;
    this.coordinates = coordinates;
  }

  public Colour colour() {
    return colour;
  }

  /// In sentences, such as `blue` or `blue orders`.
  public String name() {
    return name;
  }

  public Coordinates coordinates() {
    return coordinates;
  }

  /// A new connection; the caller closes it.
  ///
  /// @param purpose shown in `pg_stat_activity`
  /// @param timeout of every answer, in the network and on the server; at least 1 ms
  public Connection open(String purpose, Duration timeout) throws SQLException {
    return Objects.requireNonNull(
        new Driver().connect(coordinates.jdbcUrl(), properties(application(purpose), timeout)));
  }

  /// How a session is named in `pg_stat_activity`.
  static String application(String purpose) {
    return "signalbox " + purpose;
  }

  IdleSessions idle() {
    return idle;
  }

  private Properties properties(String application, Duration timeout) {
    Properties p = new Properties();
    p.setProperty("user", coordinates.user());
    p.setProperty("password", coordinates.password());
    p.setProperty("ApplicationName", application);
    p.setProperty("connectTimeout", "2");
    p.setProperty("loginTimeout", "3");
    // Whole seconds only in the driver; the server's own timeout below is exact.
    p.setProperty(
        "socketTimeout", Long.toString(Math.max(1, timeout.plusMillis(1999).toSeconds())));
    p.setProperty("cancelSignalTimeout", "1");
    p.setProperty("tcpKeepAlive", "true");
    p.setProperty(
        "options",
        "-c statement_timeout="
            + Math.max(1, timeout.toMillis())
            + " -c lock_timeout="
            + Math.max(1, timeout.toMillis())
            + " "
            + OWN_SETTINGS);
    return p;
  }

  /// Where a database is and who we are there. [#toString] does not show the password.
  public record Coordinates(String host, int port, String database, String user, String password) {
    public String jdbcUrl() {
      // Its parameters begin at a '?', which a database may have in its name.
      return "jdbc:postgresql://"
          + (host.contains(":") ? "[" + host + "]" : host)
          + ":"
          + port
          + "/"
          + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return user + "@" + host + ":" + port + "/" + database;
    }
  }
}
