package dev.signalbox.ui.board;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.ui.SampleEngine;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.StrategySamples;
import dev.signalbox.ui.control.PhasePresentation;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.OrderState;
import dev.signalbox.ui.order.Orders;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Unknown is neither none nor well; and no lever invites to what is not the next act.
class BoardOutageTest {
  private final SampleEngine engine = new SampleEngine(Samples.idle());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final BoardViewModel board = new BoardViewModel(orders, new AskViewModel(orders));

  /// What the engine publishes in an outage, and what a window has when the engine itself is
  /// silent.
  private static Stream<EngineBridge.Update> outages() {
    return Stream.of(
        update(Samples.noData(), Samples.NOW),
        update(Samples.deadFromTheStart(), Samples.NOW),
        update(Samples.wasFineThenDied(), Samples.NOW),
        update(
            Samples.with(Samples.wasFineThenDied(), StrategySamples.steady()),
            Samples.NOW.plusSeconds(20)),
        update(Samples.ready(), Samples.NOW.plusSeconds(40)),
        update(Samples.idle(), Samples.NOW.plusSeconds(40)));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void unknownIsNeitherNoneNorWell(EngineBridge.Update update) {
    board.show(update);
    String everything = everything().toLowerCase(Locale.ROOT);
    assertThat(everything)
        .doesNotContain("no release")
        .doesNotContain("nothing has happened")
        .doesNotContain("00:00:00")
        .doesNotContain("ready for")
        .doesNotContain("identical at")
        .doesNotContain("same")
        .doesNotContain("0 b behind")
        .doesNotContain("sign=ok")
        .doesNotContain("state=done")
        .doesNotContain("value=none")
        .doesNotContain("hold for");
    assertThat(board.release().get().status()).isEqualTo("Not known");
    assertThat(board.release().get().next())
        .containsAnyOf("the journal could not be read", "the engine has said nothing");
    assertThat(lever().state()).isEqualTo(LeverPresentation.State.LOCKED);
    assertThat(lever().reason()).startsWith("Not known: ");
    assertThat(replication().number()).isEqualTo("–");
    assertThat(board.charts().get().forward()).isEqualTo("–");
    assertThat(board.charts().get().reverse()).isEqualTo("–");
    assertThat(board.charts().get().requestsKnown()).isFalse();
  }

  @Test
  void sinceWhenIsSaid() {
    board.show(update(Samples.wasFineThenDied(), Samples.NOW));
    assertThat(board.release().get().next()).contains("since 14:31:19 UTC");
    assertThat(replication().bytes()).isEqualTo("not known since 14:31:19 UTC");
    assertThat(board.phases().get()).extracting(PhasePresentation::detail).contains("was done");
  }

  @Test
  void aHealthyReleaseIsStillWell() {
    board.show(update(Samples.ready(), Samples.NOW.plusSeconds(1)));
    assertThat(board.release().get().sign()).isEqualTo(Sign.OK);
    assertThat(lever().state()).isEqualTo(LeverPresentation.State.UNLOCKED);
    assertThat(everything()).contains("same").contains("behind");
  }

  /// Whoever drives writes the journal, and does not read it every second.
  @Test
  void aDriverThatHadNothingToWriteKnowsItsRelease() {
    EngineSnapshot later = Samples.at(Samples.ready(), Samples.NOW.plusSeconds(3_600), 2, 0);
    EngineSnapshot quiet = Samples.journalReadAt(later, Samples.NOW);
    board.show(update(quiet, quiet.at()));
    assertThat(lever().state()).isEqualTo(LeverPresentation.State.UNLOCKED);
  }

  @Test
  void duringARollbackNoLeverInvitesToCutOver() {
    board.show(update(Samples.rollingBack(), Samples.NOW));
    LeverPresentation lever = lever();
    assertThat(lever.state()).isEqualTo(LeverPresentation.State.DOING);
    assertThat(lever.title()).isEqualTo("Rolling back to Blue");
    assertThat(lever.to()).isEqualTo(Colour.BLUE);
  }

  @Test
  void duringARollbackLagAndGatesAreThoseOfTheWayBack() {
    board.show(update(Samples.rollingBack(), Samples.NOW));
    assertThat(replication().bytes()).isEqualTo("Blue is 0 B behind");
    assertThat(board.gates().get().title()).startsWith("GATES OF THE WAY BACK");
  }

  @Test
  void aRollbackThatWasAskedForLocksTheCutoverAtOnce() {
    board.show(update(Samples.ready(), Samples.NOW));
    orders.give(Action.ROLL_BACK, Command.RollBack.losingNothing());
    assertThat(lever().state()).isEqualTo(LeverPresentation.State.DOING);
    assertThat(lever().title()).isEqualTo("Rolling back to Blue");
  }

  @Test
  void theLockNamesTheGate() {
    board.show(update(Samples.copying(), Samples.NOW));
    assertThat(lever().reason()).contains("rows are still being copied");
  }

  @Test
  void labelsSayTheEffectAndGivingUpWantsTheName() {
    board.show(update(Samples.ready(), Samples.NOW));
    assertThat(board.release().get().actions())
        .containsEntry(Action.GIVE_UP, "Give up release 42 …");
    board.choose(Action.GIVE_UP);
    assertThat(engine.given()).isEmpty();
    Ask ask = requireNonNull(board.ask().open().get());
    assertThat(ask.expected()).isEqualTo("orders · production");
    assertThat(ask.explanation()).contains("is thrown away: 31 GB copied");
    board.show(update(Samples.wasFineThenDied(), Samples.NOW));
    board.choose(Action.GIVE_UP);
    assertThat(requireNonNull(board.ask().open().get()).explanation()).contains("size unknown");
    board.show(update(Samples.givingUp(), Samples.NOW));
    assertThat(lever().title()).isEqualTo("Giving up release 42");
    assertThat(board.release().get().actions()).isEmpty();
  }

  @Test
  void drivingAloneWantsTheWordsAndIsOfferedOnlyWithoutAMajority() {
    board.show(update(Samples.viewer(), Samples.NOW));
    assertThat(board.release().get().actions()).containsEntry(Action.TAKE_OVER, "Take over …");
    board.choose(Action.TAKE_OVER);
    assertThat(requireNonNull(board.ask().open().get()).expected())
        .isEqualTo("orders · production");

    board.show(update(Samples.noMajority(), Samples.NOW));
    assertThat(board.release().get().actions()).containsEntry(Action.TAKE_OVER, "Drive alone …");
    board.choose(Action.TAKE_OVER);
    Ask ask = requireNonNull(board.ask().open().get());
    assertThat(ask.dangerous()).isTrue();
    assertThat(ask.explanation()).contains("green, entry");
    for (String words : List.of("", "orders · production", "The other side is closed")) {
      board.ask().typed().set(words);
      board.ask().confirm();
    }
    assertThat(engine.given()).isEmpty();
    board.ask().typed().set("the other side is closed");
    board.ask().confirm();
    assertThat(engine.given().getLast().command())
        .isEqualTo(new Command.TakeOver("orders · production", "the other side is closed"));
    board.choose(Action.TAKE_OVER);
    board.show(update(Samples.viewer(), Samples.NOW));
    assertThat(board.ask().open().get()).as("there is a majority again").isNull();
    String refusal = "Something still takes connections at the address of green.";
    engine.given().getLast().answer().complete(new Outcome.Failed(refusal));
    assertThat(orders.notices().getFirst().state()).isEqualTo(new OrderState.Failed(refusal));
  }

  private LeverPresentation lever() {
    return requireNonNull(board.lever().get());
  }

  private ReplicationPresentation replication() {
    return requireNonNull(requireNonNull(board.track().get()).replication());
  }

  private String everything() {
    return Stream.of(
            board.phases().get(),
            board.phasesEmpty().get(),
            board.stack(Colour.BLUE).get(),
            board.stack(Colour.GREEN).get(),
            board.track().get(),
            board.gates().get(),
            board.release().get(),
            board.eventsEmpty().get(),
            board.strategy().get(),
            lever())
        .map(String::valueOf)
        .collect(Collectors.joining("\n"));
  }

  private static EngineBridge.Update update(EngineSnapshot state, Instant now) {
    return new EngineBridge.Update(state, List.of(), now);
  }
}
