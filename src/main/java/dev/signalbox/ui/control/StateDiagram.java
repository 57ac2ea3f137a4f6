package dev.signalbox.ui.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.CubicCurve;
import javafx.scene.shape.Polygon;

/// A state machine: boxes on a grid, and the ways from one to another. Lit are the state that is
/// and the ways that lead on from it. Laid out only when its size changes.
public final class StateDiagram extends Pane {
  private static final double GAP = 22;
  private static final double WIDE_GAP = 44;
  private static final double WIDE = 420;
  private static final double HEAD = 7;
  private static final double APART = 7;

  /// A state.
  ///
  /// @param column from 0, may lie between two
  /// @param row from 0, may lie between two
  /// @param style for the style sheet; empty for none
  public record State(String id, double column, double row, String style) {}

  /// A way from one state to another, by their ids.
  public record Way(String from, String to) {}

  /// What a state shows.
  ///
  /// @param lit whether it is the state that is
  /// @param quiet whether nothing is in it
  /// @param spoken what a screen reader says of it
  public record StateText(String title, String note, boolean lit, boolean quiet, String spoken) {}

  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final List<Curve> curves = new ArrayList<>();
  private final double columns;
  private final double rows;

  public StateDiagram(List<State> states, List<Way> ways) {
    getStyleClass().add("diagram");
    columns = states.stream().mapToDouble(State::column).max().orElse(0);
    rows = states.stream().mapToDouble(State::row).max().orElse(0);
    for (State state : states) {
      boxes.put(state.id(), new Box(state));
    }
    for (Way way : ways) {
      Box from = boxes.get(way.from());
      Box to = boxes.get(way.to());
      if (from == null || to == null) {
        throw new IllegalArgumentException("no such state: " + way);
      }
      boolean both = ways.contains(new Way(way.to(), way.from()));
      curves.add(new Curve(from, to, both));
    }
    getChildren().addAll(curves);
    getChildren().addAll(boxes.values());
    setMinWidth(0);
  }

  /// @param presentations by the id of the state; one for each
  public void show(Map<String, StateText> presentations) {
    presentations.forEach((id, presentation) -> {
      Box box = boxes.get(id);
      if (box != null) {
        box.show(presentation);
      }
    });
    for (Curve curve : curves) {
      Nodes.pseudo(curve, "lit", curve.from.lit);
      if (curve.from.lit) {
        curve.toFront();
      }
    }
    boxes.values().forEach(VBox::toFront);
  }

  private double boxHeight() {
    return boxes.values().stream()
        .mapToDouble(box -> Math.ceil(box.prefHeight(-1)))
        .max()
        .orElse(0);
  }

  @Override
  protected double computePrefHeight(double width) {
    return boxHeight() * (rows + 1) + rows * 10 + 2;
  }

  @Override
  protected double computeMinHeight(double width) {
    return boxHeight() * (rows + 1) + rows * 4 + 2;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 120;
  }

  @Override
  protected void layoutChildren() {
    double gap = getWidth() < WIDE ? GAP : WIDE_GAP;
    double boxWidth = Math.clamp((getWidth() - gap * columns) / (columns + 1), 40, 132);
    double boxHeight = boxHeight();
    double stepX = columns == 0 ? 0 : (getWidth() - boxWidth) / columns;
    double stepY = rows == 0 ? 0 : (getHeight() - boxHeight) / rows;
    for (Box box : boxes.values()) {
      box.resizeRelocate(
          Math.rint(box.state.column() * stepX),
          Math.rint(box.state.row() * stepY),
          Math.rint(boxWidth),
          boxHeight);
    }
    curves.forEach(Curve::place);
  }

  private static final class Box extends VBox {
    private final State state;
    private final Label title = Nodes.label("", "diagram-title");
    private final Label note = Nodes.label("", "diagram-note");
    private boolean lit;

    Box(State state) {
      this.state = state;
      getStyleClass().add("diagram-state");
      if (!state.style().isEmpty()) {
        getStyleClass().add(state.style());
      }
      setId("state-" + state.id());
      setAlignment(Pos.CENTER);
      getChildren().addAll(title, note);
    }

    void show(StateText presentation) {
      lit = presentation.lit();
      title.setText(presentation.title());
      note.setText(presentation.note());
      Nodes.pseudo(this, "lit", presentation.lit());
      Nodes.pseudo(this, "quiet", presentation.quiet());
      setAccessibleText(presentation.spoken());
    }
  }

  /// From side to side between columns, straight down or up within one.
  private static final class Curve extends Pane {
    private final Box from;
    private final Box to;
    private final boolean both;
    private final CubicCurve line = new CubicCurve();
    private final Polygon head = new Polygon();

    Curve(Box from, Box to, boolean both) {
      this.from = from;
      this.to = to;
      this.both = both;
      getStyleClass().add("diagram-way");
      line.getStyleClass().add("diagram-line");
      head.getStyleClass().add("diagram-head");
      setManaged(false);
      setMouseTransparent(true);
      getChildren().addAll(line, head);
    }

    void place() {
      double fromY = from.getLayoutY() + from.getHeight() / 2;
      double toY = to.getLayoutY() + to.getHeight() / 2;
      double way = to.state.column() - from.state.column();
      double direction = Math.signum(way);
      double rise = Math.signum(to.state.row() - from.state.row());
      // Two that share a side leave and arrive apart from each other.
      double shift = both ? APART * direction : 0;
      double quarter = from.getHeight() / 4;
      double x1 = direction > 0 ? right(from) : from.getLayoutX();
      double x2 = direction > 0 ? to.getLayoutX() : right(to);
      double y1 = fromY + (both ? shift : rise * quarter);
      double y2 = toY + (both ? shift : -rise * quarter);
      double tip = x2 - direction * 2;
      double neck = tip - direction * HEAD;
      line.setStartX(x1 + direction * 2);
      line.setStartY(y1);
      line.setControlX1((x1 + neck) / 2);
      line.setControlY1(y1);
      line.setControlX2((x1 + neck) / 2);
      line.setControlY2(y2);
      line.setEndX(neck);
      line.setEndY(y2);
      head.getPoints().setAll(tip, y2, neck, y2 - HEAD / 2, neck, y2 + HEAD / 2);
    }

    private static double right(Box box) {
      return box.getLayoutX() + box.getWidth();
    }
  }
}
