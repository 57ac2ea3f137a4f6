package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The fence of the tables around one script, within the script's transaction: a table that the
/// script creates is never seen without the fence that its database has. Immutable.
///
/// @param schemas of the service
/// @param prepared whether it is a target that is being prepared: the script may then write to the
///   tables, while everybody else waits for its locks, and all are shut when it is committed. Else
///   the fence stays as it is found, and new tables are shut where others are
record MigrationFence(List<String> schemas, boolean prepared) {
  /// @return whether tables must be shut when the script has run
  boolean before(Handle h) throws SQLException {
    List<TableName> shut =
        Catalogue.tables(h, schemas).stream()
            .filter(t -> t.fence().equals("O") || t.fence().equals("A"))
            .map(Catalogue.Table::name)
            .toList();
    if (prepared) {
      Verbatim.run(h, Fence.change(shut, false));
    }
    return prepared || !shut.isEmpty();
  }

  /// @param shut what [#before] said
  void after(Handle h, boolean shut) throws SQLException {
    if (!shut) {
      return;
    }
    // A trigger cannot be changed while deferred constraints of its table wait to be checked.
    h.execute("SET CONSTRAINTS ALL IMMEDIATE");
    for (Catalogue.Table table : Catalogue.tables(h, schemas)) {
      if (table.fence().isEmpty()) {
        Verbatim.run(h, Fence.install(table.name(), true));
      } else if (prepared) {
        Verbatim.run(h, Fence.change(List.of(table.name()), true));
      }
    }
  }
}
