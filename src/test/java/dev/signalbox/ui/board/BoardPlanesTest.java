package dev.signalbox.ui.board;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.ui.PlaneSamples;
import dev.signalbox.ui.SampleEngine;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every database is on the Board, and of several the worst is never hidden; a plane that the
/// environment does not have is not there, and not unknown.
class BoardPlanesTest {
  private final SampleEngine engine = new SampleEngine(Samples.idle());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final BoardViewModel board = new BoardViewModel(orders, new AskViewModel(orders));

  @Test
  void eachOfTwoDatabasesIsNamed() {
    show(PlaneSamples.twoDatabases());
    for (Colour colour : Colour.values()) {
      assertThat(stack(colour).databases())
          .extracting(StackPresentation.Part::name)
          .containsExactly("orders", "billing", "Largest tables, estimated rows");
    }
    assertThat(stack(Colour.GREEN).databases().getLast().rows())
        .extracting(StackPresentation.Row::label)
        .contains("orders · customers", "billing · invoice_customers");
    assertThat(stack(Colour.BLUE).badge()).isEqualTo("LIVE · READ-WRITE");
    assertThat(figure(Colour.BLUE, "Connections")).as("of both").isEqualTo("128");
    assertThat(replication().caption()).isEqualTo("replication, worst of 2");
    assertThat(board.charts().get().lagTitle()).endsWith("WORST OF 2");
    assertThat(board.charts().get().forward()).isEqualTo("38 ms");
  }

  @Test
  void theOneThatDoesNotAnswerComesFirstAndIsNamed() {
    show(PlaneSamples.billingDead());
    StackPresentation green = stack(Colour.GREEN);
    assertThat(green.badge()).isEqualTo("STANDBY · billing: NO ANSWER");
    StackPresentation.Part first = green.databases().getFirst();
    assertThat(first.name()).isEqualTo("billing");
    assertThat(first.sentence()).contains("Last answer at 14:31:58 UTC").contains("5443 refused");
    assertThat(first.rows()).extracting(StackPresentation.Row::sign).contains(Sign.BAD);
    assertThat(green.databases().get(1).stale()).isFalse();
    assertThat(figure(Colour.GREEN, "Connections")).as("a sum with a gap").isEqualTo("–");
    assertThat(stack(Colour.BLUE).badge()).isEqualTo("LIVE · READ-WRITE");
    assertThat(replication().broken()).isTrue();
    assertThat(replication().bytes()).startsWith("billing: ");
    assertThat(replication().toGreen()).isEqualTo(Direction.State.BROKEN);
    assertThat(board.charts().get().forward()).isEqualTo("–");
  }

  /// What is known of one is not taken back by the other's silence.
  @Test
  void aGateFollowsItsOwnDatabase() {
    show(
        PlaneSamples.billingDead()
            .with(p ->
                p.gates =
                    List.of(
                        gate("database.orders.lag"),
                        gate("database.billing.lag"),
                        gate("application.router"))));
    assertThat(board.gates().get().gates())
        .filteredOn(gate -> gate.sign() == Sign.UNKNOWN)
        .extracting(GatesPresentation.Gate::id)
        .containsExactly("database.billing.lag");
  }

  @Test
  void theOneThatIsFurthestBehindHasTheWords() {
    show(PlaneSamples.billingBehind());
    assertThat(replication().number()).isEqualTo(board.charts().get().forward());
    assertThat(replication().bytes()).isEqualTo("billing: Green is 912 MB behind");
  }

  @Test
  void oneDatabaseHasNoName() {
    show(Samples.ready());
    assertThat(stack(Colour.BLUE).databases())
        .extracting(StackPresentation.Part::name)
        .containsExactly("");
    assertThat(replication().caption()).isEqualTo("replication");
    assertThat(replication().bytes()).isEqualTo("Green is 4.1 kB behind");
  }

  @Test
  void aPlaneThatIsNotThereIsLeftOut() {
    show(PlaneSamples.applicationAlone());
    assertThat(stack(Colour.BLUE).databases()).isEmpty();
    assertThat(stack(Colour.BLUE).badge()).isEqualTo("LIVE");
    assertThat(figures()).containsExactly("Traffic", "Requests", "p95", "Errors");
    assertThat(track().replication()).isNull();
    assertThat(board.charts().get().lagTitle()).isEmpty();

    show(PlaneSamples.databaseAlone());
    assertThat(stack(Colour.BLUE).application()).isNull();
    assertThat(figures()).containsExactly("Connections", "Open txns");
    assertThat(track().router()).isNull();
    assertThat(board.charts().get().requests()).isFalse();

    show(PlaneSamples.clusterAlone());
    assertThat(stack(Colour.BLUE).application()).isNull();
    assertThat(stack(Colour.BLUE).databases().getFirst().rows())
        .extracting(StackPresentation.Row::word)
        .contains("reachable");
    assertThat(track()).isEqualTo(new TrackPresentation(null, null));
  }

  private static GateView gate(String id) {
    return new GateView(id, id, GateView.State.OPEN, "seen");
  }

  private List<String> figures() {
    return stack(Colour.BLUE).figures().stream().map(StackPresentation.Figure::label).toList();
  }

  private String figure(Colour colour, String label) {
    return stack(colour).figures().stream()
        .filter(figure -> figure.label().equals(label))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private StackPresentation stack(Colour colour) {
    return requireNonNull(board.stack(colour).get());
  }

  private TrackPresentation track() {
    return requireNonNull(board.track().get());
  }

  private ReplicationPresentation replication() {
    return requireNonNull(track().replication());
  }

  private void show(EngineSnapshot state) {
    board.show(new EngineBridge.Update(state, List.of(), Samples.NOW));
  }
}
