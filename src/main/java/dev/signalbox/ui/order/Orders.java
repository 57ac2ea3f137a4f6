package dev.signalbox.ui.order;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/// Gives commands to the engine and follows each to its end. An action that is under way is not
/// given again, however often it is clicked. JavaFX thread, or a single thread in tests.
public final class Orders {
  /// The last answer, to be read in full.
  public record Notice(Action action, OrderState state) {}

  private final Function<Command, CompletionStage<Outcome>> engine;
  private final Executor screenThread;
  private final Map<Action, ReadOnlyObjectWrapper<OrderState>> states = new EnumMap<>(Action.class);
  private final ReadOnlyObjectWrapper<@Nullable Notice> notice = new ReadOnlyObjectWrapper<>();

  public Orders(Function<Command, CompletionStage<Outcome>> engine, Executor screenThread) {
    this.engine = engine;
    this.screenThread = screenThread;
    for (Action action : Action.values()) {
      states.put(action, new ReadOnlyObjectWrapper<>(new OrderState.Idle()));
    }
  }

  /// Gives the command.
  ///
  /// @return false when the same action is still under way, and nothing was given
  public boolean give(Action action, Command command) {
    if (isUnderWay(action)) {
      return false;
    }
    become(action, new OrderState.Sent());
    var _ =
        engine
            .apply(command)
            .whenCompleteAsync(
                (outcome, failure) -> become(action, stateOf(outcome, failure)), screenThread);
    return true;
  }

  public boolean isUnderWay(Action action) {
    return state(action).get() instanceof OrderState.Sent;
  }

  public ReadOnlyObjectProperty<OrderState> state(Action action) {
    return wrapper(action).getReadOnlyProperty();
  }

  /// The last answer; null when none, or when it was put away.
  public ReadOnlyObjectProperty<@Nullable Notice> notice() {
    return notice.getReadOnlyProperty();
  }

  /// The operator has read the answer.
  public void putAway() {
    Notice read = notice.get();
    notice.set(null);
    if (read != null && !isUnderWay(read.action())) {
      wrapper(read.action()).set(new OrderState.Idle());
    }
  }

  private void become(Action action, OrderState state) {
    wrapper(action).set(state);
    notice.set(state instanceof OrderState.Sent ? null : new Notice(action, state));
  }

  private ReadOnlyObjectWrapper<OrderState> wrapper(Action action) {
    ReadOnlyObjectWrapper<OrderState> state = states.get(action);
    if (state == null) {
      throw new IllegalStateException("no state for " + action);
    }
    return state;
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
