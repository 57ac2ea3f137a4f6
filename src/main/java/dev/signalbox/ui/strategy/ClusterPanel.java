package dev.signalbox.ui.strategy;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.StateDiagram;
import dev.signalbox.ui.control.StateDiagram.State;
import dev.signalbox.ui.control.StateDiagram.StateText;
import dev.signalbox.ui.control.StateDiagram.Way;
import dev.signalbox.ui.fx.Messages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The change-over of the cluster, drawn: from blue to green above, back below.
final class ClusterPanel extends VBox {
  private static final List<State> STATES =
      List.of(
          state(DrawnState.BLUE_ANSWERS, 0, 1, "blue"),
          state(DrawnState.BLUE_DRAINING, 1, 0, ""),
          state(DrawnState.BLUE_DRAINED, 2, 0, ""),
          state(DrawnState.GREEN_ANSWERS, 3, 1, "green"),
          state(DrawnState.GREEN_DRAINING, 2, 2, ""),
          state(DrawnState.GREEN_DRAINED, 1, 2, ""),
          state(DrawnState.SUSPENDED, 1, 1, "aside"),
          state(DrawnState.UNKNOWN, 2, 1, "aside"));
  private static final List<Way> WAYS =
      List.of(
          way(DrawnState.BLUE_ANSWERS, DrawnState.BLUE_DRAINING),
          way(DrawnState.BLUE_DRAINING, DrawnState.BLUE_DRAINED),
          way(DrawnState.BLUE_DRAINED, DrawnState.GREEN_ANSWERS),
          way(DrawnState.GREEN_ANSWERS, DrawnState.GREEN_DRAINING),
          way(DrawnState.GREEN_DRAINING, DrawnState.GREEN_DRAINED),
          way(DrawnState.GREEN_DRAINED, DrawnState.BLUE_ANSWERS));

  private final StateDiagram diagram = new StateDiagram(STATES, WAYS);
  private final SelectableText now = new SelectableText("machine-now");
  private final SelectableText next = new SelectableText("machine-next");

  ClusterPanel() {
    setId("cluster");
    getStyleClass().add("card");
    now.setId("cluster-now");
    next.setId("cluster-next");
    VBox words = new VBox(now, next);
    words.getStyleClass().add("machine-words");
    getChildren().addAll(Nodes.label(Messages.text("strategy.cluster"), "section"), diagram, words);
    setVgrow(diagram, Priority.ALWAYS);
    setMinWidth(0);
  }

  void show(@Nullable ClusterPresentation presentation) {
    if (presentation == null) {
      return;
    }
    Map<String, StateText> presentations = new LinkedHashMap<>();
    for (DrawnState state : DrawnState.values()) {
      String title = Messages.text("state.title." + state.id().replace('-', '_'));
      String note = Messages.text("state.note." + state.id().replace('-', '_'));
      boolean lit = state == presentation.lit();
      presentations.put(
          state.id(),
          new StateText(
              title,
              note,
              lit,
              false,
              Messages.text(lit ? "state.accessible.lit" : "state.accessible", title, note)));
    }
    diagram.show(presentations);
    now.show(presentation.now());
    next.show(presentation.next());
    for (DrawnState state : DrawnState.values()) {
      Nodes.pseudo(this, state.id(), state == presentation.lit());
    }
    setAccessibleText(
        Messages.text(
            "strategy.cluster.accessible",
            Messages.text("state.title." + presentation.lit().id().replace('-', '_')),
            presentation.now(),
            presentation.next()));
  }

  private static State state(DrawnState state, double column, double row, String style) {
    return new State(state.id(), column, row, style);
  }

  private static Way way(DrawnState from, DrawnState to) {
    return new Way(from.id(), to.id());
  }
}
