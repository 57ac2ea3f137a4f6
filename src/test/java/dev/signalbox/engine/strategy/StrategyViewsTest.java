package dev.signalbox.engine.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Phase;
import dev.signalbox.engine.strategy.control.ClientEntry;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.FleetSummary;
import dev.signalbox.engine.strategy.control.OpenQuery;
import dev.signalbox.engine.strategy.control.Rates;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.PinnedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrategyViewsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static StrategyView view(ClusterStatus.Builder status) {
    return StrategyViews.of(NOW, status.build(), "", List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "blue, '', 0, 0, STEADY",
    "blue, '', 3, 0, STEADY",
    "blue, green, 3, 0, DRAINING",
    "blue, green, 0, 5, DRAINED",
    "green, '', 2, 5, DRAINING",
    "green, blue, 0, 5, DRAINING",
    "green, blue, 1, 0, DRAINED",
    "blue, blue, 0, 0, STEADY",
    "BLUE, '', 0, 0, UNKNOWN",
    "'', green, 0, 0, UNKNOWN",
  })
  void phaseFollowsFromWhatIsLiveAnnouncedAndOpen(
      String live, String announced, int blue, int green, Phase phase) {
    StrategyView view =
        view(
            ClusterStatus.newBuilder()
                .setLive(live)
                .setAnnounced(announced)
                .setBlue(EngineStatus.newBuilder().setOpenQueries(blue))
                .setGreen(EngineStatus.newBuilder().setOpenQueries(green)));
    assertThat(view.phase()).isEqualTo(phase);
    assertThat(view.announced()).isNotEqualTo(Objects.requireNonNullElse(view.live(), ""));
  }

  @Test
  void whatIsSuspendedIsSuspended() {
    assertThat(view(ClusterStatus.newBuilder().setLive("blue").setSuspended(true)).phase())
        .isEqualTo(Phase.SUSPENDED);
  }

  @Test
  void aQueryNamesItsClientAsAPersonKnowsIt() {
    ClusterStatus status =
        ClusterStatus.newBuilder()
            .setLive("blue")
            .addQueries(OpenQuery.newBuilder().setStrategy("blue").setClient("id of billing"))
            .addQueries(OpenQuery.newBuilder().setStrategy("blue").setClient("id of nobody"))
            .build();
    List<StrategyView.Client> clients = StrategyViews.clients(List.of(client("billing", "blue")));

    assertThat(StrategyViews.of(NOW, status, "", clients).queries())
        .extracting(StrategyView.OpenQuery::client)
        .containsExactly("billing", "id of nobody");
  }

  @Test
  void nothingIsKnownOfAClusterThatDoesNotAnswer() {
    StrategyView view = StrategyViews.of(NOW, null, "no route", List.of());
    assertThat(view.reachable()).isFalse();
    assertThat(view.problem()).isEqualTo("no route");
    assertThat(view.phase()).isEqualTo(Phase.UNKNOWN);
    assertThat(view.live()).isNull();
    assertThat(view.engines().keySet()).containsExactlyInAnyOrder(Colour.values());
    assertThat(view.engines().values()).noneMatch(StrategyView.Engine::reachable);
    assertThat(view.rates().cacheHitShare()).isNaN();
  }

  @Test
  void numbersThatCannotBeAreZeroOrUnknown() {
    StrategyView view =
        view(
            ClusterStatus.newBuilder()
                .setLive("blue")
                .setChangedAt(Long.MIN_VALUE)
                .setBlue(
                    EngineStatus.newBuilder()
                        .setOpenQueries(-3)
                        .setSessions(Integer.MIN_VALUE)
                        .setOldestQueryMillis(Long.MIN_VALUE)
                        .setQueriesStarted(-1)
                        .setRows(-1))
                .setFleet(FleetSummary.newBuilder().setClients(-1).setSilent(-2))
                .setRates(
                    Rates.newBuilder()
                        .setQueriesPerSecond(Double.NaN)
                        .setCallsPerSecond(Double.NEGATIVE_INFINITY)
                        .setWrongStrategyShare(7)
                        .setDetectionMillis(Double.POSITIVE_INFINITY)
                        .setCacheHitShare(-0.5)));
    assertThat(view.changedAt()).isNull();
    StrategyView.Engine blue = Objects.requireNonNull(view.engines().get(Colour.BLUE));
    assertThat(blue.openQueries()).isZero();
    assertThat(blue.sessions()).isZero();
    assertThat(blue.oldestQuery()).isZero();
    assertThat(blue.queriesStarted()).isZero();
    assertThat(blue.rows()).isZero();
    assertThat(view.fleet()).isEqualTo(new StrategyView.Fleet(0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(view.rates()).isEqualTo(new StrategyView.Rates(0, 0, 1, Double.NaN, Double.NaN));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, Long.MAX_VALUE})
  void anyMomentCanBeShown(long changed) {
    assertThat(view(ClusterStatus.newBuilder().setLive("blue").setChangedAt(changed)).changedAt())
        .isEqualTo(Instant.ofEpochMilli(changed));
  }

  @Test
  void listsAndTextsAreCut() {
    String novel = "x".repeat(100_000);
    OpenQuery query =
        OpenQuery.newBuilder().setStrategy("green").setSql(novel).setUser(novel).build();
    ClusterStatus.Builder status =
        ClusterStatus.newBuilder()
            .setLive("blue")
            .setVersion(novel)
            .addQueries(query.toBuilder().setStrategy("mauve"));
    Collections.nCopies(3_000, query).forEach(status::addQueries);
    StrategyView view = view(status);
    assertThat(view.queries()).hasSize(500);
    assertThat(view.queries().getFirst().colour()).isEqualTo(Colour.GREEN);
    assertThat(view.queries().getFirst().sql()).hasSizeLessThan(1_100);
    assertThat(view.version()).hasSizeLessThan(1_100);
    List<StrategyView.Client> clients =
        StrategyViews.clients(Collections.nCopies(25_000, client("a", "blue")));
    assertThat(clients).hasSize(20_000);
  }

  private static ClientEntry client(String name, String active) {
    return ClientEntry.newBuilder()
        .setUser("anna")
        .setAgeMillis(-5)
        .setReport(
            ClientReport.newBuilder()
                .setName(name)
                .setClientId("id of " + name)
                .setActive(active)
                .setCalls(-1)
                .addAllPinned(
                    Collections.nCopies(
                        30,
                        PinnedQuery.newBuilder()
                            .setQueryId("q")
                            .setStrategy("green")
                            .setAgeMillis(5)
                            .build()))
                .addPinned(PinnedQuery.newBuilder().setStrategy("?")))
        .build();
  }

  @Test
  void clientsComeByNameWithWhatTheyPin() {
    List<StrategyView.Client> clients =
        StrategyViews.clients(List.of(client("b", "none"), client("a", "green")));
    assertThat(clients).extracting(StrategyView.Client::name).containsExactly("a", "b");
    assertThat(clients).extracting(StrategyView.Client::active).containsExactly(Colour.GREEN, null);
    assertThat(clients.getFirst().pinned())
        .hasSize(20)
        .containsOnly(new StrategyView.Pinned("q", Colour.GREEN, Duration.ofMillis(5)));
    assertThat(clients.getFirst().age()).isZero();
    assertThat(clients.getFirst().calls()).isZero();
  }
}
