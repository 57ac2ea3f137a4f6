package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.shape.Shape;
import javafx.scene.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// What is really on the screen reaches level AA of WCAG 2.2, with every opacity between it and the
/// window counted: 4.5:1 for text, 3:1 for the border of what can be used and for bars and lines.
class ShownContrastTest {
  private static final double TEXT = 4.5;
  private static final double SHAPE = 3;
  private static final Set<String> BARS =
      Set.of("phase-bar", "rate-fill", "rate-bar", "sign", "rail-icon");
  private static final Set<String> LINES = Set.of("arrow-line", "rail-curve", "chart-curve");

  private static Stream<Arguments> states() {
    return Stream.of(Theme.values())
        .flatMap(theme ->
            Stream.of(
                    "ready",
                    "after",
                    "over-budget",
                    "fine-then-dead",
                    "green-dead",
                    "given-up",
                    "no-data",
                    "strategy-draining",
                    "strategy-unreachable")
                .map(state -> Arguments.of(theme, state)));
  }

  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  @ParameterizedTest
  @MethodSource("states")
  void everythingCanBeSeen(Theme theme, String name) {
    boolean strategy = name.startsWith("strategy");
    var state = (strategy ? StrategySamples.all() : Samples.all()).get(name);
    try (ShownWindow window =
        new ShownWindow(
            Objects.requireNonNull(state), theme, strategy ? "strategy" : "board", 1440, 900)) {
      Set<String> dim = new TreeSet<>();
      window.robot().interact(() -> look(window.scene().getRoot(), 1, List.of(), dim));
      assertThat(dim).isEmpty();
    }
  }

  /// @param grounds colours behind it, the nearest last
  private static void look(Node node, double opacity, List<Color> grounds, Set<String> dim) {
    double shown = opacity * node.getOpacity();
    if (!node.isVisible() || node.getLayoutBounds().isEmpty()) {
      return;
    }
    if (node instanceof Text text) {
      if (!text.getText().isBlank()) {
        check(text.getFill(), shown, grounds, TEXT, name(node) + " '" + text.getText() + "'", dim);
      }
      return;
    }
    if (node instanceof Shape shape && has(node, LINES)) {
      check(shape.getStroke(), shown, grounds, SHAPE, name(node), dim);
    }
    List<Color> behind = grounds;
    if (node instanceof Region region) {
      boolean bar = has(node, BARS);
      if ((node instanceof Button || node instanceof TextField) && region.getBorder() != null) {
        region.getBorder().getStrokes().stream()
            .map(stroke -> stroke.getTopStroke())
            .filter(stroke -> stroke instanceof Color colour && colour.getOpacity() > 0)
            .forEach(stroke -> check(stroke, shown, grounds, SHAPE, name(node) + " border", dim));
      }
      if (region.getBackground() != null) {
        for (BackgroundFill fill : region.getBackground().getFills()) {
          if (fill.getFill() instanceof Color colour && colour.getOpacity() > 0) {
            if (bar) {
              // What fills it is thicker: both are seen against what lies behind.
              check(colour, shown, grounds, SHAPE, name(node) + " bar", dim);
            } else {
              behind = plus(behind, over(colour, shown, behind));
            }
          }
        }
      }
    }
    if (node instanceof Parent parent) {
      for (Node child : parent.getChildrenUnmodifiable()) {
        look(child, shown, behind, dim);
      }
    }
  }

  private static List<Color> plus(List<Color> grounds, Color colour) {
    List<Color> more = new ArrayList<>(grounds);
    more.add(colour);
    return more;
  }

  private static Color over(Color colour, double opacity, List<Color> grounds) {
    Color ground = grounds.isEmpty() ? Color.BLACK : grounds.getLast();
    double share = colour.getOpacity() * opacity;
    Color opaque = Color.color(colour.getRed(), colour.getGreen(), colour.getBlue());
    return ground.interpolate(opaque, share);
  }

  private static void check(
      Paint paint,
      double opacity,
      List<Color> grounds,
      double least,
      String what,
      Set<String> dim) {
    if (paint instanceof Color colour && !grounds.isEmpty()) {
      double ratio = ratio(over(colour, opacity, grounds), grounds.getLast());
      if (ratio < least) {
        dim.add(String.format(Locale.ROOT, "%.2f of %.1f: %s", ratio, least, what));
      }
    }
  }

  private static String name(Node node) {
    StringBuilder name = new StringBuilder();
    Node each = node;
    for (int i = 0; i < 4 && each != null; i++) {
      name.insert(0, " " + String.join(".", each.getStyleClass()));
      each = each.getParent();
    }
    return name.toString().strip();
  }

  private static boolean has(Node node, Set<String> styles) {
    return node.getStyleClass().stream().anyMatch(styles::contains);
  }

  private static double ratio(Color a, Color b) {
    double first = luminance(a);
    double second = luminance(b);
    return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
  }

  private static double luminance(Color colour) {
    return 0.2126 * linear(colour.getRed())
        + 0.7152 * linear(colour.getGreen())
        + 0.0722 * linear(colour.getBlue());
  }

  private static double linear(double share) {
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
