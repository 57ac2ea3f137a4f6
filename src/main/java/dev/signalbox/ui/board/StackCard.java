package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.board.StackPresentation.Part;
import dev.signalbox.ui.control.Copying;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// One stack. Blue is always left, green always right.
final class StackCard extends VBox {
  private static final int FIGURES_IN_A_ROW = 3;
  private final Label version = Nodes.label("", "stack-version", "number");
  private final Label badge = Nodes.firm("", "badge");
  private final GridPane figures = new GridPane();
  private final List<FigureNode> figureNodes = new ArrayList<>();
  private final StackPart application = new StackPart();
  private final VBox databases = new VBox();
  private final List<StackPart> databaseNodes = new ArrayList<>();
  private @Nullable StackPresentation shown;

  StackCard(Colour colour) {
    setId("stack-" + colour.id());
    getStyleClass().addAll("stack", colour.id());
    Label name = Nodes.firm(Words.marked(colour), "stack-name");
    HBox head = new HBox(name, badge, Nodes.spring(), version);
    head.getStyleClass().add("stack-head");
    head.setAlignment(Pos.CENTER_LEFT);
    figures.getStyleClass().add("figures");
    for (int i = 0; i < FIGURES_IN_A_ROW; i++) {
      ColumnConstraints third = new ColumnConstraints();
      third.setPercentWidth(100.0 / FIGURES_IN_A_ROW);
      figures.getColumnConstraints().add(third);
    }
    databases.getStyleClass().add("stack-parts");
    application.add(figures);
    VBox content = new VBox(application, databases);
    content.getStyleClass().add("stack-content");
    ScrollPane body = Nodes.scroll(content);
    setVgrow(body, Priority.ALWAYS);
    getChildren().addAll(head, body);
    setMinWidth(0);
    setAccessibleRole(AccessibleRole.TEXT);
    Copying.of(this, () -> shown == null ? "" : shown.asText());
  }

  void show(@Nullable StackPresentation presentation) {
    if (presentation == null) {
      return;
    }
    shown = presentation;
    Nodes.text(version, presentation.version());
    Nodes.tip(version, presentation.version());
    badge.setText(presentation.badge());
    Nodes.pseudo(badge, "live", Boolean.TRUE.equals(presentation.live()));
    Nodes.pseudo(badge, "unknown", presentation.live() == null);
    Nodes.pseudo(this, "live", Boolean.TRUE.equals(presentation.live()));
    application.show(presentation.application() == null ? Part.NONE : presentation.application());
    showFigures(presentation.figures());
    showDatabases(presentation.databases());
    setAccessibleText(
        Messages.text(
            "stack.accessible",
            Words.colour(presentation.colour()),
            presentation.badge(),
            presentation.version()));
  }

  private void showDatabases(List<Part> parts) {
    while (databaseNodes.size() > parts.size()) {
      databaseNodes.removeLast();
      databases.getChildren().removeLast();
    }
    while (databaseNodes.size() < parts.size()) {
      StackPart node = new StackPart();
      databaseNodes.add(node);
      databases.getChildren().add(node);
    }
    for (int i = 0; i < parts.size(); i++) {
      databaseNodes.get(i).show(parts.get(i));
    }
  }

  private void showFigures(List<StackPresentation.Figure> shown) {
    while (figureNodes.size() > shown.size()) {
      figures.getChildren().remove(figureNodes.removeLast());
    }
    while (figureNodes.size() < shown.size()) {
      FigureNode node = new FigureNode();
      int index = figureNodes.size();
      figures.add(node, index % FIGURES_IN_A_ROW, index / FIGURES_IN_A_ROW);
      figureNodes.add(node);
    }
    for (int i = 0; i < shown.size(); i++) {
      figureNodes.get(i).show(shown.get(i));
    }
  }

  private static final class FigureNode extends VBox {
    private final Label label = Nodes.label("", "figure-label");
    private final ValueText value = new ValueText("figure-value", "number");

    FigureNode() {
      getChildren().addAll(label, value);
      getStyleClass().add("figure");
      setMinWidth(0);
    }

    void show(StackPresentation.Figure figure) {
      label.setText(figure.label());
      value.show(figure.value());
      Nodes.pseudo(value, "bad", figure.sign() == Sign.BAD);
      Nodes.pseudo(value, "pending", figure.sign() == Sign.PENDING);
    }
  }
}
