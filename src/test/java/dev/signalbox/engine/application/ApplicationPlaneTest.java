package dev.signalbox.engine.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.entry.EntryProcess;
import dev.signalbox.support.Await;
import dev.signalbox.support.StepRun;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The plane's steps against a real entry and real stacks, as the conductor calls them.
@Timeout(60)
@Tag("long")
class ApplicationPlaneTest {
  private static final Move FORWARD = Move.to(Colour.GREEN);
  private static final ReleaseInfo RELEASE = new ReleaseInfo(1, "v2", Colour.BLUE, Colour.GREEN);

  @TempDir Path folder;
  private TestStack blue;
  private TestStack green;
  private EntryProcess entry;
  private ApplicationPlane plane;
  private final Probe probe = new Probe();

  @BeforeEach
  void start() throws Exception {
    blue = new TestStack(Colour.BLUE);
    green = new TestStack(Colour.GREEN);
    entry = new EntryProcess(folder, blue, green);
    plane = plane(Duration.ofSeconds(8));
    plane.start();
  }

  /// A console; any number of them may look at the same environment.
  private ApplicationPlane plane(Duration drain) {
    return new ApplicationPlane(settings(), router(), probe, Duration.ofSeconds(10), drain, true);
  }

  private EntryRouter router() {
    return new EntryRouter(entry.control(), new SecretSource.InFile(entry.tokenFile()));
  }

  private ApplicationSettings settings() {
    return new ApplicationSettings(
        new HealthSettings(Duration.ofMillis(200), Duration.ofSeconds(2), 3, 3),
        new RouterSettings.Entry(
            entry.address(), entry.control(), new SecretSource.InFile(entry.tokenFile())),
        Map.of(
            Colour.BLUE, stack(blue, List.of()),
            Colour.GREEN,
                stack(
                    green,
                    List.of(
                        new ProcessSettings(
                            "green-backend",
                            List.of("/bin/sh", "-c", "exec sleep 600"),
                            Map.of(),
                            folder.resolve("green"))))));
  }

  /// The real entry, of which only routing is used.
  private static final class RoutingAlone implements Router {
    private final EntryRouter real;

    RoutingAlone(EntryRouter real) {
      this.real = real;
    }

    @Override
    public String kind() {
      return "plain";
    }

    @Override
    public Set<Can> can() {
      return Set.of();
    }

    /// Without the figures of the real one.
    @Override
    public RouterState state() throws IOException, InterruptedException {
      RouterState state = real.state();
      return RouterState.atRoute(state.route(), state.generation(), state.epoch());
    }

    @Override
    public RouterState announce(long epoch, Colour to, int warm)
        throws IOException, InterruptedException {
      return real.announce(epoch, to, 0);
    }

    @Override
    public RouterState route(long epoch, Colour to, long ifGeneration, boolean release)
        throws IOException, InterruptedException {
      return real.route(epoch, to, ifGeneration, release);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private ApplicationPlane routingAlone(boolean mustHold) {
    return new ApplicationPlane(
        settings(),
        new RoutingAlone(router()),
        probe,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        mustHold);
  }

  @Test
  void whatARouterLacksIsAGateAndNoStepAsksForIt() throws Exception {
    try (ApplicationPlane moving = routingAlone(true);
        ApplicationPlane alone = routingAlone(false)) {
      alone.start();
      Await.until(
          "the gates are open",
          () ->
              Gate.views(alone.gates(FORWARD, Colour.BLUE)).stream()
                  .allMatch(gate -> gate.state() == GateView.State.OPEN));
      assertThat(Gate.views(moving.gates(FORWARD, Colour.BLUE)))
          .filteredOn(gate -> gate.id().equals("application.router-hold"))
          .singleElement()
          .satisfies(gate -> {
            assertThat(gate.state()).isEqualTo(GateView.State.CLOSED);
            assertThat(gate.evidence()).startsWith("The plain router cannot let requests wait:");
          });
      List<Step> steps = alone.steps(Phase.CUT_OVER, FORWARD, RELEASE);
      assertThat(steps)
          .extracting(Step::id)
          .containsExactly("application.announce", "application.route", "application.verify");
      for (Step step : steps) {
        assertThat(step.run(context(1, FORWARD))).isNotBlank().doesNotContain("waited");
      }
      alone.refresh();
      assertThat(alone.live()).isEqualTo(Colour.GREEN);
    }
  }

  private StackSettings stack(TestStack stack, List<ProcessSettings> processes) {
    return new StackSettings(
        List.of(
            new EndpointSettings(
                "backend", stack.address(), List.of("/api/health"), List.of("/api/warm-up")),
            new EndpointSettings("frontend", stack.address(), List.of("/"), List.of())),
        processes);
  }

  @AfterEach
  void stop() throws Exception {
    for (Step step : plane.steps(Phase.PREPARE, FORWARD, RELEASE)) {
      plane.steps(Phase.CUT_OVER, FORWARD.mirrored(), RELEASE).get(2).run(context(1000, FORWARD));
      step.undo(context(1000, FORWARD));
    }
    plane.close();
    probe.close();
    entry.close();
    blue.close();
    green.close();
  }

  private static StepContext context(long epoch, Move move) {
    return new StepRun(epoch, move, Duration.ofSeconds(10));
  }

  private static List<String> run(List<Step> steps, long epoch, Move move) throws Exception {
    List<String> evidence = new ArrayList<>();
    for (Step step : steps) {
      evidence.add(step.run(context(epoch, move)));
    }
    return evidence;
  }

  @Test
  @Tag("rig")
  void movesTrafficThereAndBackUnderLoadWithItsProofs() throws Exception {
    run(plane.steps(Phase.INITIALIZE, FORWARD, RELEASE), 1, FORWARD);
    assertThat(run(plane.steps(Phase.PREPARE, FORWARD, RELEASE), 1, FORWARD))
        .singleElement()
        .asString()
        .contains("Started green-backend");
    run(plane.steps(Phase.SYNCHRONIZE, FORWARD, RELEASE), 1, FORWARD);
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    List<String> failures;
    try (OpenLoop load = new OpenLoop(entry.address(), 100)) {
      until(() -> load.written.size() > 20);
      for (int i = 0; i < 4; i++) {
        Move move = i % 2 == 0 ? FORWARD : FORWARD.mirrored();
        List<Step> steps = plane.steps(Phase.CUT_OVER, move, RELEASE);
        List<String> evidence = run(steps, 1, move);
        assertThat(evidence.getLast()).contains("answered by " + move.to()).contains("none to");
        assertThat(steps.get(1).observe(context(1, move))).isEqualTo(Step.Reality.DONE);
        assertThat(steps.get(2).observe(context(1, move))).isEqualTo(Step.Reality.DONE);
        until(() -> plane.live() == move.to());
      }
      failures = load.stop();
    }
    assertThat(failures).isEmpty();
    ApplicationView view = plane.view();
    assertThat(view.router().intended()).isEqualTo(Colour.BLUE);
    assertThat(view.router().observed()).isEqualTo(Colour.BLUE);
    ApplicationView.Stack target = Objects.requireNonNull(view.stacks().get(Colour.GREEN));
    assertThat(target.health()).isEqualTo(Health.HEALTHY);
    assertThat(target.version()).isEqualTo("v2");
  }

  @Test
  void anotherConsoleSeesAndTakesBackWhatADeadOneDid() throws Exception {
    List<Step> mine = plane.steps(Phase.CUT_OVER, FORWARD, RELEASE);
    mine.get(0).run(context(1, FORWARD));
    mine.get(1).run(context(1, FORWARD));
    try (ApplicationPlane other = plane(Duration.ofSeconds(8))) {
      List<Step> theirs = other.steps(Phase.CUT_OVER, FORWARD, RELEASE);
      assertThat(theirs.get(1).observe(context(2, FORWARD))).isEqualTo(Step.Reality.DONE);
      assertThat(theirs.get(2).observe(context(2, FORWARD))).isEqualTo(Step.Reality.NOT_DONE);
      for (Step step : theirs.reversed()) {
        step.undo(context(2, FORWARD));
      }
      assertThat(theirs.get(1).observe(context(2, FORWARD))).isEqualTo(Step.Reality.NOT_DONE);
      assertThatThrownBy(() -> mine.get(2).run(context(1, FORWARD)))
          .isInstanceOf(DeposedException.class);
      assertThatThrownBy(() -> mine.get(1).undo(context(1, FORWARD)))
          .isInstanceOf(DeposedException.class);
      other.refresh();
      assertThat(other.live()).isEqualTo(Colour.BLUE);
    }
  }

  @Test
  void givesUpWhileAWriteIsStillRunning() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient();
        ApplicationPlane hasty = plane(Duration.ofMillis(50))) {
      var write =
          http.sendAsync(
              HttpRequest.newBuilder(entry.address().resolve("/api/slow?ms=1500"))
                  .POST(HttpRequest.BodyPublishers.ofString("x"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      until(() -> blue.running.get() == 1);
      Step hold = hasty.steps(Phase.CUT_OVER, FORWARD, RELEASE).get(1);
      assertThatThrownBy(() -> hold.run(context(1, FORWARD)))
          .hasMessageContaining("POST /api/slow on blue")
          .hasMessageContaining("Wait for them to end");
      hold.undo(context(1, FORWARD));
      assertThat(hold.observe(context(1, FORWARD))).isEqualTo(Step.Reality.NOT_DONE);
      assertThat(write.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTargetThatDoesNotWarmUpIsNamedBeforeAnythingMoves() throws Exception {
    green.warmUp = 503;
    Step announce = plane.steps(Phase.CUT_OVER, FORWARD, RELEASE).getFirst();
    assertThatThrownBy(() -> announce.run(context(1, FORWARD)))
        .isInstanceOf(IOException.class)
        .hasMessage(green.address() + "/api/warm-up answers 503, expected 200.");

    green.warmUp = 200;
    // Five rounds of two checks, and the path that warms up.
    assertThat(announce.run(context(1, FORWARD))).contains("11 fresh connections");
  }

  @Test
  void gatesAreClosedWithAReasonUntilTheTargetIsWell() throws Exception {
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    green.status = 500;
    until(() -> gate("application.target").state() == GateView.State.CLOSED);
    assertThat(gate("application.target").evidence()).contains("answers 500, expected 200");
    green.status = 200;
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    entry.kill();
    until(() -> gate("application.router").state() == GateView.State.CLOSED);
    assertThat(gate("application.router").evidence()).contains("Check that the entry runs");
    assertThat(plane.live()).isNull();
    assertThat(plane.view().router().reachable()).isFalse();
    entry.restart();
    until(() -> gate("application.router").state() == GateView.State.OPEN);
  }

  @Test
  void theWayThereAsksForASourceThatCanComeBack() throws Exception {
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    Move back = FORWARD.mirrored();

    blue.name = "green";
    until(() -> gate("application.source-name").state() == GateView.State.CLOSED);
    assertThat(gate("application.source-name").evidence()).contains("answers as green");
    assertThat(plane.risk(back).evidence()).contains("answers as green");
    blue.name = "";
    until(() -> gate("application.source-name").evidence().contains("Not every address"));
    assertThat(gate("application.source-name").state()).isEqualTo(GateView.State.CLOSED);
    blue.name = "blue";
    until(() -> gate("application.source-name").state() == GateView.State.OPEN);

    blue.status = 500;
    until(() -> gate("application.source").state() == GateView.State.CLOSED);
    assertThat(gate("application.source").evidence())
        .contains("answers 500, expected 200", "there is no way back");
    assertThat(plane.risk(back).possible()).isFalse();
    assertThat(plane.risk(back).evidence()).contains("no healthy blue stack", "answers 500");
    blue.status = 200;
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    assertThat(plane.risk(back).possible()).isTrue();
  }

  @Test
  void oneBadCheckOfTheSourceAsksForGoodOnesInARow() throws Exception {
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    blue.status = 500;
    until(() -> gate("application.source").state() != GateView.State.OPEN);
    blue.status = 200;
    until(() ->
        gate("application.source").evidence().matches("[12] good checks in a row, 3 are wanted"));
    assertThat(gate("application.source").state()).isEqualTo(GateView.State.PENDING);
    until(() -> gate("application.source").state() == GateView.State.OPEN);
  }

  @Test
  void theWayBackIsNotLockedByTheStackThatItLeaves() throws Exception {
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    run(plane.steps(Phase.CUT_OVER, FORWARD, RELEASE), 1, FORWARD);
    Move back = FORWARD.mirrored();
    green.status = 500;
    green.name = "";
    until(() -> gate("application.target").state() == GateView.State.CLOSED);
    until(() -> states(back).stream().allMatch(GateView.State.OPEN::equals));
    assertThat(Gate.views(plane.gates(back, Colour.BLUE)))
        .extracting(GateView::id)
        .containsExactly("application.router", "application.target", "application.target-name");
    assertThat(plane.risk(back).possible()).isTrue();
    blue.status = 500;
    until(() -> gate(back, "application.target").state() == GateView.State.CLOSED);
    assertThat(gate(back, "application.target").title()).isEqualTo("Blue healthy");
    blue.status = 200;
    until(() -> states(back).stream().allMatch(GateView.State.OPEN::equals));
    run(plane.steps(Phase.CUT_OVER, back, RELEASE), 1, back);
    // There again: what is sick locks now.
    until(() -> gate("application.router").state() == GateView.State.OPEN);
    assertThat(gate("application.target").state()).isEqualTo(GateView.State.CLOSED);
  }

  @Test
  void whatNobodyLooksAtAnyMoreIsNotKnown() throws Exception {
    until(() -> states(FORWARD).stream().allMatch(GateView.State.OPEN::equals));
    assertThat(plane.live()).isEqualTo(Colour.BLUE);
    // Its threads end with the plane, and what they saw stays.
    plane.close();
    until(() -> plane.live() == null);
    assertThat(plane.view().router().reachable()).isFalse();
    assertThat(plane.view().router().observed()).isNull();
    assertThat(plane.risk(FORWARD).possible()).isFalse();
    until(() -> states(FORWARD).stream().noneMatch(GateView.State.OPEN::equals));
    assertThat(Gate.views(plane.gates(FORWARD, Colour.BLUE)))
        .allSatisfy(g -> assertThat(g.evidence()).isNotBlank());
    assertThat(plane.view().stacks().values())
        .allSatisfy(stack -> {
          assertThat(stack.health()).isEqualTo(Health.UNKNOWN);
        });
    plane = plane(Duration.ofSeconds(8));
    assertThat(states(FORWARD)).noneMatch(GateView.State.OPEN::equals);
    assertThat(gate("application.router").state()).isEqualTo(GateView.State.PENDING);
    assertThat(plane.risk(FORWARD).possible()).isFalse();
    assertThat(plane.live()).isNull();
    // One look is enough to go back, as after a crash, and not to be ready.
    plane.refresh();
    assertThat(plane.risk(FORWARD).possible()).isTrue();
    assertThat(gate("application.target").state()).isEqualTo(GateView.State.PENDING);
  }

  @Test
  void verificationFailsWhenTrafficIsElsewhere() {
    Step verify = plane.steps(Phase.CUT_OVER, FORWARD, RELEASE).getLast();
    assertThatThrownBy(() -> verify.run(context(1, FORWARD)))
        .hasMessageContaining("routes to blue, expected traffic on green");
  }

  @Test
  void deployingTwiceStartsOnceAndUndoStopsOnlyWhatTheReleaseStarted() throws Exception {
    Step deploy = plane.steps(Phase.PREPARE, FORWARD, RELEASE).getFirst();
    assertThat(deploy.observe(context(1, FORWARD))).isEqualTo(Step.Reality.NOT_DONE);
    deploy.run(context(1, FORWARD));
    assertThat(deploy.observe(context(1, FORWARD))).isEqualTo(Step.Reality.DONE);
    String pid = Files.readString(folder.resolve("green/green-backend.pid"));
    assertThat(deploy.run(context(1, FORWARD))).contains("already running green-backend");
    assertThat(Files.readString(folder.resolve("green/green-backend.pid"))).isEqualTo(pid);
    ReleaseInfo later = new ReleaseInfo(2, "v3", Colour.BLUE, Colour.GREEN);
    plane.steps(Phase.PREPARE, FORWARD, later).getFirst().undo(context(1, FORWARD));
    assertThat(deploy.observe(context(1, FORWARD))).isEqualTo(Step.Reality.DONE);
    deploy.undo(context(1, FORWARD));
    assertThat(deploy.observe(context(1, FORWARD))).isEqualTo(Step.Reality.NOT_DONE);
    deploy.undo(context(1, FORWARD));
  }

  private List<GateView.State> states(Move move) {
    return Gate.views(plane.gates(move, Colour.BLUE)).stream().map(GateView::state).toList();
  }

  private GateView gate(String id) {
    return gate(FORWARD, id);
  }

  private GateView gate(Move move, String id) {
    return Gate.views(plane.gates(move, Colour.BLUE)).stream()
        .filter(gate -> gate.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    Await.until("what the test waits for here", condition::getAsBoolean);
  }
}
