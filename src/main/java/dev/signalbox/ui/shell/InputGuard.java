package dev.signalbox.ui.shell;

import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.event.EventHandler;
import javafx.scene.Scene;
import javafx.scene.input.InputEvent;
import javafx.stage.Window;

/// Lets no key, click or button through to a window that nobody can have read yet: from when it is
/// made until its first state was painted. JavaFX thread.
final class InputGuard {
  /// A frame that begins after a state was laid out means that the one before was painted.
  private static final int FRAMES = 2;

  private final Scene scene;
  private final BooleanSupplier shown;
  private final EventHandler<Event> swallow = Event::consume;
  private final AnimationTimer frames =
      new AnimationTimer() {
        @Override
        public void handle(long now) {
          countFrame();
        }
      };
  private int seen;
  private boolean closed = true;

  /// @param shown whether there is a state on the screen
  InputGuard(Scene scene, BooleanSupplier shown) {
    this.scene = scene;
    this.shown = shown;
    scene.addEventFilter(InputEvent.ANY, swallow);
    scene.addEventFilter(ActionEvent.ANY, swallow);
    scene
        .windowProperty()
        .flatMap(Window::showingProperty)
        .orElse(false)
        .subscribe(this::windowShows);
  }

  private void windowShows(boolean showing) {
    if (closed && showing) {
      frames.start();
    } else {
      frames.stop();
    }
  }

  private void countFrame() {
    if (shown.getAsBoolean() && ++seen >= FRAMES) {
      closed = false;
      frames.stop();
      scene.removeEventFilter(InputEvent.ANY, swallow);
      scene.removeEventFilter(ActionEvent.ANY, swallow);
    }
  }
}
