package dev.signalbox.engine.postgres;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.PasswordSource;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
  private final PrimaryHost primary;
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
    this.primary = new PrimaryHost(coordinates.addresses());
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

  /// A new connection; the caller closes it. To the primary, when there are several hosts: each may
  /// take three seconds.
  ///
  /// @param purpose shown in `pg_stat_activity`
  /// @param timeout of every answer, in the network and on the server; at least 1 ms
  public Connection open(String purpose, Duration timeout) throws SQLException {
    return primary.connect(host -> open(host, application(purpose), timeout));
  }

  private Connection open(ServerAddress host, String application, Duration timeout)
      throws SQLException {
    Properties p = properties(application, timeout);
    try {
      p.setProperty("password", coordinates.password(host));
      PgjdbcTls.put(p, coordinates.tls());
    } catch (IllegalStateException e) {
      // Without its secret it is as far away as without its network.
      throw new SQLException(e.getMessage(), "08001", e);
    }
    return Objects.requireNonNull(new Driver().connect(coordinates.jdbcUrl(List.of(host)), p));
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

  /// Where a database is and who we are there. The password is read when it is asked for, and
  /// [#toString] does not show it.
  ///
  /// @param addresses as the console reaches it; at least one
  /// @param peer how the other server reaches it
  public record Coordinates(
      List<ServerAddress> addresses,
      String database,
      String user,
      PasswordSource source,
      TlsSettings tls,
      PeerSettings peer) {
    public Coordinates {
      addresses = List.copyOf(addresses);
    }

    /// One host, reached as the drivers do when nobody says more.
    public Coordinates(String host, int port, String database, String user, String password) {
      this(
          List.of(new ServerAddress(host, port)),
          database,
          user,
          new PasswordSource.Known(password),
          TlsSettings.DEFAULT,
          PeerSettings.like(List.of(new ServerAddress(host, port)), TlsSettings.DEFAULT));
    }

    /// What the settings say.
    public static Coordinates of(ServerSettings s) {
      return new Coordinates(
          s.addresses(), s.database(), s.user(), s.password(), s.tls(), s.peer());
    }

    /// The first one, as the port.
    public String host() {
      return addresses.getFirst().host();
    }

    public int port() {
      return addresses.getFirst().port();
    }

    /// The one for the first host, read now.
    ///
    /// @throws IllegalStateException with a sentence, when it cannot be read
    public String password() {
      return password(addresses.getFirst());
    }

    /// The same for one of the hosts.
    String password(ServerAddress host) {
      return source.password(host, database, user);
    }

    /// As applications reach it. With several hosts it is the primary; how the connection is
    /// secured stands in the application's own settings.
    public String jdbcUrl() {
      return jdbcUrl(addresses) + (addresses.size() > 1 ? "?targetServerType=primary" : "");
    }

    String jdbcUrl(List<ServerAddress> hosts) {
      // Its parameters begin at a '?', which a database may have in its name.
      return "jdbc:postgresql://"
          + String.join(",", hosts.stream().map(ServerAddress::toString).toList())
          + "/"
          + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return user
          + "@"
          + String.join(",", addresses.stream().map(ServerAddress::toString).toList())
          + "/"
          + database;
    }
  }
}
