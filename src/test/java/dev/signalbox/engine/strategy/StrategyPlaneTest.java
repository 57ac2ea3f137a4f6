package dev.signalbox.engine.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.GateView.State;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.strategy.control.FleetSummary;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrategyPlaneTest {
  private static final Move FORTH = Move.to(Colour.GREEN);
  private static final ReleaseInfo RELEASE = new ReleaseInfo(1, "v2", Colour.BLUE, Colour.GREEN);

  private final Map<Colour, String> systems =
      new ConcurrentHashMap<>(
          Map.of(Colour.BLUE, "system of blue", Colour.GREEN, "system of green"));
  private ScriptedControl cluster;
  private StrategyPlane plane;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    cluster = new ScriptedControl(folder);
    plane =
        new StrategyPlane(
            cluster.settings(Duration.ofSeconds(1)),
            colour -> Optional.ofNullable(systems.get(colour)));
  }

  @AfterEach
  void stop() {
    plane.close();
    cluster.close();
  }

  // ---- gates -----------------------------------------------------------------------------------

  @Test
  void beforeTheFirstLookNothingIsKnownAndNothingWaits() {
    assertThat(Gate.views(plane.gates(FORTH, Colour.BLUE)))
        .singleElement()
        .isEqualTo(
            new GateView(
                "strategy.cluster",
                "Cluster on Blue",
                State.PENDING,
                "The query cluster was not asked yet."));
    assertThat(plane.live()).isNull();
    assertThat(plane.view().reachable()).isFalse();
    assertThat(plane.view().at()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void allGatesOpenWhenAllIsWell() {
    plane.refresh();
    assertThat(Gate.views(plane.gates(FORTH, Colour.BLUE)))
        .containsExactly(
            new GateView("strategy.cluster", "Cluster on Blue", State.OPEN, "Live on blue"),
            new GateView("strategy.target", "Green engine answers", State.OPEN, "PostgreSQL 17.5"),
            new GateView("strategy.source", "Blue engine answers", State.OPEN, "PostgreSQL 17.5"),
            new GateView(
                "strategy.versions",
                "Engines agree",
                State.OPEN,
                "Protocol 1, both on the databases of this environment"),
            new GateView(
                "strategy.clients",
                "Clients reachable",
                State.OPEN,
                "None reports; 0 sessions are open"));
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
  }

  @Test
  void theWayThereAsksForTheWayBackAndTheWayBackNotForWhatItLeaves() {
    cluster.status =
        s -> s.setBlue(s.getBlue().toBuilder().setReachable(false).setProblem("It is gone."));
    plane.refresh();
    assertGate("strategy.source", State.CLOSED, "It is gone.");
    assertGate("strategy.versions", State.PENDING, "Which database blue has is not known");
    Move back = FORTH.mirrored();
    assertThat(gate(back, "strategy.target").state()).isEqualTo(State.CLOSED);
    assertThat(plane.risk(back).evidence()).contains("blue cannot answer queries: It is gone.");
    cluster.status =
        s ->
            s.setLive("green")
                .setGreen(s.getGreen().toBuilder().setReachable(false).setProblem("It is gone."));
    plane.refresh();
    assertThat(Gate.views(plane.gates(back, Colour.BLUE)))
        .extracting(GateView::id, GateView::state)
        .containsExactly(
            tuple("strategy.cluster", State.OPEN),
            tuple("strategy.target", State.OPEN),
            tuple("strategy.versions", State.OPEN),
            tuple("strategy.clients", State.OPEN));
    systems.put(Colour.BLUE, "another");
    assertThat(gate(back, "strategy.versions").state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aClusterThatIsGoneClosesTheGateAndTellsWhere() throws Exception {
    cluster.stop();
    plane.refresh();
    assertGate("strategy.cluster", State.CLOSED, "does not answer (UNAVAILABLE");
    assertThat(Gate.views(plane.gates(FORTH, Colour.BLUE))).hasSize(1);
    assertThat(plane.live()).isNull();
    cluster.start();
    Await.until(
        "it is seen again",
        () -> {
          plane.refresh();
          return plane.live() == Colour.BLUE;
        });
  }

  @Test
  void aWrongTokenIsNamedAndNotShown() throws Exception {
    cluster.presentToken("a secret that is wrong");
    plane.refresh();
    assertThat(cluster.presented).contains("a secret that is wrong");
    assertGate("strategy.cluster", State.CLOSED, "Check 'strategy.token' in signalbox.yaml.");
    assertThat(
            plane.view().toString()
                + Gate.views(plane.gates(FORTH, Colour.BLUE))
                + plane.steps(Phase.CUT_OVER, FORTH, RELEASE))
        .doesNotContain("a secret that is wrong");
  }

  @Test
  void aSuspendedClusterClosesTheGate() {
    cluster.status = s -> s.setSuspended(true);
    plane.refresh();
    assertGate("strategy.cluster", State.CLOSED, "It is suspended. Resume it first.");
  }

  @Test
  void aClusterOnNoStackOrTheOtherOneClosesTheGate() {
    cluster.put("purple", "", 0);
    plane.refresh();
    assertGate("strategy.cluster", State.CLOSED, "It does not say which stack is live.");
    cluster.put("green", "", 0);
    plane.refresh();
    assertGate("strategy.cluster", State.CLOSED, "green is live already.");
  }

  @Test
  void theMirroredMoveMayBeginWhileQueriesEnd() {
    cluster.put("blue", "green", 0);
    cluster.begin("q-1", Colour.BLUE);
    plane.refresh();
    assertThat(gate(FORTH.mirrored(), "strategy.cluster"))
        .isEqualTo(
            new GateView(
                "strategy.cluster",
                "Cluster on Green",
                State.OPEN,
                "green is announced, queries on blue end"));
    assertThat(plane.live()).isEqualTo(Colour.GREEN);
  }

  @Test
  void aClusterThatObeysANewerConsoleClosesTheGate() {
    cluster.put("blue", "", 9);
    plane.driving(3);
    plane.refresh();
    assertGate("strategy.cluster", State.CLOSED, "It obeys epoch 9 and would refuse this console");
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
    plane.driving(0);
    assertGate("strategy.cluster", State.OPEN, "Live on blue");
  }

  @Test
  void anEngineThatDoesNotAnswerClosesItsGate() {
    cluster.broken.put("green", "connection refused");
    plane.refresh();
    assertGate("strategy.target", State.CLOSED, "connection refused");
    assertGate("strategy.versions", State.PENDING, "Which database green has is not known yet.");
    cluster.broken.put("green", "");
    plane.refresh();
    assertGate("strategy.target", State.CLOSED, "It does not, and says no reason.");
  }

  @Test
  void anotherProtocolOrAnotherDatabaseClosesTheGate() {
    systems.remove(Colour.BLUE);
    plane.refresh();
    assertGate("strategy.versions", State.PENDING, "Which database blue has is not known yet.");
    systems.put(Colour.BLUE, "another system");
    assertGate(
        "strategy.versions",
        State.CLOSED,
        "The cluster's blue engine is on system system of blue, the console's blue database is"
            + " another system. Correct one of the two configurations.");
    cluster.status = s -> s.setProtocolVersion(2);
    plane.refresh();
    assertGate(
        "strategy.versions",
        State.CLOSED,
        "The cluster speaks protocol 2, this console 1. Use the same version of Signalbox for"
            + " both.");
  }

  @Test
  void aSingleSilentClientDoesNotLockTheLever() {
    cluster.status = s -> s.setFleet(FleetSummary.newBuilder().setClients(4).setSilent(1));
    plane.refresh();
    assertGate(
        "strategy.clients",
        State.OPEN,
        "1 of 4 did not report for 5 s; few enough to have been ended or restarted");
  }

  @Test
  void silentClientsKeepTheGatePending() {
    cluster.status = s -> s.setFleet(FleetSummary.newBuilder().setClients(4).setSilent(2));
    plane.refresh();
    assertGate("strategy.clients", State.PENDING, "2 of 4 did not report for 5 s");
    cluster.status = s -> s.setFleet(FleetSummary.newBuilder().setClients(4));
    plane.refresh();
    assertGate("strategy.clients", State.OPEN, "All 4 that report did so lately");
  }

  @Test
  void whatIsStaleIsPendingAndLiveNowhere() throws Exception {
    plane.refresh();
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
    // Nobody looks: the plane was not started.
    Await.until("it is stale", () -> plane.live() == null);
    assertGate("strategy.cluster", State.PENDING, "It was not seen for ");
    assertThat(Gate.views(plane.gates(FORTH, Colour.BLUE))).hasSize(1);
    assertThat(plane.view().reachable()).isFalse();
    assertThat(plane.view().live()).isNull();
    assertThat(plane.risk(FORTH).evidence()).contains("not seen");
  }

  // ---- looking ---------------------------------------------------------------------------------

  @Test
  void aClusterThatHangsNeverMakesAnybodyWaitAndIsSeenAgain() throws Exception {
    plane.start();
    Await.until("it is seen", () -> plane.live() == Colour.BLUE);
    cluster.hanging.add("*");
    Await.until(
        "it is not seen any more",
        () -> {
          // All of these answer at once, or this test would run out of its patience.
          Gate.views(plane.gates(FORTH, Colour.BLUE));
          plane.risk(FORTH);
          plane.alarm(Colour.BLUE);
          return plane.live() == null && !plane.view().reachable();
        });
    Await.until("it says why", () -> plane.view().problem().contains("did not answer within 2 s"));
    assertThat(plane.risk(FORTH).evidence()).contains("not seen");
    cluster.hanging.clear();
    Await.until("it is seen again", () -> plane.live() == Colour.BLUE);
  }

  @Test
  void lookingGoesOnWhateverTheClusterAnswers() throws Exception {
    plane.start();
    cluster.before =
        method -> {
          throw Status.INTERNAL.withDescription("\u0000 no").asRuntimeException();
        };
    Await.until("it is in trouble", () -> plane.view().problem().contains("INTERNAL"));
    cluster.before = method -> {};
    cluster.presentToken("");
    Await.until("its token is wrong", () -> plane.view().problem().contains("token"));
    cluster.presentToken("a token for tests");
    Await.until("it is seen", () -> plane.live() == Colour.BLUE);
  }

  @Test
  void clientsThatCannotBeListedDoNotHideTheCluster() {
    cluster.failing.put("clients", 1000);
    plane.refresh();
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
    assertThat(plane.view().clients()).isEmpty();
  }

  @Test
  void drivingRaisesTheEpochAndARefusalHidesNothing() {
    plane.driving(7);
    plane.refresh();
    assertThat(cluster.epoch()).isEqualTo(7);
    assertThat(cluster.commands).containsExactly("drive 7");
    plane.driving(8);
    cluster.refusing.put("drive", "deposed: somebody was quicker");
    plane.refresh();
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
    plane.driving(0);
    plane.refresh();
    assertThat(cluster.commands).containsExactly("drive 7");
  }

  @Test
  void anAlarmIsRaisedForAnEngineSeenBrokenThreeTimesWhileTheOtherAnswers() {
    cluster.put("green", "", 0);
    cluster.broken.put("green", "disk full.");
    plane.refresh();
    plane.refresh();
    assertThat(plane.alarm(Colour.GREEN)).isNull();
    plane.refresh();
    assertThat(plane.alarm(Colour.GREEN)).isEqualTo("green cannot answer queries: disk full.");
    assertThat(plane.alarm(Colour.BLUE)).isNull();
    cluster.broken.put("blue", "disk full as well");
    plane.refresh();
    assertThat(plane.alarm(Colour.GREEN)).isNull();
    cluster.broken.clear();
    plane.refresh();
    assertThat(plane.alarm(Colour.GREEN)).isNull();
  }

  // ---- commands --------------------------------------------------------------------------------

  @Test
  void aQueryIsCancelledOnce() {
    cluster.begin("q-1", Colour.BLUE);
    plane.refresh();
    assertThat(plane.obey(new Command.CancelQuery("q-1"), 4))
        .contains(new Outcome.Done("Query q-1 was cancelled."));
    assertThat(plane.view().queries()).isEmpty();
    assertThat(plane.obey(new Command.CancelQuery("q-1"), 4))
        .contains(new Outcome.Refused("Query q-1 is not open any more."));
  }

  @Test
  void aCancellationThatFailsSaysWhy() throws Exception {
    cluster.refusing.put("cancelQuery", "not now");
    assertThat(plane.obey(new Command.CancelQuery("q-1"), 4))
        .contains(new Outcome.Refused("The query cluster refused: not now"));
    cluster.stop();
    assertThat(plane.obey(new Command.CancelQuery("q-1"), 4).orElseThrow())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.text()).contains("does not answer"));
  }

  private void assertGate(String id, State state, String evidence) {
    GateView gate = gate(FORTH, id);
    assertThat(gate.state()).as(gate.toString()).isEqualTo(state);
    assertThat(gate.evidence()).contains(evidence);
  }

  private GateView gate(Move move, String id) {
    return Gate.views(plane.gates(move, Colour.BLUE)).stream()
        .filter(g -> g.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
