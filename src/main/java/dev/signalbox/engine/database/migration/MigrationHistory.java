package dev.signalbox.engine.database.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

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

  static void create(Handle h) {
    if (!exists(h)) {
      h.execute(TABLE);
    }
  }

  static boolean exists(Handle h) {
    return h.select("SELECT to_regclass('public.schema_version') IS NOT NULL")
        .mapTo(boolean.class)
        .one();
  }

  /// All rows, oldest first; empty when there is no table.
  static List<Entry> read(Handle h) {
    if (!exists(h)) {
      return List.of();
    }
    return h.select(
            """
            SELECT version, description, checksum, script, applied_at AS at, applied_by AS by,
              duration_ms * 1000 AS took, outcome, detail
            FROM public.schema_version ORDER BY id
            """)
        .map(row ->
            new Entry(
                Version.parse(row.getColumn("version", String.class)),
                row.getColumn("description", String.class),
                row.getColumn("checksum", String.class),
                row.getColumn("script", String.class),
                row.getColumn("at", Instant.class),
                row.getColumn("by", String.class),
                row.getColumn("took", Duration.class),
                row.getColumn("outcome", String.class),
                row.getColumn("detail", String.class)))
        .list();
  }

  /// The newest row of each version.
  static Map<Version, Entry> states(List<Entry> entries) {
    Map<Version, Entry> states = new TreeMap<>();
    entries.forEach(e -> states.put(e.version(), e));
    return states;
  }

  static void add(Handle h, Script script, long millis, String outcome, String detail) {
    h.createUpdate(
            """
            INSERT INTO public.schema_version
              (id, version, description, checksum, script, duration_ms, outcome, detail)
            SELECT coalesce(max(id), 0) + 1, :version, :description, :checksum, :script, :millis,
              :outcome, :detail
            FROM public.schema_version
            """)
        .bind("version", script.version().toString())
        .bind("description", script.description())
        .bind("checksum", script.checksum())
        .bind("script", script.text())
        .bind("millis", millis)
        .bind("outcome", outcome)
        .bind("detail", detail)
        .execute();
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
