package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Table `public.schema_version`: a row for each time that a script was applied, failed or was
/// undone. Nothing is ever changed or deleted there; the newest row of a version is its state. The
/// script's text is kept, so that an edit can be shown line by line, and is applied down the same
/// way.
final class MigrationHistory {
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS public.schema_version (
        id bigint PRIMARY KEY,
        version text NOT NULL,
        description text NOT NULL,
        checksum text NOT NULL,
        script text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        applied_by text NOT NULL DEFAULT session_user,
        duration_ms bigint NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('running', 'applied', 'failed', 'undone')),
        detail text NOT NULL DEFAULT ''
      )
      """;

  private MigrationHistory() {}

  static void create(Connection c) throws SQLException {
    if (!exists(c)) {
      Sql.execute(c, TABLE);
    }
  }

  static boolean exists(Connection c) throws SQLException {
    return Sql.truth(c, "SELECT to_regclass('public.schema_version') IS NOT NULL");
  }

  /// All rows, oldest first; empty when there is no table.
  static List<Entry> read(Connection c) throws SQLException {
    if (!exists(c)) {
      return List.of();
    }
    return Sql.list(
        c,
        "SELECT version, description, checksum, script, applied_at, applied_by, duration_ms, outcome,"
            + " detail FROM public.schema_version ORDER BY id",
        row ->
            new Entry(
                Version.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6),
                Duration.ofMillis(row.getLong(7)),
                row.getString(8),
                row.getString(9)));
  }

  /// The newest row of each version.
  static Map<Version, Entry> states(List<Entry> entries) {
    Map<Version, Entry> states = new TreeMap<>();
    entries.forEach(e -> states.put(e.version(), e));
    return states;
  }

  static void add(Connection c, Script script, long millis, String outcome, String detail)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO public.schema_version (id, version, description, checksum, script, duration_ms,"
            + " outcome, detail) SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM"
            + " public.schema_version",
        script.version().toString(),
        script.description(),
        script.checksum(),
        script.text(),
        millis,
        outcome,
        detail);
  }

  record Entry(
      Version version,
      String description,
      String checksum,
      String script,
      Instant at,
      String by,
      Duration took,
      String outcome,
      String detail) {
    boolean applied() {
      return outcome.equals("applied");
    }
  }
}
