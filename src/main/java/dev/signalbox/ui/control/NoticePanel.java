package dev.signalbox.ui.control;

import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.OrderState;
import dev.signalbox.ui.order.Orders;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// The engine's answer to a command, to be read, selected, copied and put away.
final class NoticePanel extends VBox {
  private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
  private final Label title = Nodes.wrapped("", "notice-title");
  private final Button close = new Button("×");
  private final SelectableText text = new SelectableText("notice-text");

  NoticePanel(Orders orders, Orders.Notice notice) {
    setId("notice");
    text.setId("notice-text");
    getStyleClass().add("notice");
    close.setId("notice-close");
    close.getStyleClass().add("notice-close");
    close.setOnAction(_ -> orders.putAway(notice));
    HBox head = new HBox(sign, title, Nodes.spring(), close);
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().add("notice-head");
    getChildren().addAll(head, text);
    show(notice);
  }

  private void show(Orders.Notice notice) {
    String order =
        Messages.text("order." + notice.action().name().toLowerCase(Locale.ROOT), notice.subject());
    switch (notice.state()) {
      case OrderState.Done done ->
          show(
              notice.over() ? Sign.WARNING : Sign.OK,
              // A release that was started is not done.
              notice.action() == Action.START ? "notice.begun" : "notice.done",
              order,
              done.text());
      case OrderState.Refused refused ->
          show(Sign.PENDING, "notice.refused", order, refused.text());
      case OrderState.Failed failed -> show(Sign.BAD, "notice.failed", order, failed.text());
      case OrderState.Idle(), OrderState.Sent() ->
          throw new IllegalArgumentException("not an answer: " + notice.state());
    }
  }

  private void show(Sign shown, String key, String order, String sentence) {
    sign.show(shown);
    title.setText(Messages.text(key, order));
    close.setAccessibleText(Messages.text("notice.close", title.getText()));
    text.show(sentence);
    for (Sign each : Sign.values()) {
      Nodes.pseudo(this, each.name().toLowerCase(Locale.ROOT), each == shown);
    }
  }
}
