package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The query engine of one stack. Blue is always left, green always right.
final class EngineCard extends VBox {
  private static final int COLUMNS = 4;

  private final Label badge = Nodes.firm("", "badge");
  private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
  private final Label word = Nodes.firm("", "row-word");
  private final Label version = Nodes.label("", "stack-version", "number");
  private final GridPane grid = new GridPane();
  private final List<Label> labels = new ArrayList<>();
  private final List<ValueText> values = new ArrayList<>();
  private final SelectableText problem = new SelectableText("row-note");

  EngineCard(Colour colour) {
    setId("engine-" + colour.id());
    getStyleClass().addAll("stack", "engine", colour.id());
    HBox head =
        new HBox(
            Nodes.firm(Words.marked(colour), "stack-name"),
            badge,
            sign,
            word,
            Nodes.spring(),
            version);
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().add("engine-head");
    grid.getStyleClass().add("engine-figures");
    for (int i = 0; i < COLUMNS; i++) {
      ColumnConstraints quarter = new ColumnConstraints();
      quarter.setPercentWidth(100.0 / COLUMNS);
      grid.getColumnConstraints().add(quarter);
    }
    getChildren().addAll(head, grid, problem);
    setMinWidth(0);
  }

  void show(@Nullable EnginePresentation presentation) {
    if (presentation == null) {
      return;
    }
    badge.setText(presentation.badge());
    Nodes.pseudo(badge, "live", presentation.live());
    sign.show(presentation.sign());
    word.setText(presentation.word());
    Nodes.pseudo(word, "bad", presentation.sign() == Sign.BAD);
    boolean versioned = !presentation.version().isEmpty();
    Nodes.text(version, versioned ? Messages.text("engine.version", presentation.version()) : "");
    Nodes.tip(
        version, versioned ? Messages.text("server.postgres.version", presentation.version()) : "");
    for (int i = 0; i < presentation.figures().size(); i++) {
      if (i == labels.size()) {
        add();
      }
      EnginePresentation.Figure figure = presentation.figures().get(i);
      labels.get(i).setText(figure.label());
      values.get(i).show(figure.value());
    }
    problem.show(presentation.problem());
    setAccessibleText(
        Messages.text(
            "engine.accessible",
            Words.colour(presentation.colour()),
            presentation.badge(),
            presentation.word()));
  }

  private void add() {
    Label label = Nodes.label("", "figure-label");
    ValueText value = new ValueText("engine-value", "number");
    int index = labels.size();
    grid.add(new VBox(label, value), index % COLUMNS, index / COLUMNS);
    labels.add(label);
    values.add(value);
  }
}
