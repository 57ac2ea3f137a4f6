package dev.signalbox.ui.board;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.ui.SampleEngine;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.control.PhasePresentation;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The Board says what is so: one figure for one thing, no tick for what was undone or is late, and
/// no failure that is expected.
class BoardTruthTest {
  private final SampleEngine engine = new SampleEngine(Samples.idle());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final BoardViewModel board = new BoardViewModel(orders, new AskViewModel(orders));

  @Test
  void oneLagIsOneFigureWhereverItIsShown() {
    show(Samples.after());
    double newest = Samples.after().history().samples().getLast().reverseLagMillis();
    assertThat(newest).as("the newest sample says another one").isNotEqualTo(38);
    assertThat(replication().number()).isEqualTo("38 ms");
    assertThat(board.charts().get().reverse()).isEqualTo("38 ms");
    assertThat(board.charts().get().forward()).isEqualTo("6 ms");
    assertThat(board.gates().get().gates())
        .extracting(GatesPresentation.Gate::evidence)
        .noneMatch(evidence -> evidence.contains("38 ms"));
  }

  @Test
  void aTableIsTheSameOnlyByItsOwnComparison() {
    show(Samples.comparedInPart());
    assertThat(tables())
        .extracting(StackPresentation.Row::sign, StackPresentation.Row::word)
        .containsExactly(
            tuple(Sign.UNKNOWN, "compared 13:32"),
            tuple(Sign.OK, "same"),
            tuple(Sign.BAD, "differs"));
  }

  @Test
  void aTableThatWasNotComparedIsNotTheSame() {
    for (Consistency.State state : Consistency.State.values()) {
      show(Samples.compared(Samples.ready(), comparison(state)));
      assertThat(tables()).as("%s", state).noneMatch(row -> row.sign() == Sign.OK);
      assertThat(tables()).extracting(StackPresentation.Row::word).doesNotContain("same");
    }
  }

  @Test
  void aTableIsTheSameOnlyWhileReplicationKeepsIt() {
    show(Samples.ready());
    assertThat(tables()).extracting(StackPresentation.Row::word).containsOnly("same");
    for (Direction.State broken : List.of(Direction.State.BROKEN, Direction.State.ABSENT)) {
      EngineSnapshot ready = Samples.ready();
      DatabaseView view = requireNonNull(ready.database());
      show(
          ready.with(p ->
              p.see(
                  Samples.replicating(
                      view,
                      new DatabaseView.Replication(
                          Colour.BLUE,
                          new Direction(broken, -1, null, 0, 0, "gone"),
                          view.replication().reverse(),
                          view.replication().tables())))));
      assertThat(tables()).extracting(StackPresentation.Row::word).doesNotContain("same");
    }
  }

  @Test
  void aStartThatIsExpectedIsPending() {
    show(Samples.starting());
    assertThat(String.valueOf(board.stack(Colour.GREEN).get())).doesNotContain("sign=BAD");
    assertThat(board.gates().get().gates())
        .extracting(GatesPresentation.Gate::sign)
        .doesNotContain(Sign.BAD);
    ReplicationPresentation track = replication();
    assertThat(track.broken()).isFalse();
    assertThat(track.toGreen()).isEqualTo(Direction.State.UNKNOWN);
  }

  @Test
  void whatNobodyAskedYetIsNotSilent() {
    show(Samples.noData());
    assertThat(requireNonNull(board.stack(Colour.BLUE).get()).badge()).isEqualTo("NOT ASKED YET");
    assertThat(requireNonNull(requireNonNull(board.track().get()).router()).trouble()).isFalse();
  }

  @Test
  void aStackThatStaysAwayHoldsTheReleaseAndIsRed() {
    show(Samples.greenDead());
    assertThat(String.valueOf(board.stack(Colour.GREEN).get())).contains("sign=BAD");
    assertThat(board.gates().get().gates())
        .extracting(GatesPresentation.Gate::sign)
        .contains(Sign.BAD);
    assertThat(replication().broken()).isTrue();
  }

  @Test
  void aStallOverItsBudgetIsNotTicked() {
    show(Samples.after());
    assertThat(cutOver().state()).isEqualTo(PhasePresentation.State.DONE);
    assertThat(cutOver().detail()).isEqualTo("stall 41 ms");
    assertThat(board.release().get().moves())
        .containsExactly(new MoveLine(Sign.OK, "blue → green at 14:29:37 · stall 41 ms"));

    show(Samples.overBudget());
    assertThat(cutOver().state()).isEqualTo(PhasePresentation.State.WARNING);
    assertThat(cutOver().detail()).isEqualTo("stall 2.9 s, allowed 2.0 s");
    assertThat(board.release().get().moves())
        .extracting(MoveLine::sign)
        .containsExactly(Sign.WARNING);
    assertThat(EventLine.of(moved(Duration.ofMillis(2940)), Duration.ofSeconds(2)).sign())
        .isEqualTo(Sign.WARNING);
    assertThat(EventLine.of(moved(Duration.ofMillis(41)), Duration.ofSeconds(2)).sign())
        .isEqualTo(Sign.OK);
  }

  @Test
  void whatWasUndoneIsNotTicked() {
    for (EngineSnapshot state : List.of(Samples.givingUp(), Samples.givenUp())) {
      show(state);
      assertThat(board.phases().get())
          .extracting(PhasePresentation::state)
          .doesNotContain(PhasePresentation.State.DONE, PhasePresentation.State.RUNNING);
      assertThat(board.gates().get().gates()).isEmpty();
    }
    show(Samples.rolledBack());
    assertThat(board.release().get().moves())
        .extracting(MoveLine::sign)
        .containsExactly(Sign.OK, Sign.UNKNOWN);
    assertThat(board.release().get().moves().getLast().text()).contains("taken back");
  }

  @Test
  void anEstimateIsShownOnlyWhenItWasMeasured() {
    show(Samples.ready());
    assertThat(requireNonNull(board.lever().get()).budget()).isEqualTo("stall budget 2.0 s");
    show(Samples.rolledBack());
    assertThat(requireNonNull(board.lever().get()).budget()).contains("37 ms");
  }

  private static Consistency comparison(Consistency.State state) {
    return new Consistency(state, 1, 3, 9, Samples.NOW, "");
  }

  private static EngineEvent moved(Duration stall) {
    return new EngineEvent(
        1,
        Instant.EPOCH,
        1,
        1,
        "desk",
        new EventPayload.MoveDone(Move.to(Colour.GREEN), stall, true),
        Phase.CUT_OVER,
        "",
        "BLUE → GREEN");
  }

  private PhasePresentation cutOver() {
    return board.phases().get().stream()
        .filter(phase -> phase.title().equals("Cut over"))
        .findFirst()
        .orElseThrow();
  }

  private List<StackPresentation.Row> tables() {
    return requireNonNull(board.stack(Colour.GREEN).get()).databases().getFirst().tables();
  }

  private ReplicationPresentation replication() {
    return requireNonNull(requireNonNull(board.track().get()).replication());
  }

  private void show(EngineSnapshot state) {
    board.show(new EngineBridge.Update(state, List.of(), Samples.NOW));
  }
}
