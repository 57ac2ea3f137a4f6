package dev.signalbox.ui.shell;

import dev.signalbox.ui.board.BoardView;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Theme;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The whole window: top bar, navigation, the screen, what lies over it.
public final class ShellView extends StackPane {
  private static final double NARROW = 1260;

  private final ShellViewModel model;
  private final Overlay overlay = new Overlay();
  private final Button themeButton;
  private final Consumer<Theme> themeChosen;
  private Theme theme;

  /// @param themeChosen called when the operator chooses another theme
  public ShellView(ShellViewModel model, Theme theme, Consumer<Theme> themeChosen) {
    this.model = model;
    this.theme = theme;
    this.themeChosen = themeChosen;
    themeButton = railButton("theme", this::nextTheme);
    getStyleClass().add("shell");
    BorderPane body = new BorderPane(new BoardView(model.board()));
    body.setTop(new TopBar(model));
    body.setLeft(rail());
    getChildren().addAll(body, overlay);
    addEventFilter(KeyEvent.KEY_PRESSED, this::onKey);
    widthProperty()
        .addListener((_, _, now) -> Nodes.pseudo(this, "narrow", now.doubleValue() < NARROW));
  }

  /// Puts the view into its scene and colours it.
  public Scene scene(double width, double height) {
    Scene scene = new Scene(this, width, height);
    theme.apply(scene);
    nameTheme();
    return scene;
  }

  private VBox rail() {
    Button board = railButton("board", overlay::putAway);
    board.setAccessibleText(Messages.text("rail.board.accessible"));
    Nodes.pseudo(board, "here", true);
    Region gap = new Region();
    VBox.setVgrow(gap, Priority.ALWAYS);
    VBox rail =
        new VBox(
            board,
            gap,
            railButton("commands", this::commands),
            themeButton,
            railButton("help", overlay::help));
    rail.getStyleClass().add("rail");
    return rail;
  }

  private static Button railButton(String id, Runnable action) {
    Region icon = new Region();
    icon.getStyleClass().addAll("rail-icon", "icon-" + id);
    VBox words = new VBox(icon, Nodes.label(Messages.text("rail." + id)));
    words.getStyleClass().add("rail-words");
    Button button = new Button();
    button.setGraphic(words);
    button.setId("rail-" + id);
    button.getStyleClass().add("rail-button");
    button.setAccessibleText(Messages.text("rail." + id));
    button.setOnAction(_ -> action.run());
    return button;
  }

  private void onKey(KeyEvent event) {
    if (control(KeyCode.K).match(event)) {
      commands();
    } else if (control(KeyCode.DIGIT1).match(event)) {
      overlay.putAway();
    } else if (chord(KeyCode.B).match(event)) {
      model.rollBack();
    } else if (chord(KeyCode.T).match(event)) {
      nextTheme();
    } else if (event.getText().equals("?")
        && !(event.getTarget() instanceof TextInputControl t && t.isEditable())) {
      overlay.help();
    } else {
      return;
    }
    event.consume();
  }

  private static KeyCombination control(KeyCode code) {
    return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
  }

  private static KeyCombination chord(KeyCode code) {
    return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
  }

  private void commands() {
    overlay.commands(
        List.of(
            new Overlay.Entry(Messages.text("palette.board"), overlay::putAway),
            new Overlay.Entry(Messages.text("palette.rollback"), model::rollBack),
            new Overlay.Entry(Messages.text("palette.theme"), this::nextTheme),
            new Overlay.Entry(Messages.text("palette.help"), overlay::help)));
  }

  private void nextTheme() {
    theme = theme.next();
    theme.apply(getScene());
    nameTheme();
    themeChosen.accept(theme);
  }

  private void nameTheme() {
    String name = Messages.text("theme." + theme.id());
    themeButton.setAccessibleText(Messages.text("rail.theme.accessible", name));
    Nodes.tip(themeButton, Messages.text("rail.theme.accessible", name));
  }
}
