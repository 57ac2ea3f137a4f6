package dev.signalbox.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.LoggerFactory;

/// A connection of its own to a server, for one question or for many, whose every answer comes
/// within a timeout that is exact to the millisecond, or it breaks.
///
/// All JDBI work of the engine passes [#on]: there the unchecked exception of JDBI gives way to the
/// [SQLException] that it carries, so that callers judge its SQLSTATE. Not thread-safe.
public final class PostgresSession implements AutoCloseable {
  private final Handle handle;

  private PostgresSession(Handle handle) {
    this.handle = handle;
  }

  /// @param purpose shown in `pg_stat_activity`
  /// @param timeout of every answer
  public static PostgresSession open(PostgresServer server, String purpose, Duration timeout)
      throws SQLException {
    Connection connection = server.open(purpose, timeout);
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()) + 250);
      Jdbi jdbi = Jdbi.create(connection).installPlugin(new DatabaseTypes());
      return new PostgresSession(jdbi.open());
    } catch (SQLException | RuntimeException e) {
      abandon(connection);
      throw e;
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
      LoggerFactory.getLogger(PostgresSession.class).debug("abort of a connection", e);
    }
  }

  @Override
  public void close() throws SQLException {
    handle.getConnection().close();
  }

  /// Work on a connection.
  public interface Work<T> {
    T on(Handle handle) throws SQLException;
  }
}
