package dev.signalbox.ui.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The phases of a release, side by side, each with what it took.
public final class PhaseStrip extends HBox {
  private final List<Cell> cells = new ArrayList<>();
  private final Function<PhasePresentation, String> spoken;
  private final Label empty = Nodes.wrapped("", "empty");

  /// @param spoken what a screen reader says of a phase
  public PhaseStrip(Function<PhasePresentation, String> spoken) {
    this.spoken = spoken;
    getStyleClass().add("phase-strip");
    setId("phases");
    setMinHeight(Region.USE_PREF_SIZE);
  }

  /// @param emptyText shown instead of no phases
  public void show(List<PhasePresentation> phases, String emptyText) {
    empty.setText(emptyText);
    if (phases.isEmpty()) {
      cells.clear();
      getChildren().setAll(empty);
      return;
    }
    if (cells.size() != phases.size()) {
      cells.clear();
      for (int i = 0; i < phases.size(); i++) {
        cells.add(new Cell(phases.size()));
      }
      getChildren().setAll(cells);
    }
    for (int i = 0; i < phases.size(); i++) {
      cells.get(i).show(phases.get(i));
    }
  }

  private final class Cell extends VBox {
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label title = Nodes.label("", "phase-title");
    private final Label took = Nodes.label("", "phase-took", "number");
    private final Label detail = Nodes.label("", "phase-detail");
    private final Region bar = new Region();

    Cell(int count) {
      getStyleClass().add("phase");
      bar.getStyleClass().add("phase-bar");
      detail.setWrapText(true);
      HBox head = new HBox(sign, title);
      head.getStyleClass().add("phase-head");
      head.setAlignment(Pos.CENTER_LEFT);
      getChildren().addAll(bar, head, took, detail);
      setHgrow(this, Priority.ALWAYS);
      prefWidthProperty()
          .bind(PhaseStrip.this.widthProperty().divide(Math.max(1, count)).subtract(8));
      setMinWidth(0);
      setFocusTraversable(false);
    }

    void show(PhasePresentation presentation) {
      sign.show(
          switch (presentation.state()) {
            case WAITING, UNKNOWN, UNDONE -> Sign.UNKNOWN;
            case RUNNING, UNDOING -> Sign.PENDING;
            case WARNING -> Sign.WARNING;
            case HOLDING -> Sign.BAD;
            case DONE -> Sign.OK;
          });
      Nodes.show(sign, presentation.state() != PhasePresentation.State.WAITING);
      title.setText(presentation.title());
      Nodes.keep(took, presentation.took());
      Nodes.keep(detail, presentation.detail());
      Nodes.tip(detail, presentation.detail());
      for (PhasePresentation.State state : PhasePresentation.State.values()) {
        Nodes.pseudo(this, state.name().toLowerCase(Locale.ROOT), state == presentation.state());
      }
      setAccessibleText(spoken.apply(presentation));
    }
  }
}
