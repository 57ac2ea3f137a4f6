package dev.signalbox.ui.strategy;

import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.fx.Messages;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The selected client.
final class ClientDetail extends VBox {
  private final Label empty = Nodes.wrapped(Messages.text("detail.none"), "empty");
  private final SelectableText name = new SelectableText("detail-name");
  private final SelectableText facts = new SelectableText("detail-facts");
  private final SelectableText error = new SelectableText("row-note");
  private final Label pinnedTitle = Nodes.label("", "section");
  private final SelectableText pinned = new SelectableText("detail-pinned");
  private final VBox content = new VBox(name, facts, error, pinnedTitle, pinned);

  ClientDetail() {
    setId("client");
    getStyleClass().add("detail");
    name.setId("client-name");
    pinned.setId("client-pinned");
    content.getStyleClass().add("detail-content");
    ScrollPane body = Nodes.scroll(content);
    setVgrow(body, Priority.ALWAYS);
    setMinHeight(60);
    getChildren().addAll(Nodes.label(Messages.text("detail.title"), "section"), empty, body);
  }

  void show(@Nullable ClientPresentation presentation) {
    Nodes.show(empty, presentation == null);
    Nodes.show(content, presentation != null);
    if (presentation == null) {
      return;
    }
    name.show(presentation.name());
    facts.show(presentation.facts());
    error.show(presentation.error());
    pinnedTitle.setText(presentation.pinnedTitle());
    pinned.show(presentation.pinned());
  }
}
