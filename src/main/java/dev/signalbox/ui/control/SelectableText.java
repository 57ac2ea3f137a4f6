package dev.signalbox.ui.control;

import javafx.application.Platform;
import javafx.geometry.Insets;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;
import javafx.stage.Window;

/// A sentence that wraps, is as high as it needs, and can be selected and copied.
public final class SelectableText extends TextArea {
  private static final double CARET = 4;
  private static final String APPEARED = "appeared";

  private final Text ruler = new Text();

  public SelectableText(String... styles) {
    setEditable(false);
    setWrapText(true);
    setPrefColumnCount(10);
    setMinHeight(Region.USE_PREF_SIZE);
    Nodes.show(this, false);
    getStyleClass().add("selectable");
    getStyleClass().addAll(styles);
    widthProperty().addListener((_, _, _) -> requestLayoutUp());
    fontProperty().addListener((_, _, _) -> requestLayoutUp());
  }

  /// Shows another sentence; what is selected stays when nothing changed.
  public void show(String sentence) {
    if (!sentence.equals(getText())) {
      setText(sentence);
      requestLayoutUp();
    }
    setAccessibleText(sentence);
    boolean appears = !isVisible() && !sentence.isEmpty();
    Nodes.show(this, !sentence.isEmpty());
    if (appears) {
      // The skin of a text area that was invisible keeps the colour it had before any style sheet.
      Platform.runLater(this::styleAnew);
    }
  }

  private void styleAnew() {
    getStyleClass().remove(APPEARED);
    getStyleClass().add(APPEARED);
    Window window = getScene() == null ? null : getScene().getWindow();
    // One that was closed meanwhile has no colours any more.
    if (window != null && window.isShowing()) {
      applyCss();
    }
  }

  private void requestLayoutUp() {
    requestLayout();
    if (getParent() != null) {
      getParent().requestLayout();
    }
  }

  @Override
  protected double computePrefHeight(double given) {
    Insets insets = getInsets();
    double width = given > 0 ? given : getWidth() > 0 ? getWidth() : 240;
    ruler.setFont(getFont());
    ruler.setText(getText());
    ruler.setWrappingWidth(Math.max(40, width - insets.getLeft() - insets.getRight() - CARET));
    double text = ruler.getLayoutBounds().getHeight();
    return Math.ceil(text + insets.getTop() + insets.getBottom() + CARET);
  }

  @Override
  public javafx.geometry.Orientation getContentBias() {
    return javafx.geometry.Orientation.HORIZONTAL;
  }
}
