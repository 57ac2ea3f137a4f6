package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.timing.Retry;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the one statement of a script that PostgreSQL refuses in a transaction.
///
/// It cannot be rolled back, so the history says `running` before it begins. A row that still says
/// so at the next attempt means that a migrator died: an index that was completed meanwhile is
/// recorded as applied, one that was left invalid is dropped and built again; any other statement
/// is run again.
final class NonTransactionalRun {
  private static final Logger LOG = LoggerFactory.getLogger(NonTransactionalRun.class);
  private static final Retry LOCKS = new Retry(5, n -> Duration.ofMillis(100L << n));

  private NonTransactionalRun() {}

  static void run(Destination to, Script script, Script recorded, String outcome, boolean died)
      throws SQLException, InterruptedException {
    SqlStatement statement = script.statements().getFirst();
    long start = System.nanoTime();
    if (!(died && complete(to.server(), statement))) {
      to.record(recorded, 0, "running", "");
      repeat(to, script, statement);
    }
    to.record(recorded, (System.nanoTime() - start) / 1_000_000, outcome, "");
  }

  private static void repeat(Destination to, Script script, SqlStatement statement)
      throws SQLException, InterruptedException {
    LOCKS.call(
        () ->
            to.outsideTransaction(h -> {
              dropInvalid(h, statement);
              Verbatim.run(h, "SET lock_timeout = '2s'; SET statement_timeout = 0");
              try {
                Migrations.execute(h, script, statement);
              } catch (SQLException e) {
                clean(h, statement, e);
                throw e;
              }
              return true;
            }),
        to.waitsForALock(script, LOCKS.attempts()));
  }

  private static void clean(Handle h, SqlStatement statement, SQLException why) {
    try {
      if (!h.getConnection().isClosed()) {
        PostgresSession.on(h, k -> dropInvalid(k, statement));
      }
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  private static boolean dropInvalid(Handle h, SqlStatement statement) throws SQLException {
    boolean invalid = statement.buildsIndexConcurrently() && index(h, statement, "NOT indisvalid");
    if (invalid) {
      LOG.info("dropping the invalid index {}", statement.indexName());
      Verbatim.run(h, "DROP INDEX CONCURRENTLY " + statement.indexName());
    }
    return invalid;
  }

  private static boolean index(Handle h, SqlStatement statement, String condition) {
    return h.select(
            "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(?) AND "
                + condition
                + ")",
            statement.indexName())
        .mapTo(boolean.class)
        .one();
  }

  private static boolean complete(PostgresServer server, SqlStatement statement)
      throws SQLException {
    return statement.buildsIndexConcurrently()
        && Guarded.ask(
            server, "migrate", Duration.ofSeconds(5), h -> index(h, statement, "indisvalid"));
  }
}
