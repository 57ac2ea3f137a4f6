package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.postgres.Guarded;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/// Transactions that have been open for long: the fence would have to wait for them.
public final class Blockers {
  /// Above this a transaction is long.
  public static final Duration LONG = Duration.ofSeconds(2);

  private static final String OLD =
      """
      SELECT pid, usename AS role, left(query, 2000) AS query,
        (extract(epoch FROM clock_timestamp() - xact_start) * 1e6)::bigint AS age
      FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        AND application_name NOT LIKE 'signalbox %'
        AND xact_start < clock_timestamp() - :age * interval '1 microsecond'
        AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_stat_activity.pid AND l.locktype = 'relation'
          AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
            'ExclusiveLock', 'AccessExclusiveLock') AND l.granted)
      UNION ALL
      SELECT 0, owner, gid, (extract(epoch FROM clock_timestamp() - prepared) * 1e6)::bigint
      FROM pg_prepared_xacts
      WHERE database = current_database() AND prepared < clock_timestamp() - :age * interval '1 microsecond'
      ORDER BY 4 DESC LIMIT 5
      """;

  private static final Pattern COMMENTS =
      Pattern.compile("/\\*.*?(\\*/|$)|--[^\n]*", Pattern.DOTALL);

  /// A string, a dollar quote or parameter, or a number that is no part of a name.
  private static final Pattern VALUE = Pattern.compile("(\\b[EeBbXxUu]&?)?'|\\$|(?<![\\w\"])\\d");

  private static final int LONGEST = 80;

  private Blockers() {}

  public static List<Blocker> find(Handle h, Duration olderThan) {
    return h.createQuery(OLD).bind("age", olderThan).map(Blockers::blocker).list();
  }

  private static Blocker blocker(RowView row) {
    int pid = row.getColumn("pid", Integer.class);
    String query = row.getColumn("query", String.class);
    return new Blocker(
        pid,
        row.getColumn("role", String.class),
        pid == 0 ? query : withoutValues(query),
        row.getColumn("age", Duration.class));
  }

  /// The beginning of a statement, up to its first value: values are the service's secrets, and
  /// this goes to journal and screen.
  static String withoutValues(String statement) {
    String bare = COMMENTS.matcher(statement).replaceAll(" ").replaceAll("\\s+", " ").strip();
    Matcher value = VALUE.matcher(bare);
    String before = value.find() ? bare.substring(0, value.start()).stripTrailing() + " …" : bare;
    return before.length() <= LONGEST ? before : before.substring(0, LONGEST - 1) + "…";
  }

  /// A list for a sentence; says so when nothing is found or nothing can be asked.
  public static String describe(DatabasePair pair, Colour colour) {
    try {
      List<Blocker> found =
          Guarded.ask(
              pair.server(colour),
              "look",
              Duration.ofSeconds(1),
              h -> find(h, Duration.ofMillis(100)));
      return found.isEmpty()
          ? "nothing that can still be seen"
          : String.join("; ", found.stream().map(Blocker::toString).toList());
    } catch (SQLException e) {
      return "cannot be seen (" + e.getMessage() + ")";
    }
  }

  /// @param pid 0 for a prepared transaction: it has no session
  /// @param query the beginning of its last statement, or the name of a prepared transaction
  public record Blocker(int pid, String role, String query, Duration age) {
    @Override
    public String toString() {
      if (pid == 0) {
        return "prepared transaction '"
            + query
            + "' of "
            + role
            + ", prepared "
            + DurationText.words(age)
            + " ago (COMMIT PREPARED or ROLLBACK PREPARED ends it)";
      }
      return "session "
          + pid
          + " of "
          + role
          + ", open for "
          + DurationText.words(age)
          + ", last statement '"
          + query
          + "'";
    }
  }
}
