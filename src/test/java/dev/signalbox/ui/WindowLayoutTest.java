package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// What an operator must never lose validity of, at every size and with everything that can open.
class WindowLayoutTest {
  private static final String LONG =
      "The database of GREEN did not answer within 10 s: connection to 127.0.0.1:5433 refused. What"
          + " was done so far stands; the release holds before its next step. Start the server"
          + " again, then resume, or give the release up: what it built on GREEN is thrown away.";

  private final FxRobot robot = new FxRobot();

  /// Smaller than 700 by what a title bar takes.
  private static Stream<Arguments> sizes() {
    List<int[]> sizes =
        List.of(
            new int[] {1024, 664},
            new int[] {1024, 700},
            new int[] {1100, 720},
            new int[] {1440, 900});
    return sizes.stream()
        .flatMap(size ->
            Stream.of("after", "too-much", "green-dead", "ready", "no-data")
                .flatMap(state ->
                    Stream.of(0, 1, 3)
                        .map(notices -> Arguments.of(size[0], size[1], state, notices))));
  }

  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void whatMattersIsInsideTheWindow(int width, int height, String state, int notices)
      throws Exception {
    Stage[] opened = new Stage[1];
    robot.interact(() -> {
      opened[0] = new Stage();
      opened[0].setScene(window(Objects.requireNonNull(Samples.all().get(state)), notices));
      opened[0].setWidth(width);
      opened[0].setHeight(height);
      opened[0].show();
    });
    Stage stage = opened[0];
    Scene scene = stage.getScene();
    if (notices == 3) {
      ask(scene);
    }
    robot.interact(() -> {
      try {
        for (int i = 0; i < 4; i++) {
          scene.getRoot().applyCss();
          scene.getRoot().layout();
        }
        assertThat(scene.getWidth()).isEqualTo(width);
        for (String id : List.of("#rollback", "#live", "#cutover")) {
          assertWhole(scene, scene.lookup(id));
        }
        Bounds environment = inScene(scene.lookup("#environment"));
        assertThat(environment.getWidth()).isGreaterThan(60);
        assertThat(whole(scene).contains(environment)).isTrue();
        assertAttention(scene, notices);
      } finally {
        stage.hide();
      }
    });
  }

  /// A question in long words. A button is heard once the window was painted.
  private void ask(Scene scene) throws Exception {
    Button button = (Button) scene.lookup("#action-give-up");
    robot.interact(() -> button.setVisible(true));
    Await.until(
        "question",
        () -> {
          robot.interact(button::fire);
          return scene.lookup("#ask").isVisible();
        });
  }

  /// Laid out where it can be reached by scrolling, and above the lever.
  private static void assertAttention(Scene scene, int notices) {
    assertThat(scene.getRoot().lookupAll("#notice")).hasSize(notices);
    Node attention = scene.lookup("#attention");
    assertThat(attention.isVisible()).isEqualTo(notices > 0);
    if (notices > 0) {
      Bounds bounds = inScene(attention);
      assertThat(bounds.getHeight()).isGreaterThan(100);
      assertThat(bounds.getMaxY()).isLessThan(inScene(scene.lookup("#cutover")).getMinY());
    }
    if (notices == 3) {
      assertThat(scene.lookup("#ask").isVisible()).isTrue();
      Node confirm = scene.lookup("#ask-confirm");
      assertText((Button) confirm);
      assertThat(scene.lookup("#ask-typed")).isInstanceOf(TextField.class);
    }
  }

  private static void assertWhole(Scene scene, Node node) {
    assertThat(node.isVisible()).isTrue();
    for (Node each : node.lookupAll("*")) {
      if (isSeen(each, node) && (each.equals(node) || each instanceof Labeled)) {
        assertThat(whole(scene).contains(inScene(each)))
            .as("%s %s in %s x %s", each, inScene(each), scene.getWidth(), scene.getHeight())
            .isTrue();
        for (Node outer = each.getParent(); outer != null; outer = outer.getParent()) {
          Bounds around = outer.localToScene(outer.getLayoutBounds());
          assertThat(grown(around).contains(inScene(each))).as("%s in %s", each, outer).isTrue();
        }
      }
      if (each instanceof Labeled label && isSeen(each, node)) {
        assertText(label);
      }
    }
  }

  private static void assertText(Labeled label) {
    for (Node child : label.getChildrenUnmodifiable()) {
      if (child instanceof Text text) {
        assertThat(text.getText().replace("\n", "")).isEqualTo(label.getText().replace("\n", ""));
        assertThat(text.getLayoutBounds().getHeight()).isLessThan(label.getHeight() + 1);
      }
    }
  }

  private static boolean isSeen(Node node, Node up) {
    for (Node each = node; !each.equals(up.getParent()); each = each.getParent()) {
      if (!each.isVisible()) {
        return false;
      }
    }
    return true;
  }

  private static Bounds inScene(Node node) {
    return node.localToScene(node.getLayoutBounds());
  }

  private static Bounds whole(Scene scene) {
    return grown(new BoundingBox(0, 0, scene.getWidth(), scene.getHeight()));
  }

  private static Bounds grown(Bounds b) {
    return new BoundingBox(b.getMinX() - 1, b.getMinY() - 1, b.getWidth() + 2, b.getHeight() + 2);
  }

  /// With three answers a question is open as well.
  private static Scene window(EngineSnapshot state, int notices) {
    SampleEngine engine = new SampleEngine(state);
    Orders orders = new Orders(engine::submit, Runnable::run);
    ShellViewModel model = new ShellViewModel(orders, ZoneOffset.UTC, Screens::of);
    Scene scene = new ShellView(model, Theme.DARK, _ -> {}).scene(1440, 900);
    model.show(new EngineBridge.Update(state, Samples.events(40), Samples.NOW));
    List<Action> actions = List.of(Action.RESUME, Action.CUT_OVER, Action.GIVE_UP);
    for (int i = 0; i < notices; i++) {
      orders.give(actions.get(i), new Command.Resume());
      engine.given().getLast().answer().complete(new Outcome.Failed(LONG));
    }
    return scene;
  }
}
