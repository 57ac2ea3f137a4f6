package dev.signalbox.ui.control;

import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import javafx.application.Platform;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The one question that may be open. Esc puts it away. Enter confirms only what is harmless.
public final class AskPanel extends VBox {
  private final Label title = Nodes.wrapped("", "ask-title");
  private final SelectableText explanation = new SelectableText("ask-text");
  private final Label prompt = Nodes.wrapped("", "ask-prompt");
  private final TextField typed = new TextField();
  private final Button confirm = new Button();

  public AskPanel(AskViewModel ask) {
    setId("ask");
    getStyleClass().add("ask");
    typed.setId("ask-typed");
    confirm.setId("ask-confirm");
    Button cancel = new Button(Messages.text("ask.cancel"));
    cancel.setId("ask-cancel");
    cancel.setMinWidth(Region.USE_PREF_SIZE);
    confirm.setMinWidth(Region.USE_PREF_SIZE);
    cancel.setOnAction(_ -> ask.putAway());
    typed.textProperty().bindBidirectional(ask.typed());
    confirm.disableProperty().bind(ask.right().not());
    confirm.setOnAction(_ -> ask.confirm());
    typed.setOnAction(_ -> {
      Ask open = ask.open().get();
      if (open != null && !open.dangerous()) {
        ask.confirm();
      }
    });
    setOnKeyPressed(event -> {
      if (event.getCode() == KeyCode.ESCAPE) {
        ask.putAway();
        event.consume();
      }
    });
    FlowPane buttons = new FlowPane(8, 8, confirm, cancel);
    buttons.getStyleClass().add("ask-buttons");
    getChildren().addAll(title, explanation, prompt, typed, buttons);
    ask.open().addListener((_, _, open) -> show(open));
    show(ask.open().get());
  }

  private void show(@Nullable Ask open) {
    Nodes.show(this, open != null);
    if (open == null) {
      return;
    }
    title.setText(open.title());
    explanation.show(open.explanation());
    prompt.setText(open.prompt());
    typed.setAccessibleText(open.prompt());
    confirm.setText(open.verb());
    Nodes.pseudo(this, "dangerous", open.dangerous());
    Platform.runLater(typed::requestFocus);
  }
}
