package dev.signalbox.ui.control;

import javafx.geometry.Insets;
import javafx.scene.control.TextField;
import javafx.scene.text.Text;

/// A figure, a log position or another value of one line: as wide as it is, and it can be selected
/// and copied. The Tab key passes it by: what holds it can be copied as a whole.
public final class ValueText extends TextField {
  /// Beside the text, in pixels; with less it scrolls.
  private static final double CARET = 2;

  private final Text ruler = new Text();

  public ValueText(String... styles) {
    setEditable(false);
    setFocusTraversable(false);
    setMinWidth(USE_PREF_SIZE);
    getStyleClass().add("value-text");
    getStyleClass().addAll(styles);
    textProperty().addListener((_, _, _) -> requestLayoutUp());
    fontProperty().addListener((_, _, _) -> requestLayoutUp());
  }

  /// Shows another value; what is selected stays when nothing changed.
  public void show(String value) {
    if (!value.equals(getText())) {
      setText(value);
    }
  }

  private void requestLayoutUp() {
    requestLayout();
    if (getParent() != null) {
      getParent().requestLayout();
    }
  }

  @Override
  protected double computePrefWidth(double height) {
    Insets insets = getInsets();
    ruler.setFont(getFont());
    ruler.setText(getText());
    return Math.ceil(
        ruler.getLayoutBounds().getWidth() + insets.getLeft() + insets.getRight() + CARET);
  }
}
