package dev.signalbox.ui.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.ui.SampleEngine;
import dev.signalbox.ui.Samples;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NoticeKeeperTest {
  private final SampleEngine engine = new SampleEngine(Samples.ready());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final NoticeKeeper keeper = new NoticeKeeper(orders);
  private Instant now = Samples.NOW;

  @Test
  void whatWasDoneIsNewsForHalfAMinute() {
    answer(Action.RESUME, new Outcome.Done("The release goes on."));
    after(0, Samples.ready());
    after(29, Samples.ready());
    assertThat(orders.notices()).hasSize(1);
    after(1, Samples.ready());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void aRefusalLeavesWhenItsReasonDoes() {
    answer(Action.CUT_OVER, new Outcome.Refused("lag is 2 s"));
    after(0, Samples.copying());
    after(60, Samples.copying());
    assertThat(orders.notices()).hasSize(1);
    after(1, Samples.ready());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void aRefusalCanBeReadAlsoWhenItsReasonIsGoneAtOnce() {
    answer(Action.CUT_OVER, new Outcome.Refused("lag is 2 s"));
    after(0, Samples.ready());
    after(4, Samples.ready());
    assertThat(orders.notices()).hasSize(1);
    after(1, Samples.ready());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void aFailureStaysUntilSomethingElseWasDone() {
    answer(Action.RESUME, new Outcome.Failed("green does not answer"));
    after(0, Samples.greenDead());
    after(300, Samples.greenDead());
    assertThat(orders.notices()).hasSize(1);
    answer(Action.ROLL_BACK, new Outcome.Done("blue is live"));
    after(1, Samples.rolledBack());
    assertThat(orders.notices())
        .extracting(Orders.Notice::action)
        .containsExactly(Action.ROLL_BACK);
  }

  @Test
  void aFailureLeavesWithItsRelease() {
    answer(Action.GIVE_UP, new Outcome.Failed("green does not answer"));
    after(0, Samples.givingUp());
    after(60, Samples.givenUp());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void aCutoverThatWasTakenBackIsNotSaidToBeDone() {
    answer(Action.CUT_OVER, new Outcome.Done("green is live"));
    after(0, Samples.after());
    after(6, Samples.after());
    assertThat(orders.notices()).hasSize(1);
    after(1, Samples.rolledBack());
    assertThat(orders.notices()).isEmpty();
  }

  @Test
  void aCutoverOverItsBudgetIsMarked() {
    answer(Action.CUT_OVER, new Outcome.Done("green is live"));
    after(0, Samples.overBudget());
    assertThat(orders.notices().getFirst().over()).isTrue();
    answer(Action.CUT_OVER, new Outcome.Done("green is live"));
    after(0, Samples.after());
    assertThat(orders.notices().getFirst().over()).isFalse();
  }

  private void answer(Action action, Outcome outcome) {
    orders.give(action, new Command.Resume());
    engine.given().getLast().answer().complete(outcome);
  }

  private void after(int seconds, EngineSnapshot state) {
    now = now.plusSeconds(seconds);
    keeper.look(state, now);
  }
}
