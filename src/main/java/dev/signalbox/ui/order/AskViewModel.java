package dev.signalbox.ui.order;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/// The one question that may be open. Putting it away changes nothing.
public final class AskViewModel {
  private final Orders orders;
  private final ReadOnlyObjectWrapper<@Nullable Ask> open = new ReadOnlyObjectWrapper<>();
  private final StringProperty typed = new SimpleStringProperty("");
  private final BooleanBinding right = Bindings.createBooleanBinding(this::isRight, open, typed);

  public AskViewModel(Orders orders) {
    this.orders = orders;
  }

  public void ask(Ask question) {
    typed.set("");
    open.set(question);
  }

  public void putAway() {
    open.set(null);
    typed.set("");
  }

  /// Gives the command when the right words were typed; else does nothing.
  public void confirm() {
    Ask question = open.get();
    if (question != null && isRight()) {
      String words = typed.get().strip();
      putAway();
      orders.give(question.action(), question.command().apply(words));
    }
  }

  private boolean isRight() {
    Ask question = open.get();
    String words = typed.get().strip();
    return question != null
        && !words.isEmpty()
        && (question.expected().isEmpty() || question.expected().equals(words));
  }

  public ReadOnlyObjectProperty<@Nullable Ask> open() {
    return open.getReadOnlyProperty();
  }

  public StringProperty typed() {
    return typed;
  }

  public BooleanBinding right() {
    return right;
  }
}
