package dev.signalbox.ui.control;

import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import org.jspecify.annotations.Nullable;

/// A table of lines that are updated in place. Selection and scroll position stay while lines come,
/// go and move; only what is on the screen is ever formatted. A line can be copied.
public final class RowTable<T> extends TableView<Row<T>> implements Rows.Mover {
  private static final double LINE = 24;
  private static final double SCROLL_BAR = 14;

  private final Rows<T> rows;
  private final BooleanSupplier calm;
  private final Map<TableColumn<Row<T>, ?>, Function<T, String>> texts = new HashMap<>();
  private final Map<TableColumn<Row<T>, ?>, Double> widths = new HashMap<>();
  private final Set<TableColumn<Row<T>, ?>> growing = new HashSet<>();
  private final List<Row<T>> seen = new ArrayList<>();
  private int seenFrom;
  private double seenTop;
  private boolean moving;

  /// @param calm whether the lines that are seen should stay where they are when one comes before
  ///   them
  public RowTable(Rows<T> rows, BooleanSupplier calm, String id, String emptyText) {
    super(rows.shown());
    this.rows = rows;
    this.calm = calm;
    setId(id);
    getStyleClass().add("lines");
    setFixedCellSize(LINE);
    setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    widthProperty().addListener((_, _, _) -> fit());
    getVisibleLeafColumns().addListener((ListChangeListener<TableColumn<Row<T>, ?>>) _ -> fit());
    setPlaceholder(Nodes.wrapped(emptyText, "empty"));
    getSelectionModel()
        .selectedItemProperty()
        .addListener((_, _, row) -> {
          if (!moving && row != null) {
            rows.select(row);
          }
        });
    rows.selected()
        .addListener((_, _, row) -> {
          if (!moving && row != null && getSelectionModel().getSelectedItem() != row) {
            restoreSelection();
          }
        });
    rows.setMover(this);
    Copying.selected(this, Messages.text("lines.copy"), this::copy);
  }

  /// @param quiet whether to show it greyed
  public TableColumn<Row<T>, T> column(
      String key, double width, Function<T, String> text, Predicate<T> quiet) {
    TableColumn<Row<T>, T> column = new TableColumn<>(Messages.text("column." + key));
    column.setId("column-" + key.replace('_', '-'));
    column.setCellValueFactory(line -> line.getValue());
    column.setCellFactory(_ -> new Cell<>(text, quiet));
    column.setMinWidth(24);
    widths.put(column, width);
    column.setReorderable(false);
    column.setSortable(false);
    texts.put(column, text);
    getColumns().add(column);
    return column;
  }

  /// Gives the column a share of the room that is left.
  public void grow(TableColumn<Row<T>, T> column) {
    growing.add(column);
  }

  /// Every column as wide as it needs, the rest to those that grow; all of them narrower in a
  /// window that is too small.
  private void fit() {
    double needed = 0;
    int shares = 0;
    for (TableColumn<Row<T>, ?> column : getVisibleLeafColumns()) {
      needed += widths.getOrDefault(column, 0.0);
      shares += growing.contains(column) ? 1 : 0;
    }
    double room = getWidth() - SCROLL_BAR;
    if (room <= 0 || needed <= 0) {
      return;
    }
    double factor = Math.min(1, room / needed);
    double share = shares == 0 ? 0 : Math.max(0, room - needed) / shares;
    for (TableColumn<Row<T>, ?> column : getVisibleLeafColumns()) {
      double width = widths.getOrDefault(column, 0.0) * factor;
      column.setPrefWidth(Math.floor(growing.contains(column) ? width + share : width));
    }
  }

  /// As [#column], for figures: tabular and to the right.
  public TableColumn<Row<T>, T> numbers(
      String key, double width, Function<T, String> text, Predicate<T> quiet) {
    TableColumn<Row<T>, T> column = column(key, width, text, quiet);
    column.getStyleClass().add("numbers");
    column.setCellFactory(_ -> {
      Cell<T> cell = new Cell<>(text, quiet);
      cell.getStyleClass().add("number");
      cell.setAlignment(Pos.CENTER_RIGHT);
      return cell;
    });
    return column;
  }

  @Override
  public void before() {
    moving = true;
    seen.clear();
    VirtualFlow<?> flow = flow();
    if (!calm.getAsBoolean() || flow == null) {
      return;
    }
    IndexedCell<?> first = flow.getFirstVisibleCell();
    IndexedCell<?> last = flow.getLastVisibleCell();
    if (first != null && last != null && top(first) > 0) {
      int end = Math.min(last.getIndex() + 1, getItems().size());
      int begin = Math.min(first.getIndex(), end);
      seen.addAll(getItems().subList(begin, end));
      seenFrom = begin;
      seenTop = top(first);
    }
  }

  /// The first of the lines that were seen, and is still there, stays where it was.
  @Override
  public void after() {
    restoreSelection();
    VirtualFlow<?> flow = flow();
    int kept = 0;
    while (kept < seen.size() && !getItems().contains(seen.get(kept))) {
      kept++;
    }
    if (flow != null && kept < seen.size()) {
      // The flow learns how many lines there are only when the table is laid out.
      layout();
      int moved = getItems().indexOf(seen.get(kept)) - (seenFrom + kept);
      scroll(flow, seenTop + moved * LINE);
    }
    seen.clear();
    moving = false;
  }

  /// What is seen first stays first when a sentence above comes or goes: the flow itself would keep
  /// the share of all lines that is above it.
  @Override
  protected void layoutChildren() {
    VirtualFlow<?> flow = flow();
    IndexedCell<?> first = flow == null ? null : flow.getFirstVisibleCell();
    double height = flow == null ? 0 : flow.getHeight();
    double wanted = first == null ? 0 : top(first);
    super.layoutChildren();
    if (flow != null && wanted > 0 && flow.getHeight() != height) {
      scroll(flow, wanted);
    }
  }

  /// @param wanted of the lines above what is seen, in pixels
  private static void scroll(VirtualFlow<?> flow, double wanted) {
    flow.layout();
    IndexedCell<?> first = flow.getFirstVisibleCell();
    if (first != null && top(first) != wanted) {
      flow.scrollPixels(wanted - top(first));
    }
  }

  private @Nullable VirtualFlow<?> flow() {
    return lookup(".virtual-flow") instanceof VirtualFlow<?> flow ? flow : null;
  }

  /// How many pixels of lines are above what is seen.
  private static double top(IndexedCell<?> first) {
    return first.getIndex() * LINE - first.getLayoutY();
  }

  private void restoreSelection() {
    boolean was = moving;
    moving = true;
    Row<T> chosen = rows.selected().get();
    int index = chosen == null ? -1 : getItems().indexOf(chosen);
    if (index < 0) {
      getSelectionModel().clearSelection();
    } else {
      getSelectionModel().clearAndSelect(index);
    }
    moving = was;
  }

  private void copy() {
    Row<T> chosen = getSelectionModel().getSelectedItem();
    if (chosen == null) {
      return;
    }
    Copying.copy(
        getVisibleLeafColumns().stream()
            .map(texts::get)
            .filter(Objects::nonNull)
            .map(text -> text.apply(chosen.get()))
            .collect(Collectors.joining("\t")));
  }

  private static final class Cell<T> extends TableCell<Row<T>, T> {
    private final Function<T, String> text;
    private final Predicate<T> quiet;

    Cell(Function<T, String> text, Predicate<T> quiet) {
      this.text = text;
      this.quiet = quiet;
    }

    @Override
    protected void updateItem(@Nullable T item, boolean empty) {
      super.updateItem(item, empty);
      if (item == null || empty) {
        setText(null);
        return;
      }
      setText(text.apply(item));
      Nodes.pseudo(this, "quiet", quiet.test(item));
    }
  }
}
