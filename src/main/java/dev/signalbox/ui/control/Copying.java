package dev.signalbox.ui.control;

import dev.signalbox.ui.fx.Messages;
import java.util.function.Supplier;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Control;
import javafx.scene.control.MenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;

/// Copies what a screen says to the clipboard, by key or menu.
public final class Copying {
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private Copying() {}

  /// Makes a part of the screen a stop of the Tab key that is copied as a whole.
  ///
  /// @param text what it says, as it is to stand in a message to a colleague
  public static void of(Region part, Supplier<String> text) {
    part.setFocusTraversable(true);
    part.getStyleClass().add("copied-whole");
    part.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (COPY.match(event) && event.getTarget().equals(part)) {
            copy(text.get());
            event.consume();
          }
        });
    MenuItem item = new MenuItem(Messages.text("lines.copy"));
    item.setOnAction(_ -> copy(text.get()));
    ContextMenu menu = new ContextMenu(item);
    part.setOnContextMenuRequested(event -> {
      menu.show(part, event.getScreenX(), event.getScreenY());
      event.consume();
    });
  }

  /// Lets what is selected in a list or a table be copied.
  ///
  /// @param menu the words of the menu
  /// @param copy calls [#copy]
  public static void selected(Control lines, String menu, Runnable copy) {
    lines.setOnKeyPressed(event -> {
      if (COPY.match(event)) {
        copy.run();
        event.consume();
      }
    });
    MenuItem item = new MenuItem(menu);
    item.setOnAction(_ -> copy.run());
    lines.setContextMenu(new ContextMenu(item));
  }

  public static void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }
}
