package dev.signalbox.ui.board;

import dev.signalbox.ui.control.Copying;
import dev.signalbox.ui.control.FittingScroll;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The gates with their evidence.
final class GateList extends VBox {
  /// One gate, in pixels; the rest scrolls.
  private static final double LEAST = 60;

  private final Label title = Nodes.label("", "section");
  private final Label empty = Nodes.wrapped("", "empty");
  private final VBox list = new VBox();
  private final List<GateNode> nodes = new ArrayList<>();
  private String words = "";

  GateList() {
    setId("gates");
    getStyleClass().add("gates");
    FittingScroll body = new FittingScroll(list, LEAST);
    setVgrow(body, Priority.ALWAYS);
    getChildren().addAll(title, empty, body);
    setMinHeight(90);
    setAccessibleRole(AccessibleRole.TEXT);
    Copying.of(this, () -> words);
  }

  void show(GatesPresentation presentation) {
    title.setText(presentation.title());
    Nodes.text(empty, presentation.empty());
    words = presentation.asText();
    setAccessibleText(presentation.title());
    while (nodes.size() > presentation.gates().size()) {
      nodes.removeLast();
      list.getChildren().removeLast();
    }
    while (nodes.size() < presentation.gates().size()) {
      GateNode node = new GateNode();
      nodes.add(node);
      list.getChildren().add(node);
    }
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).show(presentation.gates().get(i));
    }
  }

  private static final class GateNode extends HBox {
    private static final double WIDEST = 500;

    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label name = Nodes.wrapped("", "gate-title");
    private final ValueText passed = new ValueText("gate-evidence", "gate-passed");
    private final SelectableText inTheWay = new SelectableText("gate-evidence", "gate-reason");

    GateNode() {
      getStyleClass().add("gate");
      // A row asks for the height of a text at the width that it wants, and would give it more.
      setMinHeight(0);
      setAlignment(Pos.TOP_LEFT);
      VBox words = new VBox(name, passed, inTheWay);
      words.setPrefWidth(WIDEST);
      passed.setMinWidth(0);
      passed.setMaxWidth(Double.MAX_VALUE);
      // The list is one stop of the Tab key, and is copied as a whole.
      inTheWay.setFocusTraversable(false);
      setHgrow(words, Priority.ALWAYS);
      getChildren().addAll(sign, words);
    }

    void show(GatesPresentation.Gate gate) {
      setId("gate-" + gate.id());
      sign.show(gate.sign());
      name.setText(gate.title());
      // One line for what has passed: its figures change, and what stands below must not move.
      boolean open = gate.sign() == Sign.OK;
      passed.show(open ? gate.evidence() : "");
      Nodes.show(passed, open && !gate.evidence().isEmpty());
      Nodes.tip(passed, open ? gate.evidence() : "");
      inTheWay.show(open ? "" : gate.evidence());
      Nodes.pseudo(inTheWay, "bad", gate.sign() == Sign.BAD);
      Nodes.pseudo(inTheWay, "pending", gate.sign() == Sign.PENDING);
      setAccessibleText(
          Messages.text("gate.accessible", gate.title(), gate.word(), gate.evidence()));
    }
  }
}
