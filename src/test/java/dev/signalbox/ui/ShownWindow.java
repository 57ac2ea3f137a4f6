package dev.signalbox.ui;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.time.ZoneOffset;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.testfx.api.FxRobot;

/// A window on a sample state, styled and laid out, for tests that look at its nodes.
final class ShownWindow implements AutoCloseable {
  private final FxRobot robot = new FxRobot();
  private final ShellViewModel model;
  private final Stage[] stage = new Stage[1];

  ShownWindow(EngineSnapshot state, Theme theme, String screen, double width, double height) {
    Orders orders = new Orders(new SampleEngine(state)::submit, Runnable::run);
    model = new ShellViewModel(orders, ZoneOffset.UTC, Screens::of);
    robot.interact(() -> {
      stage[0] = new Stage();
      stage[0].setScene(new ShellView(model, theme, _ -> {}).scene(width, height));
      stage[0].show();
      model.open(screen);
    });
    show(state);
  }

  /// Shows another state, and waits until sentences that wrap have their height.
  void show(EngineSnapshot state) {
    for (int i = 0; i < 4; i++) {
      robot.interact(() -> {
        model.show(new EngineBridge.Update(state, Samples.events(40), Samples.NOW));
        scene().getRoot().applyCss();
        scene().getRoot().layout();
      });
    }
  }

  Scene scene() {
    return stage[0].getScene();
  }

  FxRobot robot() {
    return robot;
  }

  @Override
  public void close() {
    robot.interact(() -> stage[0].hide());
  }
}
