package dev.signalbox.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Changes that only the console with the newest epoch may make. Each takes a connection of its own
/// with a timeout in the network that is exact to the millisecond.
public final class Guarded {
  private static final String ASSERT = "SELECT signalbox.assert_epoch(?)";

  private Guarded() {}

  /// A connection whose every answer comes within `timeout`, or it breaks.
  public static Connection open(PostgresServer server, String purpose, Duration timeout)
      throws SQLException {
    Connection connection = server.open(purpose, timeout);
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()) + 250);
      return connection;
    } catch (SQLException e) {
      abandon(connection);
      throw e;
    }
  }

  /// Fails with SQLSTATE `SB001` when another console has taken the lease. Until the transaction
  /// ends nobody can take it.
  public static void assertEpoch(Connection connection, long epoch) throws SQLException {
    Sql.update(connection, ASSERT, epoch);
  }

  /// Runs `work` in a transaction that begins with the assertion of the epoch.
  public static <T> T transaction(
      PostgresServer server, String purpose, Duration timeout, long epoch, Work<T> work)
      throws SQLException {
    Connection connection = open(server, purpose, timeout);
    try {
      connection.setAutoCommit(false);
      assertEpoch(connection, epoch);
      T result = work.on(connection);
      connection.commit();
      connection.close();
      return result;
    } catch (SQLException | RuntimeException e) {
      // Not close(): that would talk to a server that may hang. The server rolls back by itself.
      abandon(connection);
      throw e;
    }
  }

  /// A question in a transaction that begins with the assertion of the epoch, and is rolled back:
  /// it leaves nothing that would have to reach a disk or a standby.
  public static <T> T question(
      PostgresServer server, String purpose, Duration timeout, long epoch, Work<T> work)
      throws SQLException {
    return ask(
        server,
        purpose,
        timeout,
        c -> {
          c.setAutoCommit(false);
          assertEpoch(c, epoch);
          T result = work.on(c);
          c.rollback();
          return result;
        });
  }

  /// Runs a command that cannot run in a transaction, while a transaction on `keeper` holds the
  /// assertion. Creating a slot waits for every transaction of its server, so the keeper must then
  /// be the other server.
  public static <T> T outside(
      PostgresServer keeper,
      PostgresServer server,
      String purpose,
      Duration timeout,
      long epoch,
      Work<T> work)
      throws SQLException {
    return transaction(
        keeper,
        "guard",
        timeout,
        epoch,
        held -> {
          // Ends the snapshot of the assertion: its portal stays open in the transaction until the
          // next statement, and CREATE INDEX CONCURRENTLY would wait for it.
          Sql.execute(held, "SET LOCAL application_name = 'signalbox guard'");
          Connection connection = open(server, purpose, timeout);
          try {
            T result = work.on(connection);
            connection.close();
            return result;
          } catch (SQLException | RuntimeException e) {
            abandon(connection);
            throw e;
          }
        });
  }

  /// A question that changes nothing, on a connection of its own.
  public static <T> T ask(PostgresServer server, String purpose, Duration timeout, Work<T> work)
      throws SQLException {
    Connection connection = open(server, purpose, timeout);
    try {
      T result = work.on(connection);
      connection.close();
      return result;
    } catch (SQLException | RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  /// Drops the connection without a word to the server.
  public static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Guarded.class).debug("abort of a connection", e);
    }
  }

  /// Work on a connection. It may throw; the connection is then dropped.
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
