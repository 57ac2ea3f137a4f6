package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.fx.WindowMemory;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.application.Platform;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// A key that somebody presses at a window that has just opened.
class FirstKeyRobotTest {
  @TempDir private Path folder;
  private final FxRobot robot = new FxRobot();

  @Test
  void keysAtAWindowThatJustOpenedGiveNoCommand() throws Exception {
    SampleEngine engine =
        new SampleEngine(Samples.at(Samples.after(), Instant.now().plusSeconds(3_600), 1, 0));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      for (int i = 0; i < 10; i++) {
        robot.type(KeyCode.SPACE);
        robot.type(KeyCode.ENTER);
      }
      Await.until("state shown", () -> spoken("#rollback").contains("Roll back"));
      robot.type(KeyCode.SPACE);
      robot.type(KeyCode.ENTER);
      assertThat(engine.given()).isEmpty();
      assertThat(focusOwner()).isEqualTo("shell");
      robot.type(KeyCode.TAB);
      robot.type(KeyCode.SPACE);
      robot.type(KeyCode.ENTER);
      assertThat(focusOwner()).isEqualTo("rail-board");
      assertThat(engine.given()).isEmpty();
      robot.clickOn("#rollback");
      Await.until("a click that is meant", () -> engine.given().size() == 1);
    } finally {
      window.close();
      window.awaitClosed();
    }
  }

  /// From the state to the key all is within one runnable of the JavaFX thread: no frame can have
  /// been painted in between. An engine may be slow to say its first state.
  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void nothingIsPulledBeforeTheFirstStateWasPainted(int framesBefore) throws Exception {
    FxToolkit.registerPrimaryStage();
    SampleEngine engine = new SampleEngine(Samples.after());
    ShellViewModel model =
        new ShellViewModel(
            new Orders(engine::submit, Platform::runLater), ZoneOffset.UTC, Screens::of);
    Stage[] stage = new Stage[1];
    AtomicInteger frames = new AtomicInteger();
    Runnable open =
        () -> {
          stage[0] = new Stage();
          stage[0].setScene(new ShellView(model, Theme.DARK, _ -> {}).scene(1440, 900));
          stage[0].getScene().addPostLayoutPulseListener(frames::incrementAndGet);
          stage[0].show();
        };
    Runnable pull =
        () -> {
          Scene scene = stage[0].getScene();
          model.show(new EngineBridge.Update(Samples.after(), List.of(), Samples.NOW));
          ((Button) scene.lookup("#rollback")).fire();
          Event.fireEvent(scene.getRoot(), chord());
          assertThat(engine.given()).isEmpty();
        };
    if (framesBefore == 0) {
      robot.interact(() -> {
        open.run();
        pull.run();
      });
    } else {
      robot.interact(open);
      Await.until(
          "empty frames",
          () -> {
            robot.interact(Platform::requestNextPulse);
            return frames.get() >= framesBefore;
          });
      robot.interact(pull);
    }
    try {
      Await.until(
          "keys are heard",
          () -> {
            robot.interact(() -> Event.fireEvent(stage[0].getScene().getRoot(), chord()));
            return engine.given().size() == 1;
          });
      assertThat(engine.given().getFirst().command()).isEqualTo(Command.RollBack.losingNothing());
    } finally {
      robot.interact(() -> stage[0].hide());
    }
  }

  private static KeyEvent chord() {
    return new KeyEvent(KeyEvent.KEY_PRESSED, "", "b", KeyCode.B, true, true, false, false);
  }

  private String focusOwner() {
    Node owner = robot.lookup("#shell").query().getScene().getFocusOwner();
    return owner == null ? "none" : String.valueOf(owner.getId());
  }

  private String spoken(String id) {
    String text = robot.lookup(id).query().getAccessibleText();
    return text == null ? "" : text;
  }
}
