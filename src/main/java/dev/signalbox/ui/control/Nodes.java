package dev.signalbox.ui.control;

import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;

/// Small helpers that every screen needs.
public final class Nodes {
  private Nodes() {}

  /// A label with style classes.
  public static Label label(String text, String... styles) {
    Label label = new Label(text);
    label.getStyleClass().addAll(styles);
    return label;
  }

  /// A label that never gives up characters: what it says matters.
  public static Label firm(String text, String... styles) {
    Label label = label(text, styles);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  /// A label that wraps.
  public static Label wrapped(String text, String... styles) {
    Label label = label(text, styles);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  /// Pushes what follows to the other end.
  public static Region spring() {
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    return spring;
  }

  /// Scrolls up and down only, without a frame, and is no stop of the Tab key.
  public static ScrollPane scroll(Node content) {
    ScrollPane scroll = new ScrollPane();
    frameless(scroll, content);
    return scroll;
  }

  static void frameless(ScrollPane scroll, Node content) {
    scroll.getStyleClass().add("plain-scroll");
    scroll.setContent(content);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setFocusTraversable(false);
  }

  /// Shown and laid out, or neither.
  public static void show(Node node, boolean shown) {
    node.setVisible(shown);
    node.setManaged(shown);
  }

  /// Sets the text, and hides the label when there is none.
  public static void text(Label label, String text) {
    label.setText(text);
    show(label, !text.isEmpty());
  }

  /// Sets the text; an empty one keeps its place, so that nothing below it moves.
  public static void keep(Label label, String text) {
    label.setText(text);
    label.setVisible(!text.isEmpty());
  }

  public static void pseudo(Node node, String name, boolean on) {
    node.pseudoClassStateChanged(PseudoClass.getPseudoClass(name), on);
  }

  /// A tooltip that comes soon; none for an empty text.
  public static void tip(javafx.scene.control.Control control, String text) {
    Tooltip old = control.getTooltip();
    if (text.isEmpty()) {
      control.setTooltip(null);
    } else if (old == null) {
      Tooltip tip = new Tooltip(text);
      tip.setShowDelay(Duration.millis(350));
      tip.setWrapText(true);
      tip.setMaxWidth(420);
      control.setTooltip(tip);
    } else {
      old.setText(text);
    }
  }
}
