package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Row;
import dev.signalbox.ui.control.RowTable;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.strategy.FleetViewModel.Order;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableColumn.SortType;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.control.textfield.TextFields;
import org.jspecify.annotations.Nullable;

/// The clients that report.
final class FleetTable extends VBox {
  private static final String NONE = "–";

  private final FleetViewModel model;
  private final RowTable<Client> table;
  private final TextField filter = TextFields.createClearableTextField();

  FleetTable(FleetViewModel model) {
    this.model = model;
    getStyleClass().add("fleet");
    table = new RowTable<>(model.rows(), model::isCalm, "fleet", Messages.text("fleet.empty"));
    table.setAccessibleText(Messages.text("fleet.accessible"));
    TableColumn<Row<Client>, Client> name = column("name", 150, Client::name);
    column(
        "client_state",
        98,
        client -> Messages.text("client.state." + client.state().replace('-', '_')));
    column("active", 74, client -> stack(client.active()));
    column("pending", 74, client -> stack(client.pending()));
    TableColumn<Row<Client>, Client> pinned = numbers("pinned", 128, FleetTable::pinned);
    numbers("transitions", 58, client -> Format.count(client.transitions()));
    TableColumn<Row<Client>, Client> wrong =
        numbers("wrong", 58, client -> Format.count(client.wrongStrategy()));
    numbers("cache", 66, FleetTable::cache);
    numbers("report", 80, client -> Format.duration(client.age()));
    // What tells long names apart is often at their end: cut in the middle.
    name.getStyleClass().add("name");
    table.grow(name);
    table.grow(column("error", 74, Client::lastError));
    sortable(Map.of(name, Order.NAME, pinned, Order.PINNED, wrong, Order.WRONG), name);
    Label title = Nodes.firm("", "section");
    title.textProperty().bind(model.title());
    filter.setId("fleet-filter");
    filter.setPromptText(Messages.text("fleet.filter"));
    filter.setAccessibleText(Messages.text("fleet.filter.accessible"));
    filter.textProperty().bindBidirectional(model.filter());
    filter.setOnKeyPressed(event -> {
      if (event.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
        filter.clear();
        event.consume();
      } else if (event.getCode() == KeyCode.DOWN) {
        table.requestFocus();
        event.consume();
      }
    });
    HBox head = new HBox(title, Nodes.spring(), filter);
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().add("fleet-head");
    getChildren().addAll(head, table);
    setVgrow(table, Priority.ALWAYS);
  }

  void search() {
    filter.requestFocus();
    filter.selectAll();
  }

  /// The view model sorts, at its own pace. For figures the first click brings the worst to the
  /// top, the second one goes back to names.
  private void sortable(
      Map<TableColumn<Row<Client>, Client>, Order> orders, TableColumn<Row<Client>, Client> name) {
    orders.keySet().forEach(column -> column.setSortable(true));
    table.setSortPolicy(sorted -> {
      TableColumn<?, ?> column =
          sorted.getSortOrder().isEmpty() ? name : sorted.getSortOrder().getFirst();
      Order order = orders.getOrDefault(column, Order.NAME);
      if (order != Order.NAME && column.getSortType() == SortType.ASCENDING) {
        // Sorts again.
        column.setSortType(SortType.DESCENDING);
        return true;
      }
      model.sort(order, order == Order.NAME && column.getSortType() == SortType.DESCENDING);
      return true;
    });
    table.getSortOrder().setAll(List.of(name));
  }

  private TableColumn<Row<Client>, Client> column(
      String key, double width, Function<Client, String> text) {
    return table.column(key, width, text, FleetViewModel::isSilent);
  }

  private TableColumn<Row<Client>, Client> numbers(
      String key, double width, Function<Client, String> text) {
    return table.numbers(key, width, text, FleetViewModel::isSilent);
  }

  private static String stack(@Nullable Colour colour) {
    return colour == null ? NONE : Words.marked(colour);
  }

  private static String pinned(Client client) {
    return client.pinnedCount() == 0
        ? NONE
        : Messages.text(
            "fleet.pinned",
            Format.count(client.pinnedCount()),
            Format.duration(FleetViewModel.oldest(client)));
  }

  private static String cache(Client client) {
    long lookUps = client.cacheHits() + client.cacheMisses();
    return lookUps == 0 ? NONE : Format.percent((double) client.cacheHits() / lookUps);
  }
}
