package dev.signalbox.ui.strategy;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Row;
import dev.signalbox.ui.control.RowTable;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.strategy.QueriesViewModel.Line;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;

/// The open queries.
final class QueryTable extends VBox {
  private final RowTable<Line> table;

  /// @param toLever goes to the lever that cancels the selected query; does not cancel it
  QueryTable(QueriesViewModel model, Runnable toLever) {
    getStyleClass().add("queries");
    table = new RowTable<>(model.rows(), () -> true, "queries", "");
    Label placeholder = Nodes.wrapped("", "empty");
    placeholder.textProperty().bind(model.empty());
    table.setPlaceholder(placeholder);
    table.setAccessibleText(Messages.text("queries.accessible"));
    TableColumn<Row<Line>, Line> drain =
        table.column(
            "drain",
            88,
            line -> line.holdsUp() ? Messages.text("query.holds") : "",
            QueryTable::isQuiet);
    drain.getStyleClass().add("drain");
    drain.setVisible(model.holding().get());
    model.holding().addListener((_, _, holding) -> drain.setVisible(holding));
    table.column("query", 112, line -> line.query().id(), QueryTable::isQuiet);
    table.column("stack", 74, line -> Words.marked(line.query().colour()), QueryTable::isQuiet);
    table.column("user", 86, line -> line.query().user(), QueryTable::isQuiet);
    table.column("client", 112, line -> line.query().client(), QueryTable::isQuiet);
    table.column("query_state", 76, line -> line.query().state(), QueryTable::isQuiet);
    table.numbers("age", 88, line -> Format.duration(line.query().age()), QueryTable::isQuiet);
    table.numbers("rows", 96, line -> Format.count(line.query().rows()), QueryTable::isQuiet);
    table.grow(
        table.column("sql", 120, line -> firstLine(line.query().sql()), QueryTable::isQuiet));
    table.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.DELETE) {
            toLever.run();
            event.consume();
          }
        });
    Label title = Nodes.label("", "section");
    title.textProperty().bind(model.title());
    getChildren().addAll(title, table);
  }

  private static boolean isQuiet(Line line) {
    return line.query().state().equals("done");
  }

  private static String firstLine(String sql) {
    return sql.strip().lines().findFirst().orElse("");
  }
}
