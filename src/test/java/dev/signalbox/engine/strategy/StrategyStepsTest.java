package dev.signalbox.engine.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.support.Await;
import dev.signalbox.support.StepRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each step by itself, on a release from blue to green under epoch 5.
class StrategyStepsTest {
  private static final Move FORTH = Move.to(Colour.GREEN);
  private static final Move BACK = FORTH.mirrored();
  private static final List<String> CUT_OVER =
      List.of(
          "strategy.probe",
          "strategy.announce",
          "strategy.drain",
          "strategy.live",
          "strategy.verify");

  private ScriptedControl cluster;
  private StrategyPlane plane;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    cluster = new ScriptedControl(folder);
    plane = newPlane(Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    plane.close();
    cluster.close();
  }

  private StrategyPlane newPlane(Duration drain) {
    return new StrategyPlane(cluster.settings(drain), colour -> Optional.empty());
  }

  private List<Step> steps(Phase phase, Move move) {
    return plane.steps(phase, move, new ReleaseInfo(1, "v2", Colour.BLUE, Colour.GREEN));
  }

  private Step step(String id, Move move) {
    return List.of(Phase.INITIALIZE, Phase.CUT_OVER, Phase.CLEAN_UP).stream()
        .flatMap(phase -> steps(phase, move).stream())
        .filter(s -> s.id().equals("strategy." + id))
        .findFirst()
        .orElseThrow();
  }

  private String run(String id, Move move) throws Exception {
    return step(id, move).run(new StepRun(5, move));
  }

  private void undo(String id, Move move) throws Exception {
    step(id, move).undo(new StepRun(5, move));
  }

  private Step.Reality observe(String id, Move move) throws Exception {
    return step(id, move).observe(new StepRun(5, move));
  }

  private void assertCluster(String live, String announced) {
    assertThat(cluster.live() + "/" + cluster.announced()).isEqualTo(live + "/" + announced);
  }

  @Test
  void queriesMoveAfterTraffic() {
    assertThat(steps(Phase.CUT_OVER, FORTH)).extracting(Step::id).isEqualTo(CUT_OVER);
    assertThat(steps(Phase.CUT_OVER, FORTH))
        .extracting(Step::stage)
        .containsExactly(Stage.ANNOUNCE, Stage.VERIFY, Stage.VERIFY, Stage.VERIFY, Stage.VERIFY);
    assertThat(step("adopt", FORTH).stage()).isEqualTo(Stage.CHECK);
    assertThat(step("retire", FORTH).stage()).isEqualTo(Stage.CHECK);
    for (Phase phase : List.of(Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE, Phase.WATCH)) {
      assertThat(steps(phase, FORTH)).isEmpty();
    }
  }

  // ---- adopt and retire ------------------------------------------------------------------------

  @Test
  void adoptTakesOnlyAClusterThatIsAtHome() throws Exception {
    cluster.begin("q-1", Colour.BLUE);
    assertThat(run("adopt", FORTH)).isEqualTo("Cluster reachable and live on blue, 1 queries open");
    cluster.status = s -> s.setSuspended(true);
    assertThatThrownBy(() -> run("adopt", FORTH)).hasMessageContaining("suspended");
    cluster.status = s -> {};
    cluster.put("blue", "green", 0);
    assertThatThrownBy(() -> run("adopt", FORTH)).hasMessageContaining("green is announced");
    cluster.put("green", "", 0);
    assertThatThrownBy(() -> run("adopt", FORTH))
        .hasMessageContaining("live on green, the release starts from blue");
    cluster.stop();
    assertThatThrownBy(() -> run("adopt", FORTH)).hasMessageContaining("Check that the cluster");
  }

  @Test
  void givingUpBringsAClusterHomeThatWasLeftBehind() throws Exception {
    undo("adopt", FORTH);
    assertThat(cluster.commands).isEmpty();
    cluster.put("green", "", 5);
    undo("adopt", FORTH);
    assertCluster("blue", "");
    cluster.put("blue", "green", 5);
    undo("adopt", FORTH);
    assertCluster("blue", "");
  }

  @Test
  void givingUpDoesNotNeedACluster() throws Exception {
    cluster.stop();
    undo("adopt", FORTH);
    assertThat(cluster.commands).isEmpty();
  }

  @Test
  void retireWaitsForTheLastQueryAndNamesItWithoutItsText() throws Exception {
    cluster.put("green", "", 5);
    cluster.begin("q-1", Colour.BLUE);
    assertThatThrownBy(() -> run("retire", FORTH))
        .hasMessage(
            "1 query is open on blue, the oldest for 12 s: q-1 of anna. Wait for its end or cancel"
                + " it, then resume.");
    cluster.end("q-1");
    assertThat(run("retire", FORTH)).isEqualTo("No query is open on blue");
  }

  // ---- probe -----------------------------------------------------------------------------------

  @Test
  void probeStopsTheWayForthAndNotTheWayHome() throws Exception {
    assertThat(run("probe", FORTH)).isEqualTo("A query on green took 1.5 ms");
    cluster.broken.put("green", "no such database");
    assertThatThrownBy(() -> run("probe", FORTH))
        .hasMessage("The green query engine cannot answer: no such database");
    cluster.broken.put("blue", "disk full");
    assertThat(run("probe", BACK)).contains("disk full").contains("way back goes on");
    cluster.stop();
    assertThatThrownBy(() -> run("probe", FORTH)).isInstanceOf(IOException.class);
    assertThat(run("probe", BACK)).contains("does not answer").contains("way back goes on");
  }

  @Test
  void probeFindsOutInTimeThatAnotherConsoleCommands() {
    cluster.put("blue", "", 6);
    assertThatThrownBy(() -> run("probe", FORTH)).isInstanceOf(DeposedException.class);
    assertThatThrownBy(() -> run("probe", BACK)).isInstanceOf(DeposedException.class);
  }

  // ---- announce, drain, make live, verify ------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWholeMoveInBothDirections(boolean forth) throws Exception {
    Move move = forth ? FORTH : BACK;
    cluster.put(move.from().id(), "", 0);
    cluster.begin("q-1", move.from());
    assertThat(run("announce", move))
        .isEqualTo("New queries go to " + move.to() + "; 1 are open on " + move.from());
    assertCluster(move.from().id(), move.to().id());
    cluster.end("q-1");
    assertThat(run("drain", move)).isEqualTo("No query is open on " + move.from());
    assertThat(run("live", move)).isEqualTo(move.from() + " answers new work with 456");
    assertCluster(move.to().id(), "");
    assertThat(run("verify", move)).startsWith("A query on " + move.to() + " took 1.5 ms");
  }

  /// A process dies after any step, once or twice; the next one runs all of them again.
  @Test
  void everyStepMayBeRunAgainByAnotherProcess() throws Exception {
    for (Move move : List.of(FORTH, BACK)) {
      for (int died = 1; died <= CUT_OVER.size(); died++) {
        cluster.put(move.from().id(), "", 0);
        for (String id : CUT_OVER.subList(0, died)) {
          run(id.substring("strategy.".length()), move);
        }
        plane.close();
        plane = newPlane(Duration.ofSeconds(1));
        for (Step step : steps(Phase.CUT_OVER, move)) {
          step.run(new StepRun(6, move));
        }
        assertCluster(move.to().id(), "");
      }
    }
  }

  /// The undoing itself dies after any step, and begins anew from another process.
  @Test
  void everyStepMayBeUndoneFromWhereverItStands() throws Exception {
    for (Move move : List.of(FORTH, BACK)) {
      for (int died = 0; died <= CUT_OVER.size(); died++) {
        for (int undone = 0; undone <= CUT_OVER.size(); undone++) {
          cluster.put(move.from().id(), "", 0);
          for (String id : CUT_OVER.subList(0, died)) {
            run(id.substring("strategy.".length()), move);
          }
          List<Step> backwards = new ArrayList<>(steps(Phase.CUT_OVER, move)).reversed();
          for (Step step : backwards.subList(0, undone)) {
            step.undo(new StepRun(5, move));
          }
          plane.close();
          plane = newPlane(Duration.ofSeconds(1));
          for (Step step : new ArrayList<>(steps(Phase.CUT_OVER, move)).reversed()) {
            step.undo(new StepRun(6, move));
          }
          assertCluster(move.from().id(), "");
        }
      }
    }
  }

  @Test
  void observeSeesWhatWasDone() throws Exception {
    assertThat(observe("announce", FORTH)).isEqualTo(Step.Reality.NOT_DONE);
    assertThat(observe("live", FORTH)).isEqualTo(Step.Reality.NOT_DONE);
    run("announce", FORTH);
    assertThat(observe("announce", FORTH)).isEqualTo(Step.Reality.DONE);
    assertThat(observe("live", FORTH)).isEqualTo(Step.Reality.NOT_DONE);
    run("live", FORTH);
    assertThat(observe("announce", FORTH)).isEqualTo(Step.Reality.DONE);
    assertThat(observe("live", FORTH)).isEqualTo(Step.Reality.DONE);
    assertThat(observe("announce", BACK)).isEqualTo(Step.Reality.NOT_DONE);
    cluster.stop();
    assertThatThrownBy(() -> observe("live", FORTH)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"announce", "makeLive"})
  void aLostAnswerIsNoReasonToGoBack(String method) throws Exception {
    cluster.losing.put(method, 2);
    run("announce", FORTH);
    run("live", FORTH);
    assertCluster("green", "");
    cluster.failing.put(method, 2);
    run("announce", BACK);
    run("live", BACK);
    assertCluster("blue", "");
  }

  @Test
  void anUndoWhoseAnswerIsLostMayBeRepeated() throws Exception {
    run("announce", FORTH);
    run("live", FORTH);
    cluster.losing.put("announce", 1);
    assertThatThrownBy(() -> undo("live", FORTH)).isInstanceOf(IOException.class);
    assertCluster("green", "blue");
    cluster.losing.put("makeLive", 1);
    assertThatThrownBy(() -> undo("live", FORTH)).isInstanceOf(IOException.class);
    undo("live", FORTH);
    undo("announce", FORTH);
    assertCluster("blue", "");
  }

  @Test
  void aRefusalIsNotAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    cluster.before =
        method -> {
          asked.incrementAndGet();
          throw io.grpc.Status.FAILED_PRECONDITION.withDescription("no").asRuntimeException();
        };
    assertThatThrownBy(() -> run("announce", FORTH)).hasMessage("The query cluster refused: no");
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"announce", "live"})
  void aDeposedConsoleCommandsNothing(String id) {
    cluster.put("blue", "green", 6);
    Step step = step(id, FORTH);
    assertThatThrownBy(() -> step.run(new StepRun(5, FORTH))).isInstanceOf(DeposedException.class);
    cluster.put("green", "", 6);
    assertThatThrownBy(() -> step.undo(new StepRun(5, FORTH))).isInstanceOf(DeposedException.class);
    assertThat(cluster.commands).isEmpty();
  }

  @Test
  void drainTellsWhatIsLeftAndEndsWithTheLastQuery() throws Exception {
    plane.close();
    plane = newPlane(Duration.ofMinutes(5));
    cluster.begin("q-1", Colour.BLUE);
    cluster.begin("q-2", Colour.BLUE);
    cluster.begin("q-3", Colour.GREEN);
    run("announce", FORTH);
    StepRun context = new StepRun(5, FORTH);
    CompletableFuture<String> drain = async(step("drain", FORTH), context);
    Await.until(
        "both are told",
        () ->
            context
                .said()
                .contains(
                    "2 queries are open on blue, the oldest for 12 s: q-1 of anna, SELECT 'card 4711' FROM"
                        + " payments"));
    cluster.end("q-1");
    Await.until(
        "one is left",
        () -> context.said().stream().anyMatch(s -> s.startsWith("1 query is open on blue")));
    assertThat(drain).isNotDone();
    cluster.end("q-2");
    assertThat(drain.get(10, TimeUnit.SECONDS)).isEqualTo("No query is open on blue");
  }

  @Test
  void drainIsPatientForSoLongAndLeavesNoTextOfQueriesInTheJournal() throws Exception {
    cluster.begin("q-1", Colour.BLUE);
    run("announce", FORTH);
    assertThat(run("drain", FORTH))
        .isEqualTo(
            "1 query is open on blue, the oldest for 12 s: q-1 of anna; they go on to their end");
    assertThat(run("live", FORTH))
        .isEqualTo("blue answers new work with 456; 1 open queries there go on to their end");
    assertThat(cluster.isOpen("q-1")).isTrue();
  }

  @Test
  void drainFailsWhenTheAnnouncementIsTakenBackUnderIt() throws Exception {
    cluster.begin("q-1", Colour.BLUE);
    run("announce", FORTH);
    StepRun context = new StepRun(5, FORTH);
    plane.close();
    plane = newPlane(Duration.ofMinutes(5));
    CompletableFuture<String> drain = async(step("drain", FORTH), context);
    Await.until("it waits", () -> !context.said().isEmpty());
    cluster.put("blue", "", 5);
    assertThatThrownBy(() -> drain.get(10, TimeUnit.SECONDS))
        .hasMessageContaining("green is no longer announced");
  }

  @Test
  void drainOutlivesARestartOfTheCluster() throws Exception {
    cluster.begin("q-1", Colour.BLUE);
    run("announce", FORTH);
    plane.close();
    plane = newPlane(Duration.ofMinutes(5));
    StepRun context = new StepRun(5, FORTH);
    CompletableFuture<String> drain = async(step("drain", FORTH), context);
    Await.until("it waits", () -> !context.said().isEmpty());
    cluster.stop();
    Await.until(
        "it is told", () -> context.said().stream().anyMatch(s -> s.contains("does not answer")));
    cluster.end("q-1");
    cluster.start();
    assertThat(drain.get(20, TimeUnit.SECONDS)).isEqualTo("No query is open on blue");
  }

  @Test
  void anInterruptEndsADrainAtOnce() throws Exception {
    plane.close();
    plane = newPlane(Duration.ofHours(1));
    cluster.begin("q-1", Colour.BLUE);
    run("announce", FORTH);
    StepRun context = new StepRun(5, FORTH);
    for (String moment : List.of("while it waits", "while it asks")) {
      CompletableFuture<String> drain = new CompletableFuture<>();
      Thread thread =
          Thread.ofVirtual().start(() -> complete(drain, step("drain", FORTH), context));
      Await.until("it waits", () -> !context.said().isEmpty());
      if (moment.equals("while it asks")) {
        cluster.hanging.add("status");
      }
      thread.interrupt();
      assertThatThrownBy(() -> drain.get(10, TimeUnit.SECONDS))
          .as(moment)
          .hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void verifyFindsAQueryThatBeganOnTheOldStack() throws Exception {
    run("announce", FORTH);
    run("live", FORTH);
    cluster.before =
        method -> {
          if (method.equals("probe")) {
            cluster.begin("late", Colour.BLUE);
          }
        };
    assertThatThrownBy(() -> run("verify", FORTH))
        .hasMessage("1 queries began on blue after green was made live.");
  }

  @Test
  void verifyDoesNotBelieveAClusterThatIsElsewhereOrCannotAnswer() throws Exception {
    assertThatThrownBy(() -> run("verify", FORTH)).hasMessageContaining("says that blue is live");
    run("announce", FORTH);
    assertThatThrownBy(() -> run("verify", FORTH)).hasMessageContaining("green announced");
    run("live", FORTH);
    cluster.broken.put("green", "disk full");
    assertThatThrownBy(() -> run("verify", FORTH)).hasMessageContaining("disk full");
  }

  @Test
  void aMoveBackWhileQueriesDrainNeedsNoneOfThemToEnd() throws Exception {
    cluster.begin("q-1", Colour.BLUE);
    run("announce", FORTH);
    cluster.begin("q-2", Colour.GREEN);
    run("probe", BACK);
    run("announce", BACK);
    assertCluster("blue", "");
    run("drain", BACK);
    run("live", BACK);
    run("verify", BACK);
    assertCluster("blue", "");
    assertThat(cluster.isOpen("q-1")).isTrue();
    assertThat(cluster.isOpen("q-2")).isTrue();
  }

  /// All at once: together they take as long as the slowest one.
  @Test
  void aHungClusterIsNotWaitedForLongerThanAStepSays() throws Exception {
    cluster.hanging.add("*");
    Map<Step, CompletableFuture<String>> runs = new LinkedHashMap<>();
    for (Phase phase : List.of(Phase.INITIALIZE, Phase.CUT_OVER, Phase.CLEAN_UP)) {
      for (Step step : steps(phase, FORTH)) {
        runs.put(step, async(step, new StepRun(5, FORTH)));
      }
    }
    assertThat(runs).hasSize(7);
    for (Map.Entry<Step, CompletableFuture<String>> run : runs.entrySet()) {
      Duration limit = run.getKey().timeout();
      assertThatThrownBy(() -> run.getValue().get(limit.toMillis(), TimeUnit.MILLISECONDS))
          .as(run.getKey().id())
          .hasMessageContaining("did not answer within 2 s");
    }
  }

  private static CompletableFuture<String> async(Step step, StepRun context) {
    CompletableFuture<String> result = new CompletableFuture<>();
    var _ = Thread.ofVirtual().start(() -> complete(result, step, context));
    return result;
  }

  private static void complete(CompletableFuture<String> result, Step step, StepRun context) {
    try {
      result.complete(step.run(context));
    } catch (Exception e) {
      result.completeExceptionally(e);
    }
  }
}
