package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.ui.control.Copying;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.animation.FadeTransition;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.CubicCurve;
import javafx.scene.shape.Line;
import javafx.scene.shape.Polygon;
import javafx.scene.text.TextAlignment;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;

/// Between the stacks: the router above, replication below. Drawn anew only when it changes.
final class TrackView extends VBox {
  private final Label router = Nodes.firm("", "router");
  private final Label routerNote = Nodes.wrapped("", "track-note");
  private final Curves curves = new Curves();
  private final Arrow toGreen = new Arrow(Colour.BLUE);
  private final Arrow toBlue = new Arrow(Colour.GREEN);
  private final ValueText number = new ValueText("lag-number", "number");
  private final Label bytes = Nodes.wrapped("", "lag-bytes");
  private final Label rate = Nodes.wrapped("", "track-note");
  private final Label wayBack = Nodes.wrapped("", "track-note");
  private final Label caption = Nodes.label("", "track-caption");
  private final VBox traffic;
  private final VBox replication;
  private final List<String> words = new ArrayList<>();

  TrackView() {
    setId("track");
    getStyleClass().add("track");
    setAlignment(Pos.TOP_CENTER);
    for (Label label : new Label[] {routerNote, bytes, rate, wayBack}) {
      label.setTextAlignment(TextAlignment.CENTER);
      label.setAlignment(Pos.CENTER);
      label.setMaxWidth(Double.MAX_VALUE);
    }
    traffic =
        new VBox(Nodes.label(Messages.text("router.caption"), "track-caption"), curves, routerNote);
    traffic.setAlignment(Pos.TOP_CENTER);
    traffic.getStyleClass().add("track-part");
    replication = new VBox(caption, toGreen, toBlue, number, bytes, rate, wayBack);
    replication.setAlignment(Pos.TOP_CENTER);
    replication.getStyleClass().addAll("track-part", "replication");
    getChildren().addAll(traffic, replication);
    number.setAlignment(Pos.CENTER);
    setAccessibleRole(AccessibleRole.TEXT);
    Copying.of(this, () -> String.join("\n", words));
  }

  void show(@Nullable TrackPresentation track) {
    if (track == null) {
      return;
    }
    words.clear();
    RouterPresentation seen = track.router();
    Nodes.show(traffic, seen != null);
    if (seen != null) {
      show(seen);
    }
    Nodes.show(replication, track.replication() != null);
    if (track.replication() != null) {
      show(track.replication(), seen == null ? null : seen.traffic());
    }
    words.removeIf(String::isEmpty);
    setAccessibleText(String.join(". ", words));
  }

  private void show(RouterPresentation seen) {
    router.setText(seen.name());
    Nodes.keep(routerNote, seen.note());
    Nodes.pseudo(
        routerNote, "pending", seen.holding() || (seen.traffic() == null && !seen.trouble()));
    Nodes.pseudo(routerNote, "bad", seen.trouble() && !seen.holding());
    Nodes.pseudo(router, "holding", seen.holding());
    curves.show(seen.traffic(), seen.holding());
    words.add(seen.name() + " " + seen.note());
  }

  private void show(ReplicationPresentation seen, @Nullable Colour from) {
    caption.setText(seen.caption());
    toGreen.show(seen.toGreen(), from != Colour.GREEN);
    toBlue.show(seen.toBlue(), from == Colour.GREEN);
    number.show(seen.number());
    Nodes.pseudo(number, "bad", seen.broken());
    Nodes.keep(bytes, seen.bytes());
    Nodes.keep(rate, seen.rate());
    Nodes.text(wayBack, seen.wayBack());
    Nodes.pseudo(wayBack, "bad", seen.broken());
    Nodes.pseudo(replication, "stale", seen.stale());
    words.addAll(
        List.of(seen.caption() + " " + seen.number(), seen.bytes(), seen.rate(), seen.wayBack()));
  }

  private final class Curves extends Pane {
    private static final double HEIGHT = 62;
    private static final double RISE = 34;
    private final CubicCurve left = new CubicCurve();
    private final CubicCurve right = new CubicCurve();

    Curves() {
      left.getStyleClass().addAll("rail-curve", "blue");
      right.getStyleClass().addAll("rail-curve", "green");
      getChildren().addAll(left, right, router);
      setMinHeight(HEIGHT);
      setPrefHeight(HEIGHT);
      setMaxWidth(Double.MAX_VALUE);
    }

    void show(@Nullable Colour traffic, boolean holding) {
      set(left, traffic == Colour.BLUE, holding);
      set(right, traffic == Colour.GREEN, holding);
    }

    private void set(CubicCurve curve, boolean used, boolean holding) {
      boolean was =
          curve.getPseudoClassStates().stream()
              .anyMatch(c -> c.getPseudoClassName().equals("used"));
      Nodes.pseudo(curve, "used", used);
      Nodes.pseudo(curve, "holding", used && holding);
      if (used && !was) {
        FadeTransition fade = new FadeTransition(Duration.millis(240), curve);
        fade.setFromValue(0.2);
        fade.setToValue(1);
        fade.play();
      }
    }

    @Override
    protected void layoutChildren() {
      router.autosize();
      double width = getWidth();
      double pill = router.getWidth();
      double from = (width - pill) / 2;
      double y = router.getHeight() / 2;
      router.relocate(Math.rint(from), 0);
      place(left, 0, from, y);
      place(right, width, from + pill, y);
    }

    private static void place(CubicCurve curve, double edge, double pill, double y) {
      double middle = (edge + pill) / 2;
      curve.setStartX(edge);
      curve.setStartY(y + RISE);
      curve.setControlX1(middle);
      curve.setControlY1(y + RISE);
      curve.setControlX2(middle);
      curve.setControlY2(y);
      curve.setEndX(pill);
      curve.setEndY(y);
    }
  }

  /// One direction of replication.
  private static final class Arrow extends Pane {
    private static final double HEIGHT = 20;
    private static final double HEAD = 10;
    private final Line line = new Line();
    private final Polygon head = new Polygon();
    private final boolean rightward;

    Arrow(Colour from) {
      rightward = from == Colour.BLUE;
      getStyleClass().addAll("arrow", from.id());
      line.getStyleClass().add("arrow-line");
      head.getStyleClass().add("arrow-head");
      getChildren().addAll(line, head);
      setMinHeight(HEIGHT);
      setPrefHeight(HEIGHT);
      setMaxWidth(Double.MAX_VALUE);
    }

    /// @param leading whether it starts at the live stack
    void show(Direction.State state, boolean leading) {
      for (Direction.State each : Direction.State.values()) {
        Nodes.pseudo(this, each.name().toLowerCase(Locale.ROOT), each == state);
      }
      Nodes.pseudo(this, "armed", state == Direction.State.STREAMING && !leading);
    }

    @Override
    protected void layoutChildren() {
      double y = HEIGHT / 2;
      double tip = rightward ? getWidth() : 0;
      double neck = rightward ? tip - HEAD : HEAD;
      double tail = rightward ? 0 : getWidth();
      line.setStartX(tail);
      line.setEndX(neck);
      line.setStartY(y);
      line.setEndY(y);
      head.getPoints().setAll(tip, y, neck, y - 5.5, neck, y + 5.5);
    }
  }
}
