package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.Await;
import dev.signalbox.ui.control.ValueText;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import javafx.scene.Node;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// Figures and log positions can be taken along, with the mouse and with the keyboard alone.
class CopyRobotTest {
  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  @Test
  void aLogPositionIsSelectedAndACardIsCopiedAsAWhole() throws Exception {
    try (ShownWindow window = new ShownWindow(Samples.ready(), Theme.DARK, "board", 1440, 900)) {
      FxRobot robot = window.robot();
      Node position =
          window.scene().getRoot().lookupAll("#stack-blue .row-value").stream()
              .filter(node -> ((ValueText) node).getText().startsWith("0/3A7F21C8"))
              .findFirst()
              .orElseThrow();
      robot.interact(position::requestFocus);
      robot.press(KeyCode.CONTROL).type(KeyCode.A).type(KeyCode.C).release(KeyCode.CONTROL);
      Await.until("copied", () -> copied(robot).equals("0/3A7F21C8 · 18.4 GB"));

      robot.interact(() -> window.scene().lookup("#stack-green").requestFocus());
      robot.press(KeyCode.CONTROL).type(KeyCode.C).release(KeyCode.CONTROL);
      Await.until("copied as a whole", () -> copied(robot).startsWith("Green STANDBY · FENCED"));
      assertThat(copied(robot)).contains("PostgreSQL 18.1\t0/51B20D10 · 15.9 GB", "orders\tsame");

      robot.interact(() -> window.scene().lookup("#gates").requestFocus());
      robot.press(KeyCode.CONTROL).type(KeyCode.C).release(KeyCode.CONTROL);
      Await.until("gates", () -> copied(robot).contains("at 0/3A7E9F00"));
    }
  }

  @Test
  void evidenceOfAPassedGateIsSelectedWithTheMouse() throws Exception {
    try (ShownWindow window = new ShownWindow(Samples.ready(), Theme.DARK, "board", 1440, 900)) {
      FxRobot robot = window.robot();
      Node evidence =
          window.scene().getRoot().lookupAll(".gate-passed").stream()
              .filter(node -> ((ValueText) node).getText().startsWith("14 tables"))
              .findFirst()
              .orElseThrow();
      robot.doubleClickOn(evidence);
      robot.press(KeyCode.CONTROL).type(KeyCode.A).type(KeyCode.C).release(KeyCode.CONTROL);
      Await.until(
          "copied", () -> copied(robot).equals("14 tables, 48,211,904 rows, at 0/3A7E9F00"));
    }
  }

  private static String copied(FxRobot robot) {
    String[] text = new String[1];
    robot.interact(() -> text[0] = Clipboard.getSystemClipboard().getString());
    return text[0] == null ? "" : text[0];
  }
}
