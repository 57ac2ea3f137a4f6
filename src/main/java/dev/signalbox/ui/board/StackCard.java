package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.board.StackPresentation.Part;
import dev.signalbox.ui.control.Copying;
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
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// One stack. Blue is always left, green always right.
final class StackCard extends VBox {
  private static final int FIGURES_IN_A_ROW = 3;
  private final Label version = Nodes.label("", "stack-version", "number");
  private final Label badge = Nodes.firm("", "badge");
  private final GridPane figures = new GridPane();
  private final List<FigureNode> figureNodes = new ArrayList<>();
  private final PartNode application = new PartNode();
  private final VBox databases = new VBox();
  private final List<PartNode> databaseNodes = new ArrayList<>();
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
    ScrollPane body = new ScrollPane(content);
    body.setFitToWidth(true);
    body.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    body.getStyleClass().add("plain-scroll");
    body.setFocusTraversable(false);
    setVgrow(body, Priority.ALWAYS);
    getChildren().addAll(head, body);
    setMinWidth(0);
    setAccessibleRole(AccessibleRole.TEXT);
    Copying.of(this, () -> shown == null ? "" : shown.asText());
  }

  void show(@Nullable StackPresentation face) {
    if (face == null) {
      return;
    }
    shown = face;
    Nodes.text(version, face.version());
    Nodes.tip(version, face.version());
    badge.setText(face.badge());
    Nodes.pseudo(badge, "live", Boolean.TRUE.equals(face.live()));
    Nodes.pseudo(badge, "unknown", face.live() == null);
    Nodes.pseudo(this, "live", Boolean.TRUE.equals(face.live()));
    application.show(face.application() == null ? Part.NONE : face.application());
    showFigures(face.figures());
    showDatabases(face.databases());
    setAccessibleText(
        Messages.text(
            "stack.accessible", Words.colour(face.colour()), face.badge(), face.version()));
  }

  private void showDatabases(List<Part> parts) {
    while (databaseNodes.size() > parts.size()) {
      databaseNodes.removeLast();
      databases.getChildren().removeLast();
    }
    while (databaseNodes.size() < parts.size()) {
      PartNode node = new PartNode();
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

  /// One plane's part.
  private static final class PartNode extends VBox {
    private final Label name = Nodes.label("", "section");
    private final SelectableText sentence = new SelectableText("stack-sentence");
    private final Rows rows = new Rows();
    private final Label tablesTitle = Nodes.label(Messages.text("tables.title"), "section");
    private final Rows tables = new Rows();

    PartNode() {
      getStyleClass().add("stack-part");
      getChildren().addAll(name, sentence, rows, tablesTitle, tables);
    }

    /// Puts something between the sentence and the rows.
    void add(Region region) {
      getChildren().add(getChildren().indexOf(rows), region);
    }

    void show(Part part) {
      Nodes.text(name, part.name());
      sentence.show(part.sentence());
      Nodes.pseudo(this, "stale", part.stale());
      rows.show(part.rows());
      Nodes.show(tablesTitle, !part.tables().isEmpty());
      tables.show(part.tables());
    }
  }

  private static final class Rows extends VBox {
    private final List<RowNode> nodes = new ArrayList<>();

    void show(List<StackPresentation.Row> rows) {
      while (nodes.size() > rows.size()) {
        nodes.removeLast();
        getChildren().removeLast();
      }
      while (nodes.size() < rows.size()) {
        RowNode node = new RowNode();
        nodes.add(node);
        getChildren().add(node);
      }
      for (int i = 0; i < rows.size(); i++) {
        nodes.get(i).show(rows.get(i));
      }
    }
  }

  private static final class RowNode extends VBox {
    private final Label label = Nodes.label("", "row-label");
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label word = Nodes.firm("", "row-word");
    private final ValueText value = new ValueText("row-value", "number");
    private final SelectableText note = new SelectableText("row-note");
    private StackPresentation.@Nullable Row shown;

    RowNode() {
      getStyleClass().add("row");
      HBox line = new HBox(label, Nodes.spring(), sign, word, value);
      line.setAlignment(Pos.CENTER_LEFT);
      line.getStyleClass().add("row-line");
      getChildren().addAll(line, note);
      value.setAlignment(Pos.CENTER_RIGHT);
    }

    void show(StackPresentation.Row row) {
      if (row.equals(shown)) {
        return;
      }
      shown = row;
      label.setText(row.label());
      Nodes.tip(label, row.hint());
      Nodes.show(sign, row.sign() != null);
      if (row.sign() != null) {
        sign.show(row.sign());
      }
      Nodes.text(word, row.word());
      Nodes.pseudo(word, "bad", row.sign() == Sign.BAD);
      Nodes.pseudo(word, "pending", row.sign() == Sign.PENDING);
      value.show(row.value());
      Nodes.show(value, !row.value().isEmpty());
      note.show(row.note());
    }
  }
}
