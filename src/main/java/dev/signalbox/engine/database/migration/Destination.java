package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server on which scripts are run.
///
/// @param epoch of the console that runs them; 0 when none drives
/// @param progress hears what is run and what it waits for
record Destination(PostgresServer server, long epoch, Consumer<String> progress) {
  private static final Logger LOG = LoggerFactory.getLogger(Destination.class);

  /// A script may take it.
  private static final Duration LONGEST = Duration.ofHours(1);

  <T> T inTransaction(PostgresSession.Work<T> work) throws SQLException {
    if (epoch > 0) {
      return Guarded.transaction(server, "migrate", LONGEST, epoch, work);
    }
    return Guarded.ask(
        server,
        "migrate",
        LONGEST,
        h -> {
          h.begin();
          T result = work.on(h);
          h.commit();
          return result;
        });
  }

  /// For a command that cannot run in a transaction.
  <T> T outsideTransaction(PostgresSession.Work<T> work) throws SQLException {
    return epoch > 0
        ? Guarded.outside(server, server, "migrate", LONGEST, epoch, work)
        : Guarded.ask(server, "migrate", LONGEST, work);
  }

  /// A line of the history.
  void record(Script script, long millis, String outcome, String note) throws SQLException {
    inTransaction(h -> {
      MigrationHistory.add(h, script, millis, outcome, note);
      return true;
    });
  }

  /// Whether a script that failed is tried again, because somebody held a lock that it needs.
  ///
  /// @param attempts in all
  Predicate<Exception> waitsForALock(Script script, int attempts) {
    AtomicInteger failed = new AtomicInteger();
    return e -> {
      boolean again = e instanceof SQLException why && SqlState.mayPass(why);
      if (again) {
        String said =
            script.file()
                + " waits for a lock that another session holds (attempt "
                + failed.incrementAndGet()
                + " of "
                + attempts
                + ")";
        LOG.info("{}", said);
        progress.accept(said);
      }
      return again;
    };
  }
}
