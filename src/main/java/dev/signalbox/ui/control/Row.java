package dev.signalbox.ui.control;

import javafx.beans.property.SimpleObjectProperty;

/// A line of a table that stays the same line while what it shows changes: only cells that are on
/// the screen listen to it, so that what is not seen costs a field.
public final class Row<T> extends SimpleObjectProperty<T> {
  private final String id;

  Row(String id, T value) {
    super(value);
    this.id = id;
  }

  public String id() {
    return id;
  }
}
