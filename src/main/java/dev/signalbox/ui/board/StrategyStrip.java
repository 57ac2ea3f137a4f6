package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The strategy plane on the Board. A click, Enter or Space opens its screen; without a query
/// cluster it is not there.
final class StrategyStrip extends Button {
  private final Label warning = Nodes.wrapped("", "strategy-strip-warning");
  private final VBox body = new VBox();
  private final List<LineNode> lines = new ArrayList<>();

  StrategyStrip(Runnable open) {
    setId("strategy-strip");
    getStyleClass().setAll("strategy-strip");
    setAccessibleRole(AccessibleRole.BUTTON);
    VBox words = new VBox(Nodes.label(Messages.text("strip.title"), "section"), warning, body);
    words.prefWidthProperty().bind(widthProperty().subtract(2));
    setGraphic(words);
    setMaxWidth(Double.MAX_VALUE);
    setMinHeight(USE_PREF_SIZE);
    setAlignment(Pos.TOP_LEFT);
    setOnAction(_ -> open.run());
  }

  void show(@Nullable StrategyStripPresentation presentation) {
    Nodes.show(this, presentation != null);
    if (presentation == null) {
      return;
    }
    Nodes.text(warning, presentation.warning());
    Nodes.pseudo(this, "stale", presentation.stale());
    for (int i = 0; i < presentation.lines().size(); i++) {
      if (i == lines.size()) {
        LineNode line = new LineNode();
        lines.add(line);
        body.getChildren().add(line);
      }
      lines.get(i).show(presentation.lines().get(i));
    }
    setAccessibleText(presentation.accessible());
  }

  private static final class LineNode extends HBox {
    private final Label label = Nodes.label("", "row-label");
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label value = Nodes.firm("", "strip-value");

    LineNode() {
      getStyleClass().add("strip-line");
      setAlignment(Pos.CENTER_LEFT);
      getChildren().addAll(label, Nodes.spring(), sign, value);
    }

    void show(StrategyStripPresentation.Line line) {
      label.setText(line.label());
      value.setText(line.value());
      Nodes.show(sign, line.sign() != null);
      if (line.sign() != null) {
        sign.show(line.sign());
      }
      Nodes.pseudo(value, "bad", line.sign() == Sign.BAD);
      Nodes.pseudo(value, "blue", line.colour() == Colour.BLUE);
      Nodes.pseudo(value, "green", line.colour() == Colour.GREEN);
    }
  }
}
