package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/// What of our schema a database has. Found out without changing anything and without any right on
/// the schema.
enum Layout {
  /// Nobody ever drove here.
  NONE,

  /// What versions before batches and chain made: it can be read.
  EARLIER,

  CURRENT;

  static Layout of(Connection c) throws SQLException {
    if (!column(c, "journal", "sequence") || !column(c, "lease_holder", "holder")) {
      return NONE;
    }
    return column(c, "journal", "hash") && column(c, "lease_holder", "closed") ? CURRENT : EARLIER;
  }

  private static boolean column(Connection c, String table, String column) throws SQLException {
    return Sql.truth(
        c,
        """
        SELECT true FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'signalbox' AND t.relname = ? AND a.attname = ? AND NOT a.attisdropped
        """,
        table,
        column);
  }
}
