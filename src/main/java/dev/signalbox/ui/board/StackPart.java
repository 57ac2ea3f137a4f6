package dev.signalbox.ui.board;

import dev.signalbox.ui.board.StackPresentation.Part;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// One plane's part of a stack's card.
final class StackPart extends VBox {
  private final Label name = Nodes.label("", "section");
  private final SelectableText sentence = new SelectableText("stack-sentence");
  private final Rows rows = new Rows();
  private final Label tablesTitle = Nodes.label(Messages.text("tables.title"), "section");
  private final Rows tables = new Rows();

  StackPart() {
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

  private static final class Rows extends VBox {
    private final List<RowNode> nodes = new ArrayList<>();

    void show(List<Row> rows) {
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
    private @Nullable Row shown;

    RowNode() {
      getStyleClass().add("row");
      HBox line = new HBox(label, Nodes.spring(), sign, word, value);
      line.setAlignment(Pos.CENTER_LEFT);
      line.getStyleClass().add("row-line");
      getChildren().addAll(line, note);
      value.setAlignment(Pos.CENTER_RIGHT);
    }

    void show(Row row) {
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
