package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ScreenContext;
import dev.signalbox.ui.shell.ScreenModule;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// A screen that is in the list is in the rail, has its key, and stands in commands and help.
class ScreenModuleTest {
  private final FxRobot robot = new FxRobot();
  private final Third third = new Third();
  private int number;

  /// A screen that nobody prepared anything for.
  private static final class Third implements ScreenModule {
    int views;
    int states;
    int searches;
    boolean open;

    @Override
    public String id() {
      return "third";
    }

    @Override
    public String title() {
      return "Third";
    }

    @Override
    public Node view() {
      views++;
      return new Label("the third screen");
    }

    @Override
    public void show(EngineBridge.Update update) {
      states++;
    }

    @Override
    public void setOpen(boolean seen) {
      open = seen;
    }

    @Override
    public Optional<Search> search() {
      return Optional.of(new Search(new SimpleStringProperty(""), () -> searches++));
    }

    @Override
    public String help() {
      return "Ins\tAdds a third thing";
    }
  }

  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  private List<ScreenModule> list(ScreenContext context) {
    List<ScreenModule> all = new ArrayList<>(Screens.of(context));
    all.add(third);
    number = all.size();
    return all;
  }

  @Test
  void aLineInTheListIsAllThatAScreenNeeds() throws Exception {
    SampleEngine engine = new SampleEngine(Samples.ready());
    ShellViewModel model =
        new ShellViewModel(new Orders(engine::submit, Runnable::run), ZoneOffset.UTC, this::list);
    Stage[] stage = new Stage[1];
    robot.interact(() -> {
      stage[0] = new Stage();
      stage[0].setScene(new ShellView(model, Theme.DARK, _ -> {}).scene(1440, 900));
      stage[0].show();
      model.show(new EngineBridge.Update(Samples.ready(), List.of(), Samples.NOW));
    });
    Scene scene = stage[0].getScene();
    try {
      assertThat(third.states).as("told, seen or not").isEqualTo(1);
      assertThat(third.views).as("made when it is first seen").isZero();
      Await.until(
          "its key",
          () -> {
            robot.press(KeyCode.CONTROL).type(digit()).release(KeyCode.CONTROL);
            return third.open;
          });
      assertThat(scene.lookup("#rail-third").getAccessibleText())
          .isEqualTo("Third, this screen, Control " + number);
      robot.type(KeyCode.SLASH);
      assertThat(third.searches).isEqualTo(1);

      robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT1).release(KeyCode.CONTROL);
      assertThat(third.open).isFalse();
      robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
      assertThat(((ListView<?>) scene.lookup("#overlay .list-view")).getItems())
          .extracting(Object::toString)
          .startsWith("Show Board", "Show Strategy")
          .contains("Show Third");
      robot.type(KeyCode.ESCAPE);
      robot.interact(() -> ((Button) scene.lookup("#rail-help")).fire());
      assertThat(words(scene))
          .contains(
              "Ctrl+1", "Board", "Ctrl+" + number, "Third", "Ins", "Adds a third thing", "Ctrl+K");

      robot.interact(() -> model.open("third"));
      assertThat(third.views).isEqualTo(1);
      robot.interact(() -> model.open("a screen of tomorrow"));
      assertThat(model.screen().get().id()).isEqualTo("board");
    } finally {
      robot.interact(() -> stage[0].hide());
    }
  }

  private KeyCode digit() {
    return KeyCode.valueOf("DIGIT" + number);
  }

  private static List<String> words(Scene scene) {
    return scene.getRoot().lookupAll("#overlay .label").stream()
        .map(node -> ((Label) node).getText())
        .toList();
  }
}
