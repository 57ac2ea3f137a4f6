package dev.signalbox.ui.strategy;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.StateDiagram;
import dev.signalbox.ui.control.StateDiagram.State;
import dev.signalbox.ui.control.StateDiagram.StateText;
import dev.signalbox.ui.control.StateDiagram.Way;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The states of the strategy client, drawn, with how many clients are in each.
final class ClientsPanel extends VBox {
  private static final List<State> STATES =
      List.of(
          new State("no-strategy", 0, 0, ""),
          new State("detecting", 1, 1, ""),
          new State("error", 0, 2, "error"),
          new State("blue", 2, 0, "blue"),
          new State("green", 2, 2, "green"),
          new State("transitioning", 3, 1, ""));
  private static final List<Way> WAYS =
      List.of(
          new Way("no-strategy", "detecting"),
          new Way("detecting", "error"),
          new Way("detecting", "blue"),
          new Way("blue", "detecting"),
          new Way("detecting", "green"),
          new Way("green", "detecting"),
          new Way("blue", "transitioning"),
          new Way("transitioning", "blue"),
          new Way("green", "transitioning"),
          new Way("transitioning", "green"));

  private final StateDiagram diagram = new StateDiagram(STATES, WAYS);
  private final SelectableText sentence = new SelectableText("machine-next");

  ClientsPanel() {
    setId("clients");
    getStyleClass().add("card");
    VBox words = new VBox(sentence);
    words.getStyleClass().add("machine-words");
    getChildren().addAll(Nodes.label(Messages.text("strategy.clients"), "section"), diagram, words);
    setVgrow(diagram, Priority.ALWAYS);
    setMinWidth(0);
  }

  void show(ClientsPresentation presentation) {
    Map<String, StateText> presentations = new LinkedHashMap<>();
    for (String state : ClientsPresentation.STATES) {
      int count = presentation.count(state);
      String name = Messages.text("client.state." + state.replace('-', '_'));
      presentations.put(
          state,
          new StateText(
              Format.count(count),
              name,
              state.equals(presentation.busiest()),
              count == 0,
              Messages.text("client.state.accessible", name, count)));
    }
    diagram.show(presentations);
    Nodes.pseudo(this, "failing", presentation.count("error") > 0);
    sentence.show(presentation.sentence());
    setAccessibleText(presentation.sentence());
  }
}
