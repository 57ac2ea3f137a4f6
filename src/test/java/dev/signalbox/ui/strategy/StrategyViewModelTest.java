package dev.signalbox.ui.strategy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.ui.SampleEngine;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.StrategySamples;
import dev.signalbox.ui.control.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.order.HoldViewModel;
import dev.signalbox.ui.order.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The Strategy screen, without a toolkit.
class StrategyViewModelTest {
  private final SampleEngine engine = new SampleEngine(Samples.ready());
  private final Orders orders = new Orders(engine::submit, Runnable::run);
  private final StrategyViewModel model = new StrategyViewModel(orders);

  StrategyViewModelTest() {
    model.setOpen(true);
  }

  @ParameterizedTest
  @CsvSource({
    "strategy-steady, BLUE_ANSWERS, green gets 456, once green is announced",
    "strategy-draining, BLUE_DRAINING, '2 queries are still open on blue, the oldest for 12 m 34 s',"
        + " can be cancelled",
    "strategy-drained, BLUE_DRAINED, no open query any more, makes green live",
    "strategy-green, GREEN_ANSWERS, blue gets 456, once blue is announced",
    "strategy-unreachable, UNKNOWN, 127.0.0.1:9001 refused, what was seen last",
    "strategy-suspended, SUSPENDED, 503, resumes it",
  })
  void clusterIsLitWhereItIsAndSaysWhatComesNext(
      String sample, DrawnState lit, String now, String next) {
    show(Objects.requireNonNull(StrategySamples.all().get(sample)), 0);
    ClusterPresentation presentation = Objects.requireNonNull(model.cluster().get());
    assertThat(presentation.lit()).isEqualTo(lit);
    assertThat(presentation.now()).contains(now);
    assertThat(presentation.next()).contains(next);
  }

  @Test
  void clientsAreCountedInEachStateAndTheBusiestIsNamed() {
    show(StrategySamples.draining(), 0);
    assertThat(model.clients().get().counts()).isEqualTo(Map.of("green", 6, "transitioning", 2));
    assertThat(model.clients().get().busiest()).isEqualTo("green");
    assertThat(model.clients().get().sentence())
        .startsWith("8 clients report; 2 with a change pending, 1 silent.");

    show(StrategySamples.noneReporting(), 2);
    assertThat(model.clients().get().busiest()).isEmpty();
    assertThat(model.clients().get().sentence()).isEqualTo("No client reports yet.");
  }

  @Test
  void ratesAreHeldAgainstTheirLimitsInWords() {
    show(StrategySamples.steady(), 0);
    assertThat(model.rates().get())
        .extracting(Rate::sign)
        .containsExactly(Sign.OK, Sign.OK, Sign.OK, Sign.UNKNOWN, Sign.UNKNOWN);
    show(StrategySamples.green(), 2);
    assertThat(model.rates().get().subList(0, 3))
        .extracting(Rate::word)
        .containsExactly(
            "over the limit of 5 %", "over the limit of 100 ms", "below the target of 95 %");
    show(StrategySamples.noneReporting(), 3);
    assertThat(model.rates().get().subList(0, 3))
        .allSatisfy(rate -> {
          assertThat(rate.sign()).isEqualTo(Sign.UNKNOWN);
          assertThat(rate.word()).startsWith("not enough yet");
          assertThat(rate.value()).isEqualTo("–");
        });
  }

  /// Neither a tick nor a zero stays when nobody says it any more.
  @Test
  void ofAClusterThatIsSilentNothingIsKnown() {
    show(StrategySamples.steady(), 0);
    show(StrategySamples.unreachable(), 1);
    assertThat(model.rates().get())
        .hasSize(5)
        .allSatisfy(rate -> {
          assertThat(rate.sign()).isEqualTo(Sign.UNKNOWN);
          assertThat(rate.value()).isEqualTo("–");
        });
    assertThat(model.rates().get().getFirst().word()).isEqualTo("the cluster does not answer");
    assertThat(model.clients().get().sentence()).startsWith("Not known: ");
    assertThat(model.queries().empty().get()).startsWith("Not known: ");
    for (Colour colour : Colour.values()) {
      EnginePresentation engine = requireNonNull(model.engine(colour).get());
      assertThat(engine.sign()).isEqualTo(Sign.UNKNOWN);
      assertThat(engine.figures()).extracting(EnginePresentation.Figure::value).containsOnly("–");
    }

    show(StrategySamples.steady(), 3);
    assertThat(model.rates().get().getFirst().sign()).isEqualTo(Sign.OK);
    show(StrategySamples.steady(), 20);
    assertThat(model.rates().get()).extracting(Rate::sign).containsOnly(Sign.UNKNOWN);
    assertThat(model.rates().get().getFirst().word()).isEqualTo("not seen for 20 s");
  }

  @Test
  void whatHoldsUpADrainComesFirst() {
    show(StrategySamples.draining(), 0);
    assertThat(model.queries().rows().shown())
        .extracting(row -> row.get().query().colour() + " " + row.get().holdsUp())
        .startsWith("blue true", "blue true", "green false");
    assertThat(model.queries().rows().shown().getFirst().id()).isEqualTo("q-7f3a91");
    assertThat(model.queries().title().get()).contains("2 HOLD UP THE DRAIN");
    assertThat(model.queries().holding().get()).isTrue();

    show(StrategySamples.drained(), 2);
    assertThat(model.queries().rows().shown()).noneMatch(row -> row.get().holdsUp());
  }

  @Test
  void queryIsCancelledByOneHoldAndNeverTwice() {
    show(StrategySamples.draining(), 0);
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.LOCKED);
    hold();
    assertThat(engine.given()).isEmpty();

    select("q-7f3a91");
    assertThat(lever().title()).isEqualTo("Cancel query q-7f3a91");
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.UNLOCKED);
    hold();
    hold();
    assertThat(engine.given())
        .extracting(SampleEngine.Given::command)
        .containsExactly(new Command.CancelQuery("q-7f3a91"));
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.SENT);
  }

  @Test
  void oneCancelThatHangsBlocksNoOther() {
    show(StrategySamples.draining(), 0);
    select("q-7f3a91");
    hold();
    select("q-b4101");
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.UNLOCKED);
    hold();
    assertThat(engine.given())
        .extracting(SampleEngine.Given::command)
        .containsExactly(new Command.CancelQuery("q-7f3a91"), new Command.CancelQuery("q-b4101"));
    engine.given().getLast().answer().complete(new Outcome.Done("q-b4101 is cancelled."));
    assertThat(lever().reason()).isEqualTo("done: q-b4101 is cancelled.");
    select("q-7f3a91");
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.SENT);
  }

  @Test
  void refusedCancelMayBeTriedAgainAndSaysWhy() {
    show(StrategySamples.draining(), 0);
    select("q-7f3a91");
    hold();
    engine.given().getFirst().answer().complete(new Outcome.Refused("It ends by itself."));
    assertThat(lever().state()).isEqualTo(CancelPresentation.State.UNLOCKED);
    assertThat(lever().reason()).contains("refused: It ends by itself.");
    hold();
    assertThat(engine.given()).hasSize(2);
  }

  @Test
  void anotherSelectionLetsGoOfTheLever() {
    show(StrategySamples.draining(), 0);
    select("q-7f3a91");
    model.queries().hold().press(0);
    select("q-b4101");
    model.queries().hold().tick(HoldViewModel.HOLD_NANOS * 2);
    assertThat(engine.given()).isEmpty();
  }

  @Test
  void leverIsLockedWithoutTheLeaseTheClusterOrTheQuery() {
    show(Samples.with(Samples.viewer(), StrategySamples.draining()), 0);
    select("q-7f3a91");
    assertThat(lever().reason()).isEqualTo("locked: anna@desk-1 holds the lease");

    show(StrategySamples.unreachable(), 2);
    select("q-b4100");
    assertThat(lever().reason()).isEqualTo("locked: the cluster does not answer");
    hold();

    show(StrategySamples.withQueries(StrategySamples.steady(), List.of()), 4);
    assertThat(lever().reason()).isEqualTo("it has ended by itself");
    hold();
    assertThat(engine.given()).isEmpty();
  }

  @Test
  void linesStayTheSameLinesWhileTheirFiguresChange() {
    show(StrategySamples.fleet(500, 0), 0);
    List<Row<Client>> before = List.copyOf(model.fleet().rows().shown());
    List<String> changes = listen();
    show(StrategySamples.fleet(500, 1), 1);
    assertThat(model.fleet().rows().shown()).containsExactlyElementsOf(before);
    assertThat(changes).isEmpty();
    assertThat(before.getFirst().get().transitions()).isEqualTo(4);
  }

  @Test
  void fleetIsUpdatedAtMostOnceASecond() {
    show(StrategySamples.fleet(50, 0), 0);
    Row<Client> line = model.fleet().rows().shown().getFirst();
    for (int i = 1; i < 20; i++) {
      show(StrategySamples.fleet(50, i), Samples.NOW.plusMillis(i * 50L));
      assertThat(line.get().transitions()).isEqualTo(3);
    }
    show(StrategySamples.fleet(50, 20), Samples.NOW.plusMillis(1_000));
    assertThat(line.get().transitions()).isEqualTo(23);
  }

  @Test
  void selectionSurvivesSortFilterAndTheEndOfTheClient() {
    show(StrategySamples.fleet(500, 0), 0);
    FleetViewModel fleet = model.fleet();
    Row<Client> chosen = fleet.rows().shown().get(7);
    fleet.rows().select(chosen);
    fleet.sort(FleetViewModel.Order.WRONG, false);
    assertThat(fleet.rows().selected().get()).isSameAs(chosen);
    assertThat(fleet.rows().shown())
        .isSortedAccordingTo(
            (a, b) -> Long.compare(b.get().wrongStrategy(), a.get().wrongStrategy()));

    fleet.sort(FleetViewModel.Order.PINNED, false);
    assertThat(FleetViewModel.oldest(fleet.rows().shown().getFirst().get()))
        .isGreaterThan(FleetViewModel.oldest(fleet.rows().shown().get(30).get()));

    fleet.filter().set("BILLING");
    assertThat(fleet.rows().shown())
        .isNotEmpty()
        .allMatch(row -> row.get().name().contains("billing"));
    assertThat(fleet.title().get()).matches("CLIENTS · \\d+ OF 500");
    assertThat(fleet.rows().selected().get()).isSameAs(chosen);

    fleet.filter().set("");
    List<Client> rest = new ArrayList<>(StrategySamples.fleet(500, 1).clients());
    rest.removeIf(client -> client.id().equals(chosen.id()));
    show(StrategySamples.withClients(StrategySamples.steady(), rest), 2);
    assertThat(fleet.rows().shown()).hasSize(499).doesNotContain(chosen);
    assertThat(Objects.requireNonNull(fleet.detail().get()).facts())
        .startsWith("Does not report any more");

    show(StrategySamples.fleet(500, 3), 4);
    assertThat(Objects.requireNonNull(fleet.rows().selected().get()).id()).isEqualTo(chosen.id());
    assertThat(Objects.requireNonNull(fleet.detail().get()).facts()).startsWith("Id ");
  }

  @Test
  void clientThatIsNamedTwiceIsOneLine() {
    Client one = StrategySamples.client(1, "blue", Colour.BLUE, null, 0, 0, "");
    show(StrategySamples.withClients(StrategySamples.steady(), List.of(one, one)), 0);
    assertThat(model.fleet().rows().shown()).hasSize(1);
    show(StrategySamples.withClients(StrategySamples.steady(), List.of(one, one)), 2);
    assertThat(model.fleet().rows().shown()).hasSize(1);
  }

  @Test
  void detailNamesThePinnedQueriesOldestFirst() {
    show(StrategySamples.draining(), 0);
    model
        .fleet()
        .rows()
        .select(
            model.fleet().rows().shown().stream()
                .filter(row -> row.get().name().equals("notebook-anna"))
                .findFirst()
                .orElseThrow());
    ClientPresentation presentation = Objects.requireNonNull(model.fleet().detail().get());
    assertThat(presentation.pinnedTitle()).isEqualTo("PINNED QUERIES · 1");
    assertThat(presentation.pinned()).isEqualTo("■ 12 m 34 s  q-7f3a91");
  }

  @Test
  void oldViewSaysSoAndNoClusterSaysWhatToDo() {
    show(StrategySamples.steady(), 2);
    assertThat(model.stale().get()).isFalse();
    show(StrategySamples.steady(), 60);
    assertThat(model.stale().get()).isTrue();
    assertThat(model.warning().get()).isEqualTo("not seen for 1 m 00 s");
    show(Samples.ready(), 61);
    assertThat(model.empty().get()).contains("signalbox.yaml");
  }

  @Test
  void closedScreenDoesNothingUntilItIsOpened() {
    model.setOpen(false);
    show(StrategySamples.fleet(500, 0), 0);
    assertThat(model.fleet().rows().shown()).isEmpty();
    model.setOpen(true);
    assertThat(model.fleet().rows().shown()).hasSize(500);
  }

  @Test
  void textOfAPeerIsShownInOneLine() {
    OpenQuery hostile =
        new OpenQuery(
            "q", Colour.BLUE, "{0}", "\n\n  SELECT 1\nDROP", Duration.ZERO, "weird", -1, "", "");
    show(StrategySamples.withQueries(StrategySamples.steady(), List.of(hostile)), 0);
    select("q");
    assertThat(lever().about()).startsWith("{0} · ■ Blue");
  }

  private List<String> listen() {
    List<String> changes = new ArrayList<>();
    model
        .fleet()
        .rows()
        .shown()
        .addListener((ListChangeListener<Row<Client>>) change -> changes.add(change.toString()));
    return changes;
  }

  private CancelPresentation lever() {
    return Objects.requireNonNull(model.queries().lever().get());
  }

  private void hold() {
    HoldViewModel hold = model.queries().hold();
    hold.press(0);
    hold.tick(HoldViewModel.HOLD_NANOS);
    hold.release();
  }

  private void select(String id) {
    model
        .queries()
        .rows()
        .select(
            model.queries().rows().shown().stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow());
  }

  private void show(StrategyView view, int second) {
    show(Samples.with(Samples.ready(), view), second);
  }

  private void show(StrategyView view, Instant now) {
    show(Samples.with(Samples.ready(), view), now);
  }

  private void show(EngineSnapshot snapshot, int second) {
    show(snapshot, Samples.NOW.plusSeconds(second));
  }

  private void show(EngineSnapshot snapshot, Instant now) {
    model.show(new EngineBridge.Update(snapshot, List.of(), now));
  }
}
