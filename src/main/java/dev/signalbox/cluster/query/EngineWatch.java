package dev.signalbox.cluster.query;

import dev.signalbox.strategy.Strategy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at an engine's server every two seconds, on a connection of its own: a pool that is taken
/// by long queries, and a server that hangs, do not keep the cluster from saying how it is.
final class EngineWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Strategy strategy;
  private final Connections connections;
  private volatile boolean closed;
  private volatile EngineHealth last = EngineHealth.UNSEEN;
  private final Thread thread;

  EngineWatch(Strategy strategy, Connections connections) {
    this.strategy = strategy;
    this.connections = connections;
    this.thread = Thread.ofVirtual().name("watch-" + strategy).start(this::watch);
  }

  EngineHealth last() {
    return last;
  }

  private void watch() {
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection connection = connections.open(TIMEOUT)) {
        String identifier = identifier(connection);
        while (true) {
          last = new EngineHealth(true, "", version(connection), identifier);
          Thread.sleep(PAUSE);
        }
      } catch (SQLException e) {
        if (closed) {
          return;
        }
        if (last.reachable() || last.equals(EngineHealth.UNSEEN)) {
          LOG.warn("The {} engine does not answer: {}", strategy, e.getMessage());
        }
        last = last.lost("PostgreSQL does not answer: " + e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static String version(Connection connection) throws SQLException {
    return text(connection, "SELECT current_setting('server_version')");
  }

  private static String identifier(Connection connection) throws SQLException {
    try {
      return text(connection, "SELECT system_identifier FROM pg_control_system()");
    } catch (SQLException e) {
      if (SqlFailures.unreachable(e)) {
        throw e;
      }
      LOG.info("The engine's role may not see the system identifier: {}", e.getMessage());
      return "";
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      @Nullable String text = rows.next() ? rows.getString(1) : null;
      return text == null ? "" : text;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
