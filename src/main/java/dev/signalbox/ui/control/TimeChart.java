package dev.signalbox.ui.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Line;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;

/// Curves over the last minutes, drawn only when a sample came, with at most one point for two
/// pixels: the highest, so that no peak is lost. Shapes, so that the style sheet colours them.
public final class TimeChart extends Pane {
  private static final double LEFT = 2;
  private static final double TOP = 14;
  private static final double BOTTOM = 18;
  private static final double PIXELS = 2;

  /// A sample.
  ///
  /// @param values one for each curve; negative or NaN leaves a gap
  public record Point(Instant at, List<Double> values) {}

  /// A word for a moment, which need not be that of a sample.
  public record Mark(Instant at, String word) {}

  private final List<java.time.Duration> spans;
  private final double least;
  private final DoubleFunction<String> unit;
  private final Function<Instant, String> time;
  private final List<Path> curves = new ArrayList<>();
  private final List<Line> grid = new ArrayList<>();
  private final Label top = Nodes.label("", "chart-label");
  private final Label middle = Nodes.label("", "chart-label");
  private final Label from = Nodes.label("", "chart-label");
  private final Label to = Nodes.label("", "chart-label");
  private final Label empty;
  private final List<Line> markLines = new ArrayList<>();
  private final List<Label> markLabels = new ArrayList<>();
  private List<Point> points = List.of();
  private List<Mark> marks = List.of();
  private long spanMillis;

  /// @param spans of the whole width, ascending: the shortest that holds all points is taken, or
  ///   the last
  /// @param least the smallest top of the scale
  /// @param styles one for each curve
  public TimeChart(
      List<java.time.Duration> spans,
      double least,
      DoubleFunction<String> unit,
      Function<Instant, String> time,
      String emptyText,
      List<String> styles) {
    this.spans = List.copyOf(spans);
    this.least = least;
    this.unit = unit;
    this.time = time;
    empty = Nodes.label(emptyText, "empty");
    getStyleClass().add("chart");
    for (int i = 0; i < 3; i++) {
      Line line = new Line();
      line.getStyleClass().add("chart-grid");
      grid.add(line);
    }
    getChildren().addAll(grid);
    for (String style : styles) {
      Path curve = new Path();
      curve.getStyleClass().addAll("chart-curve", style);
      curves.add(curve);
    }
    getChildren().addAll(curves);
    getChildren().addAll(top, middle, from, to, empty);
    setMinSize(60, 60);
  }

  public void show(List<Point> shown, List<Mark> words) {
    points = List.copyOf(shown);
    marks = List.copyOf(words);
    draw();
  }

  @Override
  protected void layoutChildren() {
    super.layoutChildren();
    draw();
  }

  private void draw() {
    double width = getWidth() - LEFT;
    double height = getHeight() - TOP - BOTTOM;
    Nodes.show(empty, points.isEmpty());
    for (Label label : List.of(top, middle, from, to)) {
      label.setVisible(!points.isEmpty());
    }
    if (width < 10 || height < 10) {
      return;
    }
    empty.relocate(LEFT, TOP + 4);
    for (int i = 0; i < grid.size(); i++) {
      double y = Math.rint(TOP + height * i / 2) + 0.5;
      Line line = grid.get(i);
      line.setStartX(LEFT);
      line.setEndX(LEFT + width);
      line.setStartY(y);
      line.setEndY(y);
    }
    if (points.isEmpty()) {
      curves.forEach(curve -> curve.getElements().clear());
      mark(List.of(), 0, 0, 0);
      return;
    }
    long end = points.getLast().at().toEpochMilli();
    spanMillis = span(end - points.getFirst().at().toEpochMilli());
    double scale = scale();
    for (int i = 0; i < curves.size(); i++) {
      curves.get(i).getElements().setAll(elements(i, end, width, height, scale));
    }
    mark(marks, end, width, height);
    top.setText(unit.apply(scale));
    middle.setText(unit.apply(scale / 2));
    from.setText(time.apply(Instant.ofEpochMilli(end - spanMillis)));
    to.setText(time.apply(points.getLast().at()));
    for (Label label : List.of(top, middle, from, to)) {
      label.autosize();
    }
    top.relocate(LEFT, TOP - 14);
    middle.relocate(LEFT, TOP + height / 2 - 14);
    from.relocate(LEFT, TOP + height + 3);
    to.relocate(LEFT + width - to.getWidth(), TOP + height + 3);
  }

  private long span(long needed) {
    for (java.time.Duration span : spans) {
      if (span.toMillis() >= needed) {
        return span.toMillis();
      }
    }
    return spans.getLast().toMillis();
  }

  /// A round number above the highest value.
  private double scale() {
    double highest = least;
    for (Point point : points) {
      for (double value : point.values()) {
        highest = value > highest ? value : highest;
      }
    }
    double power = Math.pow(10, Math.floor(Math.log10(highest)));
    for (double step : new double[] {1, 2, 4, 6, 10}) {
      if (highest <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private List<PathElement> elements(
      int curve, long end, double width, double height, double scale) {
    List<PathElement> elements = new ArrayList<>();
    boolean drawing = false;
    int i = 0;
    while (i < points.size()) {
      double x = x(points.get(i).at(), end, width);
      double highest = points.get(i).values().get(curve);
      int next = i + 1;
      while (next < points.size() && x(points.get(next).at(), end, width) < x + PIXELS) {
        highest = Math.max(highest, points.get(next).values().get(curve));
        next++;
      }
      i = next;
      if (!(highest >= 0) || x < LEFT) {
        drawing = false;
        continue;
      }
      double y = TOP + height - Math.min(1, highest / scale) * height;
      elements.add(drawing ? new LineTo(x, y) : new MoveTo(x, y));
      drawing = true;
    }
    return elements;
  }

  private double x(Instant at, long end, double width) {
    double share = 1 - (double) (end - at.toEpochMilli()) / spanMillis;
    return LEFT + share * width;
  }

  private void mark(List<Mark> shown, long end, double width, double height) {
    int used = 0;
    for (Mark mark : shown) {
      double x = x(mark.at(), end, width);
      if (x >= LEFT) {
        // One may be newer than the newest sample.
        place(used++, Math.rint(Math.min(x, LEFT + width)) + 0.5, mark.word(), width, height);
      }
    }
    for (int i = 0; i < markLines.size(); i++) {
      markLines.get(i).setVisible(i < used);
      markLabels.get(i).setVisible(i < used);
    }
  }

  /// Neighbours take turns in three rows so that their words do not cover each other.
  private void place(int index, double x, String word, double width, double height) {
    if (index == markLines.size()) {
      Line line = new Line();
      line.getStyleClass().add("chart-mark");
      Label label = Nodes.label("", "chart-mark-label");
      markLines.add(line);
      markLabels.add(label);
      // Under everything else, so that no line crosses a word.
      getChildren().add(grid.size(), line);
      getChildren().add(label);
    }
    Line line = markLines.get(index);
    line.setStartX(x);
    line.setEndX(x);
    line.setStartY(TOP);
    line.setEndY(TOP + height);
    Label label = markLabels.get(index);
    label.setText(word);
    label.autosize();
    boolean before = x + label.getWidth() + 6 > LEFT + width;
    label.relocate(before ? x - label.getWidth() - 3 : x + 3, TOP + 1 + index % 3 * 13.0);
  }
}
