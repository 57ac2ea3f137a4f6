package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import java.sql.SQLException;
import java.time.Duration;

/// The right to migrate this server, held as a lock of a session that is otherwise idle. It is
/// asked for again and again rather than waited for: a session that waits would hold a snapshot,
/// which CREATE INDEX CONCURRENTLY of the one whose turn it is would wait for in turn.
record MigrationTurn(PostgresSession session) implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final String TAKE_TURN =
      "SELECT pg_try_advisory_lock(hashtextextended('signalbox migrations', 0))";

  static MigrationTurn take(PostgresServer server) throws SQLException, InterruptedException {
    PostgresSession session = PostgresSession.open(server, "migrate turn", LOOK);
    try {
      for (int attempt = 0; attempt < 100; attempt++) {
        if (session.ask(h -> h.select(TAKE_TURN).mapTo(boolean.class).one())) {
          return new MigrationTurn(session);
        }
        Thread.sleep(100);
      }
      throw new SQLException(
          "Another migration of "
              + server.name()
              + " has been running for 10 s; wait for it, then try again.");
    } catch (SQLException | InterruptedException e) {
      session.abandon();
      throw e;
    }
  }

  void check() throws SQLException {
    int _ = session.ask(h -> h.select("SELECT 1").mapTo(int.class).one());
  }

  @Override
  public void close() throws SQLException {
    session.close();
  }
}
