package dev.signalbox.ui.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// The lines of a table by their id: known ones are updated in place, and the list changes only
/// when a line comes, goes or moves. Which line is selected survives all of that, and its end too.
///
/// An update costs one pass; the sort begins with the order of before, which is nearly right.
public final class Rows<T> {
  /// Hears that lines are about to move, and that they have moved.
  interface Mover {
    void before();

    void after();
  }

  private final Function<T, String> id;
  private final ObservableList<Row<T>> shown = FXCollections.observableArrayList();
  private final ReadOnlyObjectWrapper<@Nullable Row<T>> selected = new ReadOnlyObjectWrapper<>();
  private Comparator<T> order;
  private Predicate<T> wanted = _ -> true;
  private List<Row<T>> all = new ArrayList<>();
  private Map<String, Row<T>> byId = Map.of();
  private @Nullable Mover mover;

  public Rows(Function<T, String> id, Comparator<T> order) {
    this.id = id;
    this.order = order;
  }

  /// Shows the newest values.
  public void update(List<T> values) {
    Map<String, Row<T>> next = HashMap.newHashMap(values.size());
    List<Row<T>> fresh = new ArrayList<>();
    for (T value : values) {
      String key = id.apply(value);
      if (next.containsKey(key)) {
        // The engine named the same one twice: the first stands for both.
        continue;
      }
      Row<T> row = byId.get(key);
      if (row == null) {
        row = new Row<>(key, value);
        fresh.add(row);
      } else {
        row.set(value);
      }
      next.put(key, row);
    }
    if (next.size() != all.size() || !fresh.isEmpty()) {
      all.removeIf(row -> next.get(row.id()) != row);
      all.addAll(fresh);
    }
    byId = next;
    Row<T> chosen = selected.get();
    Row<T> again = chosen == null ? null : next.get(chosen.id());
    if (again != null) {
      // One that was away is selected again.
      selected.set(again);
    }
    arrange();
  }

  /// Sorts otherwise from now on.
  public void sort(Comparator<T> by) {
    order = by;
    arrange();
  }

  /// Shows only some from now on.
  public void filter(Predicate<T> only) {
    wanted = only;
    show();
  }

  /// Selects a line; null selects none. One that ended stays selected until another is.
  public void select(@Nullable Row<T> row) {
    selected.set(row);
  }

  private void arrange() {
    Comparator<T> by = order;
    all.sort((one, other) -> by.compare(one.get(), other.get()));
    show();
  }

  private void show() {
    List<Row<T>> next = new ArrayList<>(all.size());
    for (Row<T> row : all) {
      if (wanted.test(row.get())) {
        next.add(row);
      }
    }
    if (isShown(next)) {
      return;
    }
    if (mover != null) {
      mover.before();
    }
    shown.setAll(next);
    if (mover != null) {
      mover.after();
    }
  }

  private boolean isShown(List<Row<T>> next) {
    if (next.size() != shown.size()) {
      return false;
    }
    for (int i = 0; i < next.size(); i++) {
      if (next.get(i) != shown.get(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the line still stands for something that the engine names.
  public boolean isThere(Row<T> row) {
    return byId.get(row.id()) == row;
  }

  /// How many there are, shown or not.
  public int size() {
    return all.size();
  }

  public ObservableList<Row<T>> shown() {
    return shown;
  }

  public ReadOnlyObjectProperty<@Nullable Row<T>> selected() {
    return selected.getReadOnlyProperty();
  }

  void setMover(Mover hears) {
    mover = hears;
  }
}
