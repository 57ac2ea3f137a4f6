package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// Each stop of the Tab key shows that it has the focus: enough pixels around it change.
class FocusRobotTest {
  private static final int STOPS = 60;

  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  @ParameterizedTest
  @ValueSource(strings = {"board", "strategy"})
  void eachStopOfTheTabKeyShowsIt(String screen) {
    EngineSnapshot state = Samples.with(Samples.greenDead(), StrategySamples.draining());
    try (ShownWindow window = new ShownWindow(state, Theme.DARK, screen, 1440, 900)) {
      FxRobot robot = window.robot();
      Scene scene = window.scene();
      Map<String, Integer> faint = new LinkedHashMap<>();
      Set<Node> seen = new HashSet<>();
      robot.type(KeyCode.TAB);
      for (int i = 0; i < STOPS; i++) {
        WritableImage[] with = new WritableImage[1];
        Node[] owner = new Node[1];
        robot.interact(() -> {
          owner[0] = Objects.requireNonNull(scene.getFocusOwner());
          with[0] = scene.snapshot(null);
        });
        if (!seen.add(owner[0])) {
          break;
        }
        robot.type(KeyCode.TAB);
        robot.interact(() -> {
          int changed = changed(owner[0], with[0], scene.snapshot(null));
          if (changed < least(owner[0])) {
            faint.put(owner[0].toString(), changed);
          }
        });
      }
      assertThat(seen.size()).isBetween(8, STOPS - 1);
      assertThat(faint).isEmpty();
    }
  }

  /// One pixel along two of its edges.
  private static double least(Node node) {
    Bounds bounds = seen(node);
    return bounds.getWidth() + bounds.getHeight();
  }

  private static Bounds seen(Node node) {
    Bounds bounds = node.localToScene(node.getLayoutBounds());
    double left = Math.max(0, bounds.getMinX() - 4);
    double top = Math.max(0, bounds.getMinY() - 4);
    double right = Math.min(node.getScene().getWidth(), bounds.getMaxX() + 4);
    double bottom = Math.min(node.getScene().getHeight(), bounds.getMaxY() + 4);
    return new BoundingBox(left, top, right - left, bottom - top);
  }

  private static int changed(Node node, WritableImage with, WritableImage without) {
    Bounds bounds = seen(node);
    PixelReader one = with.getPixelReader();
    PixelReader other = without.getPixelReader();
    int changed = 0;
    for (int y = (int) bounds.getMinY(); y < (int) bounds.getMaxY(); y++) {
      for (int x = (int) bounds.getMinX(); x < (int) bounds.getMaxX(); x++) {
        changed += one.getArgb(x, y) == other.getArgb(x, y) ? 0 : 1;
      }
    }
    return changed;
  }
}
