package dev.signalbox.ui.order;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// Gives commands to the engine and follows each to its end. An action that is under way is not
/// given again for the same subject, however often it is clicked. JavaFX thread, or a single thread
/// in tests.
public final class Orders {
  /// Answers kept to be read.
  static final int NOTICES = 5;

  /// An answer, to be read in full.
  ///
  /// @param number rises with each answer
  /// @param subject what it was about, for example a query; empty for most
  /// @param over whether it was done, but took longer than allowed
  public record Notice(
      long number, Action action, String subject, OrderState state, boolean over) {}

  private long answers;

  private record Order(Action action, String subject) {}

  private final Function<Command, CompletionStage<Outcome>> engine;
  private final Executor screenThread;
  private final Map<Order, ReadOnlyObjectWrapper<OrderState>> states = new HashMap<>();
  private final ObservableList<Notice> notices = FXCollections.observableArrayList();
  private final ObservableList<Notice> shownNotices =
      FXCollections.unmodifiableObservableList(notices);

  public Orders(Function<Command, CompletionStage<Outcome>> engine, Executor screenThread) {
    this.engine = engine;
    this.screenThread = screenThread;
  }

  /// Gives the command.
  ///
  /// @return false when the same action is still under way, and nothing was given
  public boolean give(Action action, Command command) {
    return give(action, "", command);
  }

  /// Gives a command about one of many. Only the answers of the last few are kept: giving the next
  /// one forgets those that were answered.
  ///
  /// @return false when the same action on the same subject is still under way
  public boolean give(Action action, String subject, Command command) {
    Order order = new Order(action, subject);
    if (state(action, subject) instanceof OrderState.Sent) {
      return false;
    }
    states
        .entrySet()
        .removeIf(each ->
            !each.getKey().subject().isEmpty()
                && !(each.getValue().get() instanceof OrderState.Sent));
    become(order, new OrderState.Sent());
    var _ =
        engine
            .apply(command)
            .whenCompleteAsync(
                (outcome, failure) -> become(order, stateOf(outcome, failure)), screenThread);
    return true;
  }

  public boolean isUnderWay(Action action) {
    return state(action).get() instanceof OrderState.Sent;
  }

  public ReadOnlyObjectProperty<OrderState> state(Action action) {
    return wrapper(new Order(action, "")).getReadOnlyProperty();
  }

  /// What became of the order about one of many. Watch [#notices] to learn of answers.
  public OrderState state(Action action, String subject) {
    ReadOnlyObjectWrapper<OrderState> state = states.get(new Order(action, subject));
    return state == null ? new OrderState.Idle() : state.get();
  }

  /// The answers that were not put away, the newest first; at most five, and of an order that was
  /// given again only its last.
  public ObservableList<Notice> notices() {
    return shownNotices;
  }

  /// The operator has read an answer.
  public void putAway(Notice read) {
    Order order = new Order(read.action(), read.subject());
    boolean last = wrapper(order).get().equals(read.state());
    if (notices.remove(read) && last) {
      wrapper(order).set(new OrderState.Idle());
    }
  }

  /// What was done took longer than allowed.
  void markOver(Notice notice) {
    int place = notices.indexOf(notice);
    if (place >= 0) {
      notices.set(
          place,
          new Notice(notice.number(), notice.action(), notice.subject(), notice.state(), true));
    }
  }

  private void become(Order order, OrderState state) {
    wrapper(order).set(state);
    notices.removeIf(
        each -> each.action() == order.action() && each.subject().equals(order.subject()));
    if (!(state instanceof OrderState.Sent)) {
      notices.addFirst(new Notice(++answers, order.action(), order.subject(), state, false));
      if (notices.size() > NOTICES) {
        notices.removeLast();
      }
    }
  }

  private ReadOnlyObjectWrapper<OrderState> wrapper(Order order) {
    return states.computeIfAbsent(order, _ -> new ReadOnlyObjectWrapper<>(new OrderState.Idle()));
  }

  private static OrderState stateOf(@Nullable Outcome outcome, @Nullable Throwable failure) {
    return switch (outcome) {
      case Outcome.Done done -> new OrderState.Done(done.text());
      case Outcome.Refused refused -> new OrderState.Refused(refused.text());
      case Outcome.Failed failed -> new OrderState.Failed(failed.text());
      case null -> new OrderState.Failed(String.valueOf(failure));
    };
  }
}
