package dev.signalbox.ui.board;

import dev.signalbox.ui.control.FittingScroll;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.control.SignIcon;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.OrderState;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Where the release stands in words, how long the last switches stalled, and the calmer actions.
final class ReleasePanel extends VBox {
  private static final List<Action> ACTIONS =
      List.of(Action.START, Action.RESUME, Action.CLEAN_UP, Action.GIVE_UP, Action.TAKE_OVER);

  /// Two lines of the sentence, in pixels; the rest scrolls.
  private static final double LEAST = 36;

  private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
  private final Label status = Nodes.wrapped("", "release-status");
  private final SelectableText next = new SelectableText("release-next");
  private final List<MoveNode> moves = List.of(new MoveNode(), new MoveNode());
  private final Map<Action, Button> buttons = new EnumMap<>(Action.class);

  ReleasePanel(BoardViewModel board) {
    setId("release");
    getStyleClass().add("release");
    HBox head = new HBox(sign, status);
    head.setAlignment(Pos.TOP_LEFT);
    head.getStyleClass().add("release-head");
    VBox words = new VBox(next);
    words.getChildren().addAll(moves);
    words.getStyleClass().add("release-words");
    FlowPane actions = new FlowPane();
    actions.setMinHeight(Region.USE_PREF_SIZE);
    actions.getStyleClass().add("release-actions");
    for (Action action : ACTIONS) {
      String id = action.name().toLowerCase(Locale.ROOT);
      Button button = new Button();
      button.setId("action-" + id.replace('_', '-'));
      button.setOnAction(_ -> board.choose(action));
      board
          .orders()
          .state(action)
          .addListener((_, _, now) -> button.setDisable(now instanceof OrderState.Sent));
      buttons.put(action, button);
      actions.getChildren().add(button);
    }
    getChildren()
        .addAll(
            Nodes.label(Messages.text("release.title"), "section"),
            head,
            new FittingScroll(words, LEAST),
            actions);
  }

  void show(ReleasePresentation presentation) {
    sign.show(presentation.sign());
    status.setText(presentation.status());
    Nodes.pseudo(status, "busy", presentation.sign() == Sign.PENDING);
    next.show(presentation.next());
    for (int i = 0; i < moves.size(); i++) {
      moves.get(i).show(i < presentation.moves().size() ? presentation.moves().get(i) : null);
    }
    buttons.forEach((action, button) -> {
      String label = presentation.actions().getOrDefault(action, "");
      button.setText(label);
      Nodes.show(button, !label.isEmpty());
    });
  }

  private static final class MoveNode extends HBox {
    private final SignIcon sign = new SignIcon(Sign.UNKNOWN);
    private final Label text = Nodes.wrapped("", "release-moves");

    MoveNode() {
      getStyleClass().add("release-move");
      setAlignment(Pos.TOP_LEFT);
      getChildren().addAll(sign, text);
    }

    void show(@Nullable MoveLine line) {
      Nodes.show(this, line != null);
      if (line != null) {
        sign.show(line.sign());
        text.setText(line.text());
        Nodes.pseudo(text, "over", line.sign() == Sign.WARNING);
      }
    }
  }
}
