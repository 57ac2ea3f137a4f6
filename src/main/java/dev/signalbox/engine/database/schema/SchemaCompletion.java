package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.timing.Retry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The second part of a carried schema, which waits on the target until the rows are there. How far
/// it is stands beside it, in the transaction of each statement: who dies goes on where he was.
public final class SchemaCompletion {
  private static final String LEFT = "later";
  private static final String DONE = "completed";
  private static final String END = "complete";
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<String>> STATEMENTS = new TypeReference<>() {};

  /// Of one statement: an index on a large table takes its time.
  private static final Duration STATEMENT = Duration.ofHours(12);

  /// Replication writes meanwhile, and must not wait behind a lock that is not given.
  private static final Retry LOCKS =
      new Retry(30, n -> Duration.ofMillis(Math.min(2000, 50L << Math.min(n, 6))));

  private SchemaCompletion() {}

  /// In the transaction that created the first part.
  public static void leave(Handle h, List<String> later) {
    PlaneValues.remember(h, LEFT, JSON.writeValueAsString(later));
    PlaneValues.remember(h, DONE, "0");
    PlaneValues.forget(h, END);
  }

  public static void forget(Handle h) {
    PlaneValues.forget(h, LEFT, DONE, END);
  }

  /// Whether everything was built, and found to be the same as on the source.
  public static boolean done(Handle h) {
    return !PlaneValues.value(h, END).isEmpty();
  }

  /// When the schemas were compared.
  public static void end(Handle h) {
    PlaneValues.remember(h, END, "same");
    PlaneValues.forget(h, LEFT, DONE);
  }

  private static int position(Handle h) {
    String done = PlaneValues.value(h, DONE);
    return done.isEmpty() ? 0 : Integer.parseInt(done);
  }

  private static List<String> left(Handle h) {
    String left = PlaneValues.value(h, LEFT);
    return left.isEmpty() ? List.of() : JSON.readValue(left, STATEMENTS);
  }

  /// Runs what is left, each in a transaction of its own.
  ///
  /// @return how many statements that were
  /// @throws SQLException when one fails; its text is in the message
  public static int complete(PostgresServer target, StepContext context)
      throws SQLException, InterruptedException {
    List<String> all = Guarded.ask(target, "look", Duration.ofSeconds(10), SchemaCompletion::left);
    int from = Guarded.ask(target, "look", Duration.ofSeconds(10), SchemaCompletion::position);
    for (int next = from; next < all.size(); next++) {
      context.check();
      String statement = all.get(next);
      String position = Integer.toString(next + 1);
      context.progress(next + 1 + " of " + all.size() + ": " + beginning(statement));
      LOCKS.call(
          () -> {
            run(target, context.epoch(), statement, position);
            return true;
          },
          e -> {
            boolean again = e instanceof SQLException sql && SqlState.mayPass(sql);
            if (again) {
              context.progress("waiting for a lock: " + beginning(statement));
            }
            return again;
          });
    }
    return all.size() - from;
  }

  private static void run(PostgresServer target, long epoch, String statement, String position)
      throws SQLException {
    try {
      Guarded.run(
          target,
          "complete",
          STATEMENT,
          epoch,
          h -> {
            Verbatim.run(
                h,
                "SET LOCAL lock_timeout = '2s'; SET LOCAL check_function_bodies = off;"
                    + " SET LOCAL search_path = ''");
            Verbatim.run(h, statement);
            Verbatim.run(h, "RESET search_path");
            PlaneValues.remember(h, DONE, position);
          });
    } catch (SQLException e) {
      throw SqlState.mayPass(e) || SqlState.DEPOSED.equals(e.getSQLState())
          ? e
          : new SQLException(
              "The schema could not be completed: '"
                  + beginning(statement)
                  + "' failed: "
                  + e.getMessage(),
              e.getSQLState(),
              e);
    }
  }

  private static String beginning(String statement) {
    String line = statement.replaceAll("\\s+", " ").strip();
    return line.length() <= 120 ? line : line.substring(0, 119) + "…";
  }
}
