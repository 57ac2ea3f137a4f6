package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/// Transactions that have been open for long: the fence would have to wait for them.
public final class Blockers {
  /// Above this a transaction is long.
  public static final Duration LONG = Duration.ofSeconds(2);

  /// Whoever holds a lock that the fence has to wait for, and, with `slot`, whoever has written
  /// anywhere on the server and not ended: a slot waits for them.
  private static final String OLD =
      """
      SELECT CASE WHEN a.backend_type <> 'client backend' THEN 'VACUUM'
          WHEN a.datname IS DISTINCT FROM current_database() THEN 'OTHER_DATABASE'
          WHEN a.state LIKE 'idle in transaction%' THEN 'IDLE' ELSE 'WRITER' END AS kind,
        a.pid, a.datname AS database, coalesce(a.usename, a.backend_type) AS role,
        left(a.query, 2000) AS query,
        (extract(epoch FROM clock_timestamp() - a.xact_start) * 1e6)::bigint AS age
      FROM pg_stat_activity a
      WHERE a.pid <> pg_backend_pid() AND a.application_name NOT LIKE 'signalbox %'
        AND a.xact_start < clock_timestamp() - :age * interval '1 microsecond'
        AND (a.backend_type = 'client backend' OR a.backend_type = 'autovacuum worker'
          AND a.query LIKE '%(to prevent wraparound)%')
        AND (a.datname = current_database() AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid
            AND l.locktype = 'relation' AND l.granted AND l.mode IN ('RowExclusiveLock',
            'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
            'AccessExclusiveLock'))
          OR :slot AND a.backend_xid IS NOT NULL)
      UNION ALL
      SELECT 'PREPARED', 0, database, owner, gid,
        (extract(epoch FROM clock_timestamp() - prepared) * 1e6)::bigint
      FROM pg_prepared_xacts
      WHERE (:slot OR database = current_database())
        AND prepared < clock_timestamp() - :age * interval '1 microsecond'
      ORDER BY 6 DESC LIMIT 20
      """;

  private static final Pattern COMMENTS =
      Pattern.compile("/\\*.*?(\\*/|$)|--[^\n]*", Pattern.DOTALL);

  /// A string, a dollar quote or parameter, or a number that is no part of a name.
  private static final Pattern VALUE = Pattern.compile("(\\b[EeBbXxUu]&?)?'|\\$|(?<![\\w\"])\\d");

  private static final int LONGEST = 80;

  private Blockers() {}

  /// Those that the fence of this database would have to wait for, the oldest first.
  public static List<Blocker> find(Handle h, Duration olderThan) {
    return find(h, olderThan, false);
  }

  /// Those that a new slot of this server would have to wait for, too.
  public static List<Blocker> ofSlot(Handle h, Duration olderThan) {
    return find(h, olderThan, true);
  }

  private static List<Blocker> find(Handle h, Duration olderThan, boolean slot) {
    return h.createQuery(OLD)
        .bind("age", olderThan)
        .bind("slot", slot)
        .map(Blockers::blocker)
        .list();
  }

  private static Blocker blocker(RowView row) {
    Blocker.Kind kind = Blocker.Kind.valueOf(row.getColumn("kind", String.class));
    String query = row.getColumn("query", String.class);
    return new Blocker(
        kind,
        row.getColumn("pid", Integer.class),
        row.getColumn("database", String.class),
        row.getColumn("role", String.class),
        kind == Blocker.Kind.PREPARED ? query : withoutValues(query),
        row.getColumn("age", Duration.class));
  }

  /// Ends a session that holds something up, or what it is doing.
  ///
  /// @param terminate whether the session ends, and not only its statement
  /// @return empty when no such session holds anything up
  /// @throws SQLException when the role may not do that
  public static Optional<Blocker> end(Handle h, int pid, boolean terminate) throws SQLException {
    Optional<Blocker> found =
        ofSlot(h, Duration.ZERO).stream()
            .filter(blocker -> pid > 0 && blocker.pid() == pid)
            .findFirst();
    if (found.isPresent()) {
      boolean _ =
          PostgresSession.on(
              h,
              k ->
                  k.select(
                          "SELECT "
                              + (terminate ? "pg_terminate_backend" : "pg_cancel_backend")
                              + "(?)",
                          pid)
                      .mapTo(boolean.class)
                      .one());
    }
    return found;
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
    return describe(pair, colour, false);
  }

  /// The same of a new slot.
  public static String describeOfSlot(DatabasePair pair, Colour colour) {
    return describe(pair, colour, true);
  }

  private static String describe(DatabasePair pair, Colour colour, boolean slot) {
    try {
      List<Blocker> found =
          Guarded.ask(
              pair.server(colour),
              "look",
              Duration.ofSeconds(1),
              h -> find(h, Duration.ofMillis(100), slot));
      return found.isEmpty()
          ? "nothing that can still be seen"
          : String.join("; ", found.stream().map(Blocker::toString).toList());
    } catch (SQLException e) {
      return "cannot be seen (" + e.getMessage() + ")";
    }
  }
}
