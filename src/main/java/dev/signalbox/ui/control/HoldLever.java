package dev.signalbox.ui.control;

import dev.signalbox.ui.order.HoldViewModel;
import javafx.animation.AnimationTimer;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;

/// A lever that is held by mouse or Enter until its bar is full. Letting go, leaving it or Esc does
/// nothing. While it is locked it cannot be taken hold of.
public final class HoldLever extends StackPane {
  private final HoldViewModel hold;
  private final Region bar = new Region();
  private final Label title = Nodes.label("", "lever-title");
  private final Label reason = Nodes.wrapped("", "lever-reason");
  private final Label budget = Nodes.wrapped("", "lever-budget");
  private final AnimationTimer timer;
  private boolean unlocked;

  public HoldLever(HoldViewModel hold) {
    this.hold = hold;
    getStyleClass().add("lever");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.BUTTON);
    setMinWidth(0);
    bar.getStyleClass().add("lever-bar");
    bar.setManaged(false);
    VBox words = new VBox(title, reason, budget);
    words.setAlignment(Pos.CENTER);
    words.getStyleClass().add("lever-words");
    words.setMouseTransparent(true);
    title.setWrapText(true);
    title.setTextAlignment(TextAlignment.CENTER);
    reason.setTextAlignment(TextAlignment.CENTER);
    budget.setTextAlignment(TextAlignment.CENTER);
    getChildren().addAll(bar, words);
    timer =
        new AnimationTimer() {
          @Override
          public void handle(long nanos) {
            if (!hold.tick(System.nanoTime())) {
              stop();
            }
          }
        };
    hold.progress().addListener((_, _, _) -> placeBar());
    setOnMousePressed(event -> {
      requestFocus();
      if (event.getButton() == MouseButton.PRIMARY) {
        take();
      }
    });
    setOnMouseReleased(_ -> letGo());
    setOnMouseExited(_ -> letGo());
    addEventHandler(KeyEvent.KEY_PRESSED, this::onKey);
    addEventHandler(
        KeyEvent.KEY_RELEASED,
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            letGo();
          }
        });
    focusedProperty().addListener((_, _, _) -> letGo());
  }

  /// @param unlocked whether it may be held
  /// @param spoken what a screen reader says
  public void show(
      boolean unlocked, boolean busy, String named, String why, String cost, String spoken) {
    this.unlocked = unlocked;
    title.setText(named);
    Nodes.text(reason, why);
    Nodes.text(budget, cost);
    Nodes.pseudo(this, "unlocked", unlocked);
    Nodes.pseudo(this, "busy", busy);
    setAccessibleText(spoken);
    if (!unlocked) {
      letGo();
    }
  }

  private void onKey(KeyEvent event) {
    if (event.getCode() == KeyCode.ENTER) {
      take();
      event.consume();
    } else if (event.getCode() == KeyCode.ESCAPE) {
      letGo();
    }
  }

  private void take() {
    if (unlocked) {
      hold.press(System.nanoTime());
      timer.start();
    }
  }

  private void letGo() {
    hold.release();
    timer.stop();
  }

  private void placeBar() {
    bar.resizeRelocate(0, 0, getWidth() * hold.progress().get(), getHeight());
  }
}
