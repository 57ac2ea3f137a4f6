package dev.signalbox.demo.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections to one database. Work that runs when the pool is retired finishes on it.
/// Thread-safe.
final class Pool {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

  /// Connections.
  static final int SIZE = 12;

  private final HikariDataSource connections;
  private final boolean hasNotes;
  private final AtomicBoolean retired = new AtomicBoolean();
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private Pool(HikariDataSource connections, boolean hasNotes) {
    this.connections = connections;
    this.hasNotes = hasNotes;
  }

  /// Connects, and returns once the database has answered.
  static Pool open(DatabaseFileReader file, String stack) throws IOException, SQLException {
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
    config.setMaximumPoolSize(SIZE);
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

  /// Waits for running work (at most 30 s: none takes that long), then closes. The lock is never
  /// given back: new work is refused. Retiring twice is harmless.
  void retire() {
    if (!retired.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!use.writeLock().tryLock(30, TimeUnit.SECONDS)) {
        LOG.warn("Work still runs on a database that is no longer used: it is cut off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
