package dev.signalbox.ui.strategy;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The rates against their limits.
final class RatesPanel extends VBox {
  private final List<Line> lines = new ArrayList<>();

  RatesPanel() {
    setId("rates");
    getStyleClass().add("rates");
    getChildren().add(Nodes.label(Messages.text("rates.title"), "section"));
  }

  void show(List<Rate> rates) {
    while (lines.size() < rates.size()) {
      Line line = new Line();
      lines.add(line);
      getChildren().add(line);
    }
    for (int i = 0; i < rates.size(); i++) {
      lines.get(i).show(rates.get(i));
    }
  }

  private static final class Line extends VBox {
    private final Label label = Nodes.label("", "rate-label");
    private final ValueText value = new ValueText("rate-value", "number");
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label word = Nodes.label("", "rate-word");
    private final Region fill = new Region();
    private final HBox verdict = new HBox(sign, word);
    private double share;
    private final Pane bar =
        new Pane(fill) {
          @Override
          protected void layoutChildren() {
            fill.resizeRelocate(0, 0, Math.rint(getWidth() * share), getHeight());
          }
        };

    Line() {
      getStyleClass().add("rate");
      bar.getStyleClass().add("rate-bar");
      fill.getStyleClass().add("rate-fill");
      HBox line = new HBox(label, Nodes.spring(), value);
      line.setAlignment(Pos.BASELINE_LEFT);
      value.setAlignment(Pos.CENTER_RIGHT);
      verdict.setAlignment(Pos.CENTER_LEFT);
      verdict.getStyleClass().add("rate-verdict");
      getChildren().addAll(line, bar, verdict);
    }

    void show(Rate rate) {
      setId("rate-" + rate.id());
      label.setText(rate.label());
      value.show(rate.value());
      Nodes.show(verdict, !rate.word().isEmpty());
      sign.show(rate.sign());
      word.setText(rate.word());
      Nodes.pseudo(this, "bad", rate.sign() == Sign.BAD);
      Nodes.show(bar, !Double.isNaN(rate.share()));
      share = Double.isNaN(rate.share()) ? 0 : rate.share();
      bar.requestLayout();
      setAccessibleText(Messages.text("rate.accessible", rate.label(), rate.value(), rate.word()));
    }
  }
}
