package dev.signalbox.cluster.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.settings.ClusterSettings.EngineSettings;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.Literals;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.Driver;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of one engine. Each one is in a read-only transaction while it is lent out.
/// Every wait has a bound. Thread-safe.
final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /// How long a query waits until another one gives its connection back.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int ATTEMPTS = 3;

  /// Literals as the clients write them, in UTC, in which times are sent, and with the schema of
  /// the request first.
  private static final String BEGIN =
      "SELECT set_config('standard_conforming_strings', ?, true),"
          + " set_config('backslash_quote', 'safe_encoding', true),"
          + " set_config('TimeZone', 'UTC', true), set_config('search_path', CASE WHEN ? = ''"
          + " THEN current_setting('search_path')"
          + " ELSE quote_ident(?) || ', ' || current_setting('search_path') END, true)";

  private final Strategy strategy;
  private final EngineSettings settings;
  private final Literals literals;
  private final Limits limits;
  private final String password;
  private final HikariDataSource pool;

  /// Bytes of the first batches of this engine that wait for their readers.
  final AtomicLong waiting = new AtomicLong();

  /// Connects to nothing yet.
  Connections(Strategy strategy, EngineSettings settings, Literals literals, Limits limits) {
    this.strategy = strategy;
    this.settings = settings;
    this.literals = literals;
    this.limits = limits;
    this.password = settings.password().read();
    HikariConfig config = new HikariConfig();
    config.setPoolName("cluster-" + strategy);
    config.setJdbcUrl(url());
    config.setDriverClassName(Driver.class.getName());
    config.setDataSourceProperties(properties(settings.statementTimeout()));
    config.setAutoCommit(false);
    config.setReadOnly(true);
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    this.pool = new HikariDataSource(config);
  }

  /// Lends a connection in a new transaction. Blocks up to [#PATIENCE].
  ///
  /// @param schema searched before the usual ones; empty for none
  /// @throws io.grpc.StatusRuntimeException when there is none to be had
  Connection lend(String schema) throws SQLException {
    if (waiting.get() >= limits.waitingBytes()) {
      throw CallFailures.of(
          Status.Code.RESOURCE_EXHAUSTED,
          CallFailures.NOT_EXECUTED
              + "Too many results of the "
              + strategy
              + " engine wait for their readers (limits.waitingBytes). Try again later.");
    }
    for (int attempt = 1; ; attempt++) {
      Connection connection = take();
      try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
        begin.setString(1, standardConforming());
        begin.setString(2, schema);
        begin.setString(3, schema);
        begin.execute();
        requireLiterals(connection);
        return connection;
      } catch (SQLException e) {
        drop(connection);
        // A connection that had died in the pool is no reason to fail: nothing has begun.
        if (attempt == ATTEMPTS || !SqlFailures.unreachable(e)) {
          throw e;
        }
      }
    }
  }

  private String standardConforming() {
    return literals.standardConforming() ? "on" : "off";
  }

  /// The driver knows from the server itself how the session reads literals. Something between them
  /// that keeps the setting to itself must not let a statement pass.
  private void requireLiterals(Connection connection) throws SQLException {
    boolean standard = connection.unwrap(PgConnection.class).getStandardConformingStrings();
    if (standard != literals.standardConforming()) {
      throw new SQLException(
          "The server does not say that standard_conforming_strings is "
              + standardConforming()
              + ", as 'literals' in cluster.yaml wants it. Connect the engine to PostgreSQL"
              + " directly.",
          "08P01");
    }
  }

  private Connection take() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw CallFailures.of(
          Status.Code.RESOURCE_EXHAUSTED,
          CallFailures.NOT_EXECUTED
              + "The "
              + strategy
              + " engine runs as many queries as it may ("
              + settings.connections()
              + "). Try again later.");
    }
  }

  /// Takes back a connection whose state is known.
  static void giveBack(Connection connection) throws SQLException {
    try (connection;
        var statement = connection.createStatement()) {
      // Locks of the session outlive a transaction.
      statement.execute("ROLLBACK; SELECT pg_advisory_unlock_all()");
    }
  }

  /// Closes a connection that nobody shall use again.
  void drop(Connection connection) {
    pool.evictConnection(connection);
    try {
      // The pool counts it as lent until then.
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A dropped connection was not closed in order", e);
    }
  }

  /// Closes the socket under a connection: who waits on it fails. Does not block.
  void cut(Connection connection) {
    try {
      connection.unwrap(PgConnection.class).abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("A connection was not cut in order", e);
    }
  }

  /// A connection beside the pool, for a look at the server.
  Connection open(Duration timeout) throws SQLException {
    return Objects.requireNonNull(new Driver().connect(url(), properties(timeout)));
  }

  private String url() {
    return "jdbc:postgresql://"
        + settings.host()
        + ":"
        + settings.port()
        + "/"
        + java.net.URLEncoder.encode(settings.database(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private Properties properties(Duration timeout) {
    Properties p = new Properties();
    p.setProperty("user", settings.user());
    p.setProperty("password", password);
    p.setProperty("ApplicationName", "signalbox cluster " + strategy);
    p.setProperty("connectTimeout", "3");
    p.setProperty("loginTimeout", "4");
    p.setProperty("cancelSignalTimeout", "2");
    // The server's own timeout below comes first; this one is for a server that hangs.
    p.setProperty("socketTimeout", Long.toString(timeout.plusMillis(4_999).toSeconds()));
    p.setProperty("tcpKeepAlive", "true");
    p.setProperty("binaryTransfer", "false");
    p.setProperty("maxResultBuffer", Integer.toString(limits.bufferedBytes()));
    p.setProperty(
        "options",
        // Strings with backslashes are read here (SqlText) as there.
        "-c default_transaction_read_only=on -c backslash_quote=safe_encoding"
            + " -c standard_conforming_strings="
            + standardConforming()
            // A server that does not know 'off' any more does not know this one either.
            + (literals.standardConforming() ? "" : " -c escape_string_warning=off")
            + " -c bytea_output=hex -c IntervalStyle=postgres"
            + " -c statement_timeout="
            + timeout.toMillis()
            + " -c idle_in_transaction_session_timeout="
            + limits.queryIdle().plusMinutes(1).toMillis());
    return p;
  }

  @Override
  public void close() {
    pool.close();
  }
}
