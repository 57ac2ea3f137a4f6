package dev.signalbox.demo.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.postgresql.Driver;

/// Connections to one database. Work that runs when the pool is retired finishes on it.
/// Thread-safe.
final class Pool {
  private final HikariDataSource connections;
  private final boolean hasNotes;
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private Pool(HikariDataSource connections, boolean hasNotes) {
    this.connections = connections;
    this.hasNotes = hasNotes;
  }

  /// Connects, and returns once the database has answered.
  static Pool open(DatabaseFile file, String stack) throws IOException, SQLException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("bank");
    config.setJdbcUrl(file.url());
    config.setUsername(file.user());
    config.setPassword(file.password());
    config.setDriverClassName(Driver.class.getName());
    config.addDataSourceProperty("ApplicationName", "bank " + stack);
    config.addDataSourceProperty("connectTimeout", "2");
    config.addDataSourceProperty("socketTimeout", "5");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("prepareThreshold", "1");
    // All of them are kept, so that no request after a switch waits for a connection to be made.
    config.setMaximumPoolSize(12);
    config.setConnectionTimeout(2_000);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(2_000);
    HikariDataSource connections;
    try {
      connections = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new SQLException("The database does not answer: " + e.getMessage(), e);
    }
    try (Connection connection = connections.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('transfers')"
                    + " AND attname = 'note' AND NOT attisdropped)")) {
      rows.next();
      return new Pool(connections, rows.getBoolean(1));
    } catch (SQLException e) {
      connections.close();
      throw e;
    }
  }

  /// Whether transfers can carry a note, as from version 2 of the schema.
  boolean hasNotes() {
    return hasNotes;
  }

  /// Runs work on a connection in auto-commit mode.
  ///
  /// @throws RetiredException when the pool was retired before the work began: take the new one
  <T> T with(Work<T> work) throws SQLException, RetiredException {
    if (!use.readLock().tryLock()) {
      throw new RetiredException();
    }
    try (Connection connection = connections.getConnection()) {
      return work.on(connection);
    } finally {
      use.readLock().unlock();
    }
  }

  /// Waits for running work, then closes. The lock is never given back: new work is refused.
  void retire() {
    use.writeLock().lock();
    connections.close();
  }

  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /// The pool is on its way out.
  static final class RetiredException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
