package dev.signalbox.ui.shell;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Theme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Node;
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
import org.jspecify.annotations.Nullable;

/// The whole window: top bar, navigation, the screen, what lies over it.
public final class ShellView extends StackPane {
  private static final double NARROW = 1260;
  private static final double LOW = 834;

  private final ShellViewModel model;
  private final Overlay overlay = new Overlay();
  private final BorderPane body = new BorderPane();
  private final Map<ScreenModule, Node> views = new HashMap<>();
  private final Map<ScreenModule, Button> buttons = new LinkedHashMap<>();
  private final Button themeButton;
  private final Consumer<Theme> themeChosen;
  private Theme theme;

  /// @param themeChosen called when the operator chooses another theme
  public ShellView(ShellViewModel model, Theme theme, Consumer<Theme> themeChosen) {
    this.model = model;
    this.theme = theme;
    this.themeChosen = themeChosen;
    themeButton = railButton("theme", this::nextTheme);
    setId("shell");
    getStyleClass().add("shell");
    // The order of the Tab key: what cannot break anything comes first.
    body.setLeft(rail());
    body.setTop(new TopBar(model));
    show(model.screen().get());
    model.screen().addListener((_, _, screen) -> show(screen));
    getChildren().addAll(body, overlay);
    addEventFilter(KeyEvent.KEY_PRESSED, this::onKey);
    addEventFilter(KeyEvent.KEY_TYPED, this::onTyped);
    body.setMinSize(0, 0);
  }

  /// Puts the view into its scene and colours it. The view itself has the focus: left alone, JavaFX
  /// gives it to the first button, and Space pulls that.
  public Scene scene(double width, double height) {
    Scene scene = new Scene(this, width, height);
    var _ = new InputGuard(scene, () -> model.topBar().get() != null);
    scene.widthProperty().addListener((_, _, _) -> density(scene));
    scene.heightProperty().addListener((_, _, _) -> density(scene));
    density(scene);
    requestFocus();
    theme.apply(scene);
    nameTheme();
    return scene;
  }

  /// By the size of the scene: what is shown in it must not change how much room there seems to be.
  private void density(Scene scene) {
    Nodes.pseudo(this, "narrow", scene.getWidth() < NARROW);
    Nodes.pseudo(this, "low", scene.getHeight() < LOW);
  }

  private VBox rail() {
    VBox rail = new VBox();
    for (ScreenModule screen : model.screens()) {
      Button button = railButton(screen.id(), screen.title(), () -> open(screen));
      buttons.put(screen, button);
      rail.getChildren().add(button);
    }
    Region gap = new Region();
    VBox.setVgrow(gap, Priority.ALWAYS);
    rail.getChildren()
        .addAll(
            gap,
            railButton("commands", this::commands),
            themeButton,
            railButton("help", this::help));
    rail.getStyleClass().add("rail");
    return rail;
  }

  private void open(ScreenModule screen) {
    overlay.putAway();
    model.open(screen.id());
  }

  /// The others are taken out of the scene: what is not seen is neither styled nor laid out.
  private void show(ScreenModule screen) {
    body.setCenter(views.computeIfAbsent(screen, ScreenModule::view));
    buttons.forEach((each, button) -> {
      boolean here = each.equals(screen);
      Nodes.pseudo(button, "here", here);
      button.setAccessibleText(
          Messages.text(
              here ? "rail.here.accessible" : "rail.accessible", each.title(), place(each)));
      if (here) {
        // Keys go where the focus is; what had it may just have left the window.
        button.requestFocus();
      }
    });
  }

  /// Counts from 1, as the key that opens it.
  private int place(ScreenModule screen) {
    return model.screens().indexOf(screen) + 1;
  }

  private static Button railButton(String id, Runnable action) {
    return railButton(id, Messages.text("rail." + id), action);
  }

  private static Button railButton(String id, String title, Runnable action) {
    Region icon = new Region();
    icon.getStyleClass().addAll("rail-icon", "icon-" + id);
    VBox words = new VBox(icon, Nodes.label(title));
    words.getStyleClass().add("rail-words");
    Button button = new Button();
    button.setGraphic(words);
    button.setId("rail-" + id);
    button.getStyleClass().add("rail-button");
    button.setAccessibleText(title);
    button.setOnAction(_ -> action.run());
    return button;
  }

  private void onKey(KeyEvent event) {
    ScreenModule screen = screenOf(event);
    Optional<ScreenModule.Search> search = model.screen().get().search();
    if (control(KeyCode.K).match(event)) {
      commands();
    } else if (screen != null) {
      open(screen);
    } else if (control(KeyCode.F).match(event) && search.isPresent()) {
      search.get().focus().run();
    } else if (chord(KeyCode.B).match(event)) {
      model.rollBack();
    } else if (chord(KeyCode.T).match(event)) {
      nextTheme();
    } else if (event.getText().equals("?") && !isTyping(event)) {
      help();
    } else {
      return;
    }
    event.consume();
  }

  private @Nullable ScreenModule screenOf(KeyEvent event) {
    for (ScreenModule screen : model.screens()) {
      if (control(KeyCode.getKeyCode(Integer.toString(place(screen)))).match(event)) {
        return screen;
      }
    }
    return null;
  }

  /// When it is typed, not when it is pressed: the field that gets the focus must not get it too.
  private void onTyped(KeyEvent event) {
    Optional<ScreenModule.Search> search = model.screen().get().search();
    if (event.getCharacter().equals("/") && !isTyping(event) && search.isPresent()) {
      search.get().focus().run();
      event.consume();
    }
  }

  private static boolean isTyping(KeyEvent event) {
    return event.getTarget() instanceof TextInputControl text && text.isEditable();
  }

  private static KeyCombination control(KeyCode code) {
    return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
  }

  private static KeyCombination chord(KeyCode code) {
    return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
  }

  private void commands() {
    List<Overlay.Entry> entries = new ArrayList<>();
    for (ScreenModule screen : model.screens()) {
      String name = Messages.text("palette.screen", screen.title());
      entries.add(new Overlay.Entry(name, () -> open(screen)));
    }
    entries.add(new Overlay.Entry(Messages.text("palette.rollback"), model::rollBack));
    entries.add(new Overlay.Entry(Messages.text("palette.theme"), this::nextTheme));
    entries.add(new Overlay.Entry(Messages.text("palette.help"), this::help));
    overlay.commands(entries);
  }

  private void help() {
    List<String> lines = new ArrayList<>();
    for (ScreenModule screen : model.screens()) {
      lines.add(Messages.text("help.screen", place(screen), screen.title()));
      lines.addAll(screen.help().lines().toList());
    }
    lines.addAll(Messages.text("help.keys").lines().toList());
    overlay.help(lines);
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
