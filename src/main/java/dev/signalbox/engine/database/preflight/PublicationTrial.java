package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Publishes the tables in a transaction that is rolled back, and has PostgreSQL plan a DELETE on
/// each: if a table could not be changed any more once it is published, that fails here, and not in
/// the service. Nothing is deleted, no trigger fires.
///
/// The transaction holds SHARE UPDATE EXCLUSIVE on the tables of a batch for some milliseconds, so
/// VACUUM and DDL on them wait; readers and writers do not.
final class PublicationTrial {
  private static final int BATCH = 100;

  /// A lock that is not given within this says nothing about the table.
  private static final String PATIENCE = "SET LOCAL lock_timeout = '2s'";

  private PublicationTrial() {}

  static List<Finding> look(Handle h, Colour colour, List<String> schemas) throws SQLException {
    List<TableName> tables =
        Catalogue.tables(h, schemas).stream()
            .filter(table -> !table.unlogged())
            .map(Catalogue.Table::name)
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (int from = 0; from < tables.size(); from += BATCH) {
      List<TableName> batch = tables.subList(from, Math.min(from + BATCH, tables.size()));
      h.begin();
      try {
        findings.addAll(tried(h, colour, batch));
      } finally {
        h.rollback();
      }
    }
    return findings;
  }

  private static List<Finding> tried(Handle h, Colour colour, List<TableName> batch)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try {
      Verbatim.run(h, PATIENCE);
      Verbatim.run(h, "CREATE PUBLICATION signalbox_trial FOR TABLE " + Identifiers.list(batch));
    } catch (SQLException e) {
      return List.of(
          Finding.block(
              colour, "Tables of " + colour + " cannot be published: " + e.getMessage() + ".", ""));
    }
    for (TableName table : batch) {
      h.savepoint("tried");
      try {
        Verbatim.run(h, "EXPLAIN DELETE FROM " + Identifiers.quote(table) + " WHERE false");
      } catch (SQLException e) {
        h.rollbackToSavepoint("tried");
        findings.add(
            Finding.block(
                colour,
                "Table "
                    + table
                    + " of "
                    + colour
                    + " could not be changed any more once it is published: "
                    + e.getMessage()
                    + ".",
                ""));
      }
    }
    return findings;
  }
}
