package dev.signalbox.architecture.wrong.demo;

import javafx.beans.property.SimpleStringProperty;

/// A demo that needs JavaFX.
public final class WindowedDemo {
  public String property() {
    return new SimpleStringProperty("x").get();
  }
}
