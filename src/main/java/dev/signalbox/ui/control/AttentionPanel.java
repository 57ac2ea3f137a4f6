package dev.signalbox.ui.control;

import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import javafx.collections.ListChangeListener;
import javafx.scene.layout.VBox;

/// What wants to be read: the question that is open, then the answers that were not put away. It
/// scrolls within the height that it gets.
public final class AttentionPanel extends FittingScroll {
  private static final double LEAST = 110;

  private final AskViewModel ask;
  private final Orders orders;
  private final VBox answers;

  public AttentionPanel(AskViewModel ask, Orders orders) {
    VBox answers = new VBox();
    VBox all = new VBox(new AskPanel(ask), answers);
    super(all, LEAST);
    this.ask = ask;
    this.orders = orders;
    this.answers = answers;
    setId("attention");
    getStyleClass().add("attention");
    answers.getStyleClass().add("notices");
    all.getStyleClass().add("notices");
    ask.open().addListener((_, _, _) -> follow());
    orders.notices().addListener((ListChangeListener<Orders.Notice>) _ -> showAnswers());
    showAnswers();
  }

  /// Whether there is anything to read.
  public boolean isWanted() {
    return ask.open().get() != null || !orders.notices().isEmpty();
  }

  private void showAnswers() {
    answers
        .getChildren()
        .setAll(orders.notices().stream().map(each -> new NoticePanel(orders, each)).toList());
    Nodes.show(answers, !orders.notices().isEmpty());
    follow();
  }

  private void follow() {
    Nodes.show(this, isWanted());
    setVvalue(0);
    fit();
  }
}
