package dev.signalbox.ui.shell;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.fx.Messages;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Lies over the screen: keyboard help, or the commands. Esc or a click beside it puts it away.
final class Overlay extends StackPane {
  /// A command of the palette.
  record Entry(String name, Runnable run) {
    @Override
    public String toString() {
      return name;
    }
  }

  Overlay() {
    setId("overlay");
    getStyleClass().add("overlay");
    setAlignment(Pos.TOP_CENTER);
    Nodes.show(this, false);
    setOnMousePressed(event -> {
      if (event.getTarget() == this) {
        putAway();
      }
    });
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            putAway();
            event.consume();
          }
        });
  }

  void putAway() {
    Nodes.show(this, false);
    getChildren().clear();
  }

  /// @param lines `keys TAB what they do`
  void help(List<String> lines) {
    GridPane keys = new GridPane();
    keys.getStyleClass().add("help-keys");
    int row = 0;
    for (String line : lines) {
      String[] parts = line.split("\t", -1);
      keys.addRow(row++, Nodes.firm(parts[0], "number"), Nodes.firm(parts[1]));
    }
    Button close = new Button(Messages.text("help.close"));
    close.setOnAction(_ -> putAway());
    open(new VBox(Nodes.label(Messages.text("help.title"), "overlay-title"), keys, close));
    close.requestFocus();
  }

  void commands(List<Entry> entries) {
    TextField search = new TextField();
    search.setPromptText(Messages.text("palette.prompt"));
    search.setAccessibleText(Messages.text("palette.prompt"));
    search.setId("palette-search");
    ListView<Entry> list = new ListView<>();
    list.setPlaceholder(Nodes.label(Messages.text("palette.empty"), "empty"));
    list.getItems().setAll(entries);
    list.getSelectionModel().selectFirst();
    list.setFocusTraversable(false);
    list.setPrefHeight(220);
    list.setCellFactory(_ -> new EntryCell());
    search
        .textProperty()
        .addListener((_, _, typed) -> {
          String wanted = typed.toLowerCase(Locale.ROOT);
          list.getItems()
              .setAll(
                  entries.stream()
                      .filter(entry -> entry.name().toLowerCase(Locale.ROOT).contains(wanted))
                      .toList());
          list.getSelectionModel().selectFirst();
        });
    search.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.DOWN) {
            list.getSelectionModel().selectNext();
            event.consume();
          } else if (event.getCode() == KeyCode.UP) {
            list.getSelectionModel().selectPrevious();
            event.consume();
          }
        });
    search.setOnAction(_ -> run(list.getSelectionModel().getSelectedItem()));
    list.setOnMouseClicked(_ -> run(list.getSelectionModel().getSelectedItem()));
    open(new VBox(search, list));
    search.requestFocus();
  }

  private void run(@Nullable Entry entry) {
    if (entry != null) {
      putAway();
      entry.run().run();
    }
  }

  private void open(VBox content) {
    content.getStyleClass().add("overlay-card");
    content.setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
    getChildren().setAll(content);
    Nodes.show(this, true);
  }

  private static final class EntryCell extends ListCell<Entry> {
    @Override
    protected void updateItem(@Nullable Entry item, boolean empty) {
      super.updateItem(item, empty);
      setText(item == null || empty ? "" : item.name());
    }
  }
}
