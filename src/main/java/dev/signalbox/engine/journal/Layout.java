package dev.signalbox.engine.journal;

import org.jdbi.v3.core.Handle;

/// What of our schema a database has. Found out without changing anything and without any right on
/// the schema.
enum Layout {
  /// Nobody ever drove here.
  NONE,

  /// What versions before batches and chain made: it can be read.
  EARLIER,

  CURRENT;

  static Layout of(Handle h) {
    if (!column(h, "journal", "sequence") || !column(h, "lease_holder", "holder")) {
      return NONE;
    }
    return column(h, "journal", "hash") && column(h, "lease_holder", "closed") ? CURRENT : EARLIER;
  }

  private static boolean column(Handle h, String table, String column) {
    return h.select(
            """
            SELECT EXISTS (SELECT FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = t.relnamespace
              WHERE n.nspname = 'signalbox' AND t.relname = ? AND a.attname = ?
                AND NOT a.attisdropped)
            """,
            table,
            column)
        .mapTo(boolean.class)
        .one();
  }
}
