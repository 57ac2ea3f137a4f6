package dev.signalbox.ui.board;

import dev.signalbox.ui.control.FittingScroll;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
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

  GateList() {
    setId("gates");
    getStyleClass().add("gates");
    FittingScroll body = new FittingScroll(list, LEAST);
    setVgrow(body, Priority.ALWAYS);
    getChildren().addAll(title, empty, body);
    setMinHeight(90);
  }

  void show(GatesFace face) {
    title.setText(face.title());
    Nodes.text(empty, face.empty());
    while (nodes.size() > face.gates().size()) {
      nodes.removeLast();
      list.getChildren().removeLast();
    }
    while (nodes.size() < face.gates().size()) {
      GateNode node = new GateNode();
      nodes.add(node);
      list.getChildren().add(node);
    }
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).show(face.gates().get(i));
    }
  }

  private static final class GateNode extends HBox {
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label name = Nodes.wrapped("", "gate-title");
    private final Label evidence = Nodes.wrapped("", "gate-evidence");

    GateNode() {
      getStyleClass().add("gate");
      setAlignment(Pos.TOP_LEFT);
      VBox words = new VBox(name, evidence);
      setHgrow(words, Priority.ALWAYS);
      getChildren().addAll(sign, words);
    }

    void show(GatesFace.Gate gate) {
      setId("gate-" + gate.id());
      sign.show(gate.sign());
      name.setText(gate.title());
      Nodes.text(evidence, gate.evidence());
      Nodes.pseudo(evidence, "bad", gate.sign() == Sign.BAD);
      Nodes.pseudo(evidence, "pending", gate.sign() == Sign.PENDING);
      setAccessibleText(
          Messages.text("gate.accessible", gate.title(), gate.word(), gate.evidence()));
    }
  }
}
