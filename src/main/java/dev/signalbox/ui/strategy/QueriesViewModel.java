package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.ui.control.Row;
import dev.signalbox.ui.control.Rows;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.HoldViewModel;
import dev.signalbox.ui.order.OrderState;
import dev.signalbox.ui.order.Orders;
import java.util.Comparator;
import java.util.List;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.ListChangeListener;
import org.jspecify.annotations.Nullable;

/// The open queries and the lever that cancels the selected one.
final class QueriesViewModel {
  /// An open query.
  ///
  /// @param holdsUp whether a drain waits for it
  record Line(OpenQuery query, boolean holdsUp) {}

  /// Those that hold up a drain, then blue, then green; in each the oldest first.
  private static final Comparator<Line> ORDER =
      Comparator.comparing((Line line) -> !line.holdsUp())
          .thenComparing(line -> line.query().colour())
          .thenComparing(line -> line.query().age(), Comparator.reverseOrder())
          .thenComparing(line -> line.query().id());

  private final Orders orders;
  private final HoldViewModel hold = new HoldViewModel(this::cancel);
  private final Rows<Line> rows = new Rows<>(line -> line.query().id(), ORDER);
  private final ReadOnlyStringWrapper title =
      new ReadOnlyStringWrapper(Messages.text("queries.title"));
  private final ReadOnlyStringWrapper empty =
      new ReadOnlyStringWrapper(Messages.text("queries.unknown"));
  private final ReadOnlyBooleanWrapper holding = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<@Nullable CancelPresentation> lever =
      new ReadOnlyObjectWrapper<>();
  private @Nullable EngineSnapshot newest;

  QueriesViewModel(Orders orders) {
    this.orders = orders;
    orders.notices().addListener((ListChangeListener<Orders.Notice>) _ -> showLever());
    rows.selected()
        .addListener((_, before, now) -> {
          if (before == null || now == null || !before.id().equals(now.id())) {
            // What is being held was another query's lever.
            hold.release();
          }
          showLever();
        });
  }

  /// Shows the open queries of a look at the cluster.
  void show(StrategyView view) {
    Colour old =
        view.phase() == StrategyView.Phase.DRAINING && view.announced() != null
            ? view.announced().other()
            : null;
    List<Line> lines =
        view.queries().stream().map(query -> new Line(query, query.colour() == old)).toList();
    rows.update(lines);
    empty.set(Messages.text(view.reachable() ? "queries.empty" : "queries.unknown"));
    holding.set(lines.stream().anyMatch(Line::holdsUp));
    title.set(title(lines));
  }

  /// The lever follows the lease and the orders too.
  void follow(EngineSnapshot state) {
    newest = state;
    showLever();
  }

  private static String title(List<Line> lines) {
    if (lines.isEmpty()) {
      return Messages.text("queries.title");
    }
    long blue = lines.stream().filter(line -> line.query().colour() == Colour.BLUE).count();
    long holding = lines.stream().filter(Line::holdsUp).count();
    return Messages.text(
        holding == 0 ? "queries.title.count" : "queries.title.holding",
        Format.count(blue),
        Format.count(lines.size() - blue),
        Format.count(holding));
  }

  private void showLever() {
    EngineSnapshot state = newest;
    if (state == null) {
      return;
    }
    Row<Line> row = rows.selected().get();
    OrderState order =
        row == null ? new OrderState.Idle() : orders.state(Action.CANCEL_QUERY, row.id());
    CancelPresentation presentation =
        CancelPresentation.of(
            state, row == null ? null : row.get().query(), row != null && rows.isThere(row), order);
    if (!presentation.equals(lever.get())) {
      lever.set(presentation);
    }
  }

  private void cancel() {
    CancelPresentation presentation = lever.get();
    Row<Line> row = rows.selected().get();
    if (row != null
        && presentation != null
        && presentation.state() == CancelPresentation.State.UNLOCKED) {
      orders.give(Action.CANCEL_QUERY, row.id(), new Command.CancelQuery(row.id()));
      showLever();
    }
  }

  HoldViewModel hold() {
    return hold;
  }

  Rows<Line> rows() {
    return rows;
  }

  /// Whether any of them holds up a drain.
  ReadOnlyBooleanProperty holding() {
    return holding.getReadOnlyProperty();
  }

  ReadOnlyStringProperty title() {
    return title.getReadOnlyProperty();
  }

  /// What stands there instead of no lines.
  ReadOnlyStringProperty empty() {
    return empty.getReadOnlyProperty();
  }

  ReadOnlyObjectProperty<@Nullable CancelPresentation> lever() {
    return lever.getReadOnlyProperty();
  }
}
