package dev.signalbox.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to a server that nobody shares, for one question or for many, whose every answer
/// comes within a timeout that is exact to the millisecond, or it breaks.
///
/// All JDBI work of the engine passes [#on]: there the unchecked exception of JDBI gives way to the
/// [SQLException] that it carries, so that callers judge its SQLSTATE. Not thread-safe.
public final class PostgresSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

  /// Within this on the server a session is made as a new one, or it is dropped.
  private static final Duration RENEWAL = Duration.ofMillis(300);

  private static final String SETTINGS =
      """
      SELECT set_config('application_name', :purpose, false),
        set_config('statement_timeout', :timeout, false), set_config('lock_timeout', :timeout, false)
      """;

  private final Handle handle;

  /// Where it goes when it is closed.
  private final @Nullable IdleSessions home;

  private final long opened = System.nanoTime();

  private PostgresSession(Handle handle, @Nullable IdleSessions home) {
    this.handle = handle;
    this.home = home;
  }

  /// A new one.
  ///
  /// @param purpose shown in `pg_stat_activity`
  /// @param timeout of every answer
  public static PostgresSession open(PostgresServer server, String purpose, Duration timeout)
      throws SQLException {
    return open(server, purpose, timeout, null);
  }

  /// For short work: one that was used a moment ago and is as a new one would be, else a new one.
  /// To find out that an idle one broke takes about half a second at most.
  ///
  /// @param purpose shown in `pg_stat_activity`
  /// @param timeout of every answer
  public static PostgresSession borrow(PostgresServer server, String purpose, Duration timeout)
      throws SQLException {
    PostgresSession idle = server.idle().take();
    return idle != null && idle.serves(purpose, timeout)
        ? idle
        : open(server, purpose, timeout, server.idle());
  }

  private static PostgresSession open(
      PostgresServer server, String purpose, Duration timeout, @Nullable IdleSessions home)
      throws SQLException {
    Connection connection = connect(server, purpose, timeout);
    try {
      limit(connection, timeout);
      Jdbi jdbi = Jdbi.create(connection).installPlugin(new DatabaseTypes());
      return new PostgresSession(jdbi.open(), home);
    } catch (SQLException | RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  private static Connection connect(PostgresServer server, String purpose, Duration timeout)
      throws SQLException {
    try {
      return server.open(purpose, timeout);
    } catch (SQLException e) {
      // The server takes no more of us, and some of ours are idle.
      if (SqlState.TOO_MANY_CONNECTIONS.equals(e.getSQLState()) && server.idle().endAll()) {
        return server.open(purpose, timeout);
      }
      throw e;
    }
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  private static void limit(Connection connection, Duration timeout) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()) + 250);
  }

  /// @return false when it broke while it was idle
  private boolean serves(String purpose, Duration timeout) {
    try {
      limit(handle.getConnection(), timeout.compareTo(RENEWAL) < 0 ? timeout : RENEWAL);
      ask(h ->
          h.createQuery(SETTINGS)
              .bind("purpose", PostgresServer.application(purpose))
              .bind("timeout", Long.toString(Math.max(1, timeout.toMillis())))
              .mapTo(String.class)
              .one());
      limit(handle.getConnection(), timeout);
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.debug("an idle session broke", e);
      abandon();
      return false;
    }
  }

  /// @return false when it cannot be used again
  private boolean renew() {
    try {
      Connection connection = handle.getConnection();
      if (!connection.getAutoCommit()) {
        return false;
      }
      limit(connection, RENEWAL);
      // The driver's own; it would begin each transaction with it.
      connection.setReadOnly(false);
      // Settings, prepared statements, temporary tables, advisory locks.
      run(h -> {
        h.execute("DISCARD ALL");
        // Its name is gone with the rest, and it must not be taken for an application's.
        h.execute("SET application_name = 'signalbox idle'");
      });
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.debug("a session cannot be used again", e);
      return false;
    }
  }

  /// A failure leaves the session open; who cannot trust it any more abandons it.
  public <T> T ask(Work<T> work) throws SQLException {
    return on(handle, work);
  }

  /// The same for a command.
  public void run(HandleConsumer<SQLException> work) throws SQLException {
    boolean _ =
        ask(h -> {
          work.useHandle(h);
          return true;
        });
  }

  /// Within work on a handle, for who goes on after a failure.
  public static <T> T on(Handle handle, Work<T> work) throws SQLException {
    try {
      return work.on(handle);
    } catch (JdbiException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw sql;
        }
      }
      throw e;
    }
  }

  /// Whether it was closed, abandoned or broke.
  public boolean closed() throws SQLException {
    return handle.getConnection().isClosed();
  }

  /// Drops the connection without a word to the server, which may hang. It rolls back by itself.
  public void abandon() {
    abandon(handle.getConnection());
  }

  private static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("abort of a connection", e);
    }
  }

  @Override
  public void close() throws SQLException {
    IdleSessions idle = home;
    if (idle == null) {
      handle.getConnection().close();
    } else if (!renew() || !idle.keep(this)) {
      end();
    }
  }

  /// Closes the connection; a failure changes nothing for anybody.
  void end() {
    try {
      handle.getConnection().close();
    } catch (SQLException e) {
      LOG.debug("close of a connection", e);
    }
  }

  /// Work on a connection.
  public interface Work<T> {
    T on(Handle handle) throws SQLException;
  }
}
