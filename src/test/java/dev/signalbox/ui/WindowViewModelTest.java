package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.HoldViewModel;
import dev.signalbox.ui.order.OrderState;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ShellViewModel;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the window does, without a toolkit.
class WindowViewModelTest {
  private final SampleEngine engine = new SampleEngine(Samples.ready());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final ShellViewModel shell = new ShellViewModel(orders, ZoneOffset.UTC, Screens::of);

  @Test
  void rollBackIsOneClickAndTwoClicksAreOneCommand() {
    show(Samples.after());
    shell.rollBack();
    shell.rollBack();
    assertThat(engine.given())
        .extracting(SampleEngine.Given::command)
        .containsExactly(Command.RollBack.losingNothing());
  }

  @Test
  void aSecondClickWhileTheWayBackIsUnderWayDoesNothing() {
    show(Samples.after());
    shell.rollBack();
    engine.given().getFirst().answer().complete(new Outcome.Done("GREEN → BLUE"));
    show(Samples.rollingBack());
    shell.rollBack();
    shell.rollBack();
    assertThat(engine.given())
        .extracting(SampleEngine.Given::command)
        .containsExactly(Command.RollBack.losingNothing());
  }

  @Test
  void severalAnswersAreKeptTheNewestFirstAndEachIsPutAwayAlone() {
    for (Action action : Action.values()) {
      orders.give(action, new Command.Resume());
      engine.given().getLast().answer().complete(new Outcome.Failed(action.name()));
    }
    assertThat(orders.notices())
        .extracting(Orders.Notice::action)
        .containsExactly(
            Action.CANCEL_QUERY, Action.TAKE_OVER, Action.CLEAN_UP, Action.GIVE_UP, Action.RESUME);
    orders.putAway(orders.notices().get(1));
    assertThat(orders.notices())
        .extracting(Orders.Notice::action)
        .containsExactly(Action.CANCEL_QUERY, Action.CLEAN_UP, Action.GIVE_UP, Action.RESUME);
    orders.give(Action.RESUME, new Command.Resume());
    assertThat(orders.notices()).extracting(Orders.Notice::action).doesNotContain(Action.RESUME);
  }

  @Test
  void rollBackThatLosesWritesWaitsForItsWords() {
    show(Samples.greenDead());
    shell.rollBack();
    assertThat(engine.given()).isEmpty();
  }

  @Test
  void rollBackWithoutAReleaseDoesNothing() {
    show(Samples.idle());
    shell.rollBack();
    assertThat(engine.given()).isEmpty();
  }

  @Test
  void typedWordsMustBeTheVeryWords() {
    AskViewModel ask = new AskViewModel(orders);
    ask.ask(new Ask(Action.CLEAN_UP, "", "", "", "orders", "", true, Command.CleanUp::new));
    ask.typed().set("order");
    ask.confirm();
    assertThat(engine.given()).isEmpty();
    ask.typed().set("orders ");
    ask.confirm();
    assertThat(engine.given())
        .extracting(SampleEngine.Given::command)
        .containsExactly(new Command.CleanUp("orders"));
  }

  @Test
  void refusalIsKeptToBeReadAndThenPutAway() {
    orders.give(Action.CUT_OVER, new Command.CutOver());
    engine.given().getFirst().answer().complete(new Outcome.Refused("lag is 2 s"));
    assertThat(orders.state(Action.CUT_OVER).get()).isEqualTo(new OrderState.Refused("lag is 2 s"));
    assertThat(orders.notices()).hasSize(1);
    orders.putAway(orders.notices().getFirst());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void oneThatHangsBlocksNoOther() {
    show(Samples.after());
    orders.give(Action.CUT_OVER, new Command.CutOver());
    shell.rollBack();
    assertThat(engine.given()).hasSize(2);
  }

  @Test
  void ordersAboutManyAreFollowedEachAndForgottenOnceAnswered() {
    Action cancel = Action.CANCEL_QUERY;
    assertThat(orders.give(cancel, "q-1", new Command.CancelQuery("q-1"))).isTrue();
    assertThat(orders.give(cancel, "q-1", new Command.CancelQuery("q-1"))).isFalse();
    assertThat(orders.give(cancel, "q-2", new Command.CancelQuery("q-2"))).isTrue();
    assertThat(engine.given()).hasSize(2);
    engine.given().getFirst().answer().complete(new Outcome.Done("cancelled"));
    assertThat(orders.state(cancel, "q-1")).isEqualTo(new OrderState.Done("cancelled"));
    orders.give(cancel, "q-3", new Command.CancelQuery("q-3"));
    assertThat(orders.state(cancel, "q-1")).isEqualTo(new OrderState.Idle());
    assertThat(orders.state(cancel, "q-2")).isEqualTo(new OrderState.Sent());
  }

  @Test
  void leverActsOncePerHoldAndNeverOnAClick() {
    int[] acted = new int[1];
    HoldViewModel hold = new HoldViewModel(() -> acted[0]++);
    hold.press(0);
    hold.tick(HoldViewModel.HOLD_NANOS / 2);
    assertThat(hold.progress().get()).isEqualTo(0.5);
    hold.release();
    hold.tick(HoldViewModel.HOLD_NANOS * 2);
    assertThat(acted[0]).isZero();
    hold.press(0);
    hold.tick(HoldViewModel.HOLD_NANOS);
    hold.press(HoldViewModel.HOLD_NANOS);
    hold.tick(HoldViewModel.HOLD_NANOS * 3);
    assertThat(acted[0]).isEqualTo(1);
  }

  private void show(EngineSnapshot snapshot) {
    shell.show(new EngineBridge.Update(snapshot, List.of(), Samples.NOW));
  }
}
