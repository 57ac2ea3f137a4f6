package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.fx.WindowMemory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/// One window, driven as an operator would.
class BoardRobotTest {
  /// A machine that is busy must not make the only state that is published an old one.
  private final Instant fresh = Instant.now().plusSeconds(3_600);

  @TempDir private Path folder;
  private final FxRobot robot = new FxRobot();

  @Test
  void operatorHoldsTheLeverReadsARefusalAndRollsBack() throws Exception {
    SampleEngine engine = new SampleEngine(Samples.at(Samples.ready(), fresh, 1, 0));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    memory.write(new WindowMemory.State(0, 0, 1000, 700, Theme.DARK, "board", Map.of()));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("lever unlocked", () -> spoken("#cutover").contains("hold"));
      robot.clickOn("#cutover");
      assertThat(engine.given()).isEmpty();
      robot.press(KeyCode.ENTER);
      Await.until("cutover given", () -> engine.given().size() == 1);
      robot.release(KeyCode.ENTER);
      assertThat(engine.given().getFirst().command()).isEqualTo(new Command.CutOver());
      engine.given().getFirst().answer().complete(new Outcome.Refused("lag is 2 s"));
      Await.until("refusal shown", () -> spoken("#notice-text").equals("lag is 2 s"));

      robot.clickOn("#rollback");
      robot.clickOn("#rollback");
      Await.until("rollback given", () -> engine.given().size() == 2);
      assertThat(engine.given().getLast().command()).isEqualTo(Command.RollBack.losingNothing());
      engine.given().getLast().answer().complete(new Outcome.Done("blue is live"));

      engine.publish(Samples.at(Samples.greenDead(), fresh, 2, 0));
      Await.until("loss named", () -> spoken("#rollback").contains("lose"));
      robot.clickOn("#rollback");
      Await.until("words asked for", () -> robot.lookup("#ask").query().isVisible());
      TextInputControl typed = robot.lookup("#ask-typed").queryTextInputControl();
      robot.interact(() -> typed.setText("lose writes on green"));
      robot.clickOn("#ask-confirm");
      Await.until("third command", () -> engine.given().size() == 3);
      assertThat(engine.given().getLast().command())
          .isEqualTo(new Command.RollBack("lose writes on green"));
    } finally {
      window.close();
      window.awaitClosed();
    }
  }

  @Test
  void oldDataSaysSoAndKeysOpenWhatTheyPromise() throws Exception {
    SampleEngine engine = new SampleEngine(Samples.at(Samples.ready(), fresh, 1, 0));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("lever unlocked", () -> spoken("#cutover").contains("hold"));
      robot.clickOn("#cutover");
      robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
      Await.until("commands", () -> robot.lookup("#palette-search").tryQuery().isPresent());
      robot.type(KeyCode.ESCAPE);
      Await.until("put away", () -> !robot.lookup("#overlay").query().isVisible());
      robot.clickOn("#rail-help");
      Await.until("help", () -> robot.lookup(".help-keys").tryQuery().isPresent());
      robot.type(KeyCode.ESCAPE);
      Await.until("put away", () -> !robot.lookup("#overlay").query().isVisible());
      assertThat(engine.given()).isEmpty();

      Await.until("no warning", () -> warnings(".top-warning").stream().allMatch(String::isEmpty));
      engine.publish(Samples.at(Samples.ready(), Instant.now().minusSeconds(90), 3, 0));
      Await.until(
          "an engine that is silent",
          () -> warnings(".top-warning").stream().anyMatch(text -> text.contains("1 m 3")));
    } finally {
      window.close();
      window.awaitClosed();
    }
  }

  private List<String> warnings(String style) {
    return robot.lookup(style).queryAll().stream()
        .filter(Node::isVisible)
        .map(node ->
            switch (node) {
              case Label label -> label.getText();
              case TextInputControl text -> text.getText();
              default -> "";
            })
        .toList();
  }

  private String spoken(String id) {
    String text = robot.lookup(id).query().getAccessibleText();
    return text == null ? "" : text;
  }
}
