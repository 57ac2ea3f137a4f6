package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The largest tables of a stack's database.
final class TableRows {
  private static final int TABLES = 5;
  private static final int TABLES_OF_EACH = 3;

  private TableRows() {}

  /// @param several whether other databases need room too
  static List<Row> of(DatabaseSide side, EngineSnapshot state, boolean several, Instant now) {
    ReleaseView release = state.release();
    DatabaseView.Server server = side.server();
    if (server == null) {
      return List.of();
    }
    boolean target =
        release != null && release.endedAt() == null && release.target() == server.colour();
    List<Row> rows = new ArrayList<>();
    int most = Math.min(several ? TABLES_OF_EACH : TABLES, server.largest().size());
    for (DatabaseView.TableSize size : server.largest().subList(0, most)) {
      TableVerdict verdict =
          side.stale()
              ? TableVerdict.of(Sign.UNKNOWN, "compare.old")
              : release == null || !target
                  ? TableVerdict.NONE
                  : side.compared()
                      ? verdict(side.database(), size, release, now)
                      : TableVerdict.UNKNOWN;
      rows.add(
          new Row(
              several
                  ? Messages.text("tables.of", side.database().name(), size.table())
                  : size.table().toString(),
              verdict.sign(),
              verdict.word(),
              Format.count(size.rows()),
              "",
              Messages.text("table.hint", size.table(), Format.bytes(size.bytes()))
                  + verdict.hint()));
    }
    return rows;
  }

  private static TableVerdict verdict(
      DatabaseView database, DatabaseView.TableSize size, ReleaseView release, Instant now) {
    TableProgress progress = progress(database, size);
    return progress != null && progress.copiedRows() < progress.totalRows()
        ? new TableVerdict(
            Sign.PENDING, Format.percent((double) progress.copiedRows() / progress.totalRows()), "")
        : TableVerdict.of(database, size.table(), release, now);
  }

  private static @Nullable TableProgress progress(
      DatabaseView database, DatabaseView.TableSize size) {
    for (TableProgress progress : database.replication().tables()) {
      if (progress.table().equals(size.table())) {
        return progress.state().equals("streaming") ? null : progress;
      }
    }
    return null;
  }
}
