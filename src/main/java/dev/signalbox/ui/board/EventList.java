package dev.signalbox.ui.board;

import dev.signalbox.ui.control.Copying;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.fx.Messages;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.jspecify.annotations.Nullable;

/// What happened, the newest first. Lines wrap, can be selected and copied.
final class EventList extends ListView<EventLine> {
  /// @param none what stands there instead of no events
  EventList(ObservableList<EventLine> events, ReadOnlyStringProperty none) {
    super(events);
    setId("events");
    getStyleClass().add("events");
    setAccessibleText(Messages.text("events.accessible"));
    Label empty = Nodes.wrapped("", "empty");
    empty.textProperty().bind(none);
    setPlaceholder(empty);
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    setCellFactory(_ -> new Cell());
    Copying.selected(this, Messages.text("events.copy"), this::copy);
  }

  private void copy() {
    Copying.copy(
        getSelectionModel().getSelectedItems().stream()
            .map(EventLine::asText)
            .collect(Collectors.joining("\n")));
  }

  private final class Cell extends ListCell<EventLine> {
    private final Label time = Nodes.firm("", "event-time", "number");
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label text = Nodes.wrapped("", "event-text");
    private final HBox line = new HBox(time, sign, text);

    Cell() {
      line.getStyleClass().add("event");
      line.setAlignment(Pos.TOP_LEFT);
      HBox.setHgrow(text, Priority.ALWAYS);
      prefWidthProperty().bind(EventList.this.widthProperty().subtract(18));
    }

    @Override
    protected void updateItem(@Nullable EventLine item, boolean empty) {
      super.updateItem(item, empty);
      if (item == null || empty) {
        setGraphic(null);
        return;
      }
      time.setText(item.time());
      sign.show(item.sign());
      sign.setVisible(item.sign() != Sign.UNKNOWN);
      text.setText(item.text());
      Nodes.pseudo(text, "bad", item.sign() == Sign.BAD);
      Nodes.pseudo(text, "pending", item.sign() == Sign.PENDING || item.sign() == Sign.WARNING);
      Nodes.pseudo(text, "quiet", item.quiet());
      setAccessibleText(item.time() + " UTC, " + item.text());
      setGraphic(line);
    }
  }
}
