package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.strategy.ScriptedControl;
import dev.signalbox.engine.strategy.StrategyPlane;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The query cluster in a release: the real plane on a cluster in memory, beside a plane that
/// stands for databases and router.
@Tag("long")
class QueriesInReleaseTest {
  @TempDir Path folder;
  private Site site;

  @BeforeEach
  void open() throws Exception {
    site = new Site(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  /// What outlives consoles.
  private static final class Site implements AutoCloseable {
    final MemoryJournal journal = new MemoryJournal();
    final World world = new World(journal);
    final ScriptedControl cluster;
    final List<StrategyPlane> planes = new CopyOnWriteArrayList<>();
    Duration drain = Duration.ofSeconds(1);

    Site(Path folder) throws Exception {
      cluster = new ScriptedControl(folder);
    }

    Console drive() {
      Console console = new Console(this);
      console.conductor.drives(journal.acquire(false), "");
      var _ = Thread.ofVirtual().start(console::keepLooking);
      await("it drives and is idle", () -> console.conductor.epoch() != 0 && console.idle());
      return console;
    }

    void assertSettledOn(Colour colour) {
      assertThat(world.writable()).isEqualTo(EnumSet.of(colour));
      assertThat(world.route).isEqualTo(colour);
      assertThat(world.holding).isFalse();
      assertThat(cluster.live() + "/" + cluster.announced()).isEqualTo(colour.id() + "/");
    }

    List<String> steps(Kind kind, Phase phase) {
      return journal.read(0, 10_000).stream()
          .filter(e -> e.kind() == kind && e.phase() == phase)
          .map(EngineEvent::step)
          .toList();
    }

    @Override
    public void close() {
      planes.forEach(StrategyPlane::close);
      cluster.close();
    }
  }

  private static final class Console {
    final Object process = new Object();
    final List<String> progress = new CopyOnWriteArrayList<>();
    final StrategyPlane queries;
    final Planes planes;
    final Recorder recorder;
    final Conductor conductor;

    Console(Site site) {
      queries =
          new StrategyPlane(
              site.cluster.settings(site.drain), colour -> Optional.of("system of " + colour.id()));
      site.planes.add(queries);
      queries.start();
      planes = new Planes(List.of(new WorldPlane(site.world, process), queries));
      recorder = new Recorder(site.journal, "console", () -> {});
      conductor =
          new Conductor(
              ConductorTest.ENVIRONMENT,
              planes,
              recorder,
              site.journal,
              new LiveExecution(),
              text -> progress.add(text));
    }

    /// As the engine does: at the clock, several times a second.
    void keepLooking() {
      while (conductor.tick()) {
        LockSupport.parkNanos(20_000_000);
      }
    }

    boolean idle() {
      return !conductor.busy();
    }

    CompletableFuture<Outcome> submit(Command command) {
      return conductor.submit(command).toCompletableFuture();
    }

    Outcome ask(Command command) {
      try {
        return submit(command).get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    void upToReady() {
      assertThat(ask(new Command.StartRelease("v2"))).isInstanceOf(Outcome.Done.class);
      ready();
    }

    void ready() {
      await("ready", () -> conductor.lever(LeverId.CUT_OVER).locked().isEmpty());
    }

    EngineSnapshot snapshot() {
      return new SnapshotAssembler(ConductorTest.ENVIRONMENT, planes, recorder, conductor)
          .assemble(new LeaseView(true, "", 1, null), "");
    }
  }

  private static boolean watching(Console console) {
    ReleaseState state = console.recorder.state();
    return state.work() instanceof Doing.Work.Watching && state.doing().hold().isEmpty();
  }

  private static void await(String what, BooleanSupplier condition) {
    try {
      Await.until(what, condition::getAsBoolean);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for: " + what, e);
    }
  }

  // ---- the release -----------------------------------------------------------------------------

  @Test
  void queriesFollowTrafficForthAndBackAndForthAndAreLookedAtFirst() {
    Console console = site.drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    site.assertSettledOn(Colour.GREEN);
    List<String> move =
        List.of(
            "strategy.probe",
            "world.hold",
            "world.fence",
            "world.switch",
            "world.route",
            "world.verify",
            "strategy.announce",
            "strategy.drain",
            "strategy.live",
            "strategy.verify");
    assertThat(site.steps(Kind.STEP_INTENT, Phase.CUT_OVER)).isEqualTo(move);
    assertThat(site.steps(Kind.STEP_INTENT, Phase.INITIALIZE).getFirst())
        .isEqualTo("strategy.adopt");
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Done.class);
    site.assertSettledOn(Colour.BLUE);
    console.ready();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertThat(console.ask(new Command.CleanUp("memory"))).isInstanceOf(Outcome.Done.class);
    assertThat(site.steps(Kind.STEP_INTENT, Phase.CLEAN_UP))
        .containsExactly("strategy.retire", "world.remove");
    site.assertSettledOn(Colour.GREEN);
  }

  @Test
  void aQueryThatDoesNotEndHoldsCleanUpAndNothingElse() {
    Console console = site.drive();
    console.upToReady();
    site.cluster.begin("q-1", Colour.BLUE);
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    site.assertSettledOn(Colour.GREEN);
    assertThat(console.ask(new Command.CleanUp("memory"))).isInstanceOf(Outcome.Failed.class);
    assertThat(site.world.built).isNotEmpty();
    assertThat(console.recorder.state().holdReason()).contains("q-1 of anna");
    assertThat(console.ask(new Command.CancelQuery("q-1"))).isInstanceOf(Outcome.Done.class);
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Done.class);
    await("it is complete", () -> !console.recorder.state().active());
  }

  @Test
  void aReleaseDoesNotBeginWhenTheClusterIsElsewhere() {
    site.cluster.put("green", "", 0);
    Console console = site.drive();
    assertThat(console.ask(new Command.StartRelease("v2")))
        .isEqualTo(
            new Outcome.Refused(
                "It cannot be seen which stack is live: world blue, strategy green. Start what does"
                    + " not answer, bring all to the same stack, then try again."));
  }

  @Test
  void aReleaseWithoutItsClusterHoldsAndCanBeGivenUp() throws Exception {
    site.cluster.stop();
    Console console = site.drive();
    assertThat(console.ask(new Command.StartRelease("v2"))).isInstanceOf(Outcome.Done.class);
    await("it holds", () -> !console.recorder.state().holdReason().isEmpty());
    assertThat(site.world.built).isEmpty();
    assertThat(console.ask(new Command.GiveUp("memory")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.text()).contains("strategy not known"));
    site.cluster.start();
    await("it is seen", () -> console.queries.live() == Colour.BLUE);
    assertThat(console.ask(new Command.GiveUp("memory"))).isInstanceOf(Outcome.Done.class);
    assertThat(console.recorder.state().active()).isFalse();
  }

  // ---- failing ---------------------------------------------------------------------------------

  @Test
  void aProbeThatFailsMovesNothing() {
    Console console = site.drive();
    console.upToReady();
    site.cluster.before =
        method -> {
          if (method.equals("probe")) {
            throw Status.UNAVAILABLE.asRuntimeException();
          }
        };
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Failed.class);
    site.assertSettledOn(Colour.BLUE);
    assertThat(site.steps(Kind.STEP_INTENT, Phase.CUT_OVER)).containsExactly("strategy.probe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"announce", "makeLive", "verify"})
  void aStepThatFailsBringsEverythingBackByItself(String failing) {
    Console console = site.drive();
    console.upToReady();
    AtomicBoolean failed = new AtomicBoolean();
    site.cluster.before =
        method -> {
          boolean verifying = method.equals("probe") && site.cluster.live().equals("green");
          if (failing.equals("verify") && verifying && failed.compareAndSet(false, true)) {
            site.cluster.begin("late", Colour.BLUE);
          } else if (method.equals(failing) && failed.compareAndSet(false, true)) {
            throw Status.FAILED_PRECONDITION.withDescription("asked to").asRuntimeException();
          }
        };
    assertThat(console.ask(new Command.CutOver()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.text()).contains("Rolled back by itself"));
    assertThat(failed).isTrue();
    site.assertSettledOn(Colour.BLUE);
    console.ready();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    site.assertSettledOn(Colour.GREEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClusterThatIsGoneDoesNotKeepTheRestFromGoingHome(boolean resumed) throws Exception {
    Console console = site.drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    site.cluster.stop();
    await("it is not seen", () -> console.queries.live() == null);
    assertThat(console.snapshot().live()).isEqualTo(Colour.GREEN);
    assertThat(console.snapshot().wayBack().possible()).isTrue();
    assertThat(console.ask(Command.RollBack.losingNothing()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.text()).contains("does not answer"));
    assertThat(site.world.route).isEqualTo(Colour.BLUE);
    assertThat(site.world.writable()).containsExactly(Colour.BLUE);
    assertThat(console.recorder.state().live()).isEqualTo(Colour.BLUE);
    assertThat(console.recorder.state().holdReason()).contains("Resume to try it again");
    // Trying again too early changes nothing.
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Failed.class);
    assertThat(console.recorder.state().holdReason()).isNotEmpty();
    site.cluster.start();
    await("it is seen", () -> console.queries.live() == Colour.GREEN);
    assertThat(console.snapshot().live()).isNull();
    if (resumed) {
      assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Done.class);
      console.ready();
      site.assertSettledOn(Colour.BLUE);
      assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
      site.assertSettledOn(Colour.GREEN);
    } else {
      assertThat(console.ask(new Command.GiveUp("memory")))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, r -> assertThat(r.text()).contains("strategy green"));
    }
  }

  @Test
  void aJournalThatFailsWhileQueriesMoveTakesNoCommittedSwitchBack() {
    Console console = site.drive();
    console.upToReady();
    site.journal.failing = "strategy.drain";
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Failed.class);
    assertThat(site.world.route).isEqualTo(Colour.GREEN);
    assertThat(site.world.writable()).containsExactly(Colour.GREEN);
    site.journal.failing = "";
    await("it is watched", () -> watching(console));
    site.assertSettledOn(Colour.GREEN);
  }

  // ---- while queries drain ---------------------------------------------------------------------

  private CompletableFuture<Outcome> cutOverUntilItDrains(Console console) {
    site.cluster.begin("q-1", Colour.BLUE);
    CompletableFuture<Outcome> cutOver = console.submit(new Command.CutOver());
    await(
        "queries drain",
        () -> console.progress.stream().anyMatch(s -> s.startsWith("1 query is open on blue")));
    return cutOver;
  }

  @Test
  void rollingBackWhileQueriesDrainGoesHomeByTheMirroredMove() throws Exception {
    site.drain = Duration.ofMinutes(30);
    Console console = site.drive();
    console.upToReady();
    CompletableFuture<Outcome> cutOver = cutOverUntilItDrains(console);
    await("all planes are seen on green", () -> console.snapshot().live() == Colour.GREEN);
    // Traffic is on green: what is shown is the way back from there, not that a move is taken back.
    assertThat(console.snapshot().wayBack().evidence())
        .contains("Open queries end on the stack where they began");
    assertThat(console.ask(Command.RollBack.losingNothing()))
        .isEqualTo(new Outcome.Done("The switch was taken back; blue is live."));
    assertThat(cutOver.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
    site.assertSettledOn(Colour.BLUE);
    assertThat(site.cluster.isOpen("q-1")).isTrue();
    assertThat(site.journal.read(0, 10_000))
        .filteredOn(e -> e.kind() == Kind.MOVE_STARTED || e.kind() == Kind.MOVE_DONE)
        .extracting(EngineEvent::kind)
        .containsExactly(Kind.MOVE_STARTED, Kind.MOVE_DONE, Kind.MOVE_STARTED, Kind.MOVE_DONE);
  }

  @Test
  void aConsoleThatIsClosedWhileQueriesDrainLeavesTheMoveToTheNextOne() {
    site.drain = Duration.ofMinutes(30);
    Console console = site.drive();
    console.upToReady();
    var _ = cutOverUntilItDrains(console);
    console.conductor.close();
    site.world.consoleDied(console.process);
    console.queries.close();
    assertThat(site.world.route).isEqualTo(Colour.GREEN);
    assertThat(site.cluster.live() + "/" + site.cluster.announced()).isEqualTo("blue/green");
    site.cluster.end("q-1");
    Console next = site.drive();
    await("it is watched", () -> watching(next));
    site.assertSettledOn(Colour.GREEN);
  }

  @Test
  void aQueryIsCancelledWhileQueriesDrainAndTheJournalKnowsBefore() throws Exception {
    site.drain = Duration.ofMinutes(30);
    Console console = site.drive();
    console.upToReady();
    CompletableFuture<Outcome> cutOver = cutOverUntilItDrains(console);
    List<String> known = new CopyOnWriteArrayList<>();
    site.cluster.before =
        method -> {
          if (method.equals("cancelQuery")) {
            site.journal.read(0, 10_000).stream()
                .filter(e -> e.kind() == Kind.COMMAND)
                .forEach(e -> known.add(e.text()));
          }
        };
    assertThat(console.ask(new Command.CancelQuery("q-1")))
        .isEqualTo(new Outcome.Done("Query q-1 was cancelled."));
    assertThat(known).contains("An operator cancels query q-1.");
    assertThat(cutOver.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    site.assertSettledOn(Colour.GREEN);
  }

  @Test
  void onlyTheConsoleThatDrivesCancelsAndOnlyWhatCanBeAQuery() {
    Console first = site.drive();
    site.cluster.begin("q-1", Colour.BLUE);
    Console viewer = new Console(site);
    assertThat(viewer.ask(new Command.CancelQuery("q-1"))).isInstanceOf(Outcome.Refused.class);
    assertThat(site.cluster.isOpen("q-1")).isTrue();
    int entries = site.journal.read(0, 10_000).size();
    for (String id : List.of("", " ", "a b", "q\n1", "x".repeat(201))) {
      assertThat(first.ask(new Command.CancelQuery(id))).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(site.journal.read(0, 10_000)).hasSize(entries);
    Console second = site.drive();
    assertThat(first.ask(new Command.CancelQuery("q-1"))).isInstanceOf(Outcome.Refused.class);
    assertThat(site.cluster.isOpen("q-1")).isTrue();
    assertThat(second.ask(new Command.CancelQuery("q-1"))).isInstanceOf(Outcome.Done.class);
  }

  // ---- dying -----------------------------------------------------------------------------------

  @Test
  void undoingAfterACrashDoesNotWaitForAClusterThatHangs() throws Exception {
    CountDownLatch dead = new CountDownLatch(1);
    Console first = new Console(site);
    site.journal.afterWrite =
        n -> {
          if (site.steps(Kind.STEP_INTENT, Phase.CUT_OVER).contains("world.switch")
              && dead.getCount() > 0) {
            die(first, dead);
          }
        };
    Thread script =
        Thread.ofVirtual()
            .start(() -> {
              first.conductor.drives(site.journal.acquire(false), "");
              await("it drives", () -> first.conductor.epoch() != 0);
              first.upToReady();
              first.ask(new Command.CutOver());
            });
    assertThat(dead.await(20, TimeUnit.SECONDS)).isTrue();
    site.cluster.hanging.add("*");
    Console second = site.drive();
    await("the move is over", () -> second.recorder.state().moveUnderWay() == null);
    assertThat(second.recorder.state().doing()).isEqualTo(Doing.of(new Doing.Work.Ready()));
    assertThat(site.world.route).isEqualTo(Colour.BLUE);
    site.cluster.hanging.clear();
    site.assertSettledOn(Colour.BLUE);
    script.interrupt();
  }

  private void die(Console console, CountDownLatch dead) {
    site.world.consoleDied(console.process);
    console.queries.close();
    dead.countDown();
    try {
      // The process is gone: this thread does nothing any more.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the dead process was woken to end the test", e);
    }
  }

  /// Dies after each write to the journal in turn, in a release that goes forth, back and forth
  /// again; the next console must bring cluster, databases and router to the same stack.
  @TestFactory
  List<DynamicTest> dyingAfterAnyEntryLeavesQueriesWhereTrafficIs() {
    wholeRelease(site.drive());
    long entries = site.journal.read(0, 10_000).size();
    return LongStream.rangeClosed(2, entries)
        .mapToObj(n ->
            DynamicTest.dynamicTest(
                "after entry " + n,
                () -> {
                  try (Site fresh = new Site(folder)) {
                    site.close();
                    site = fresh;
                    dieAfter(n);
                  }
                }))
        .toList();
  }

  private static void wholeRelease(Console console) {
    console.upToReady();
    console.ask(new Command.CutOver());
    console.ask(Command.RollBack.losingNothing());
    console.ready();
    console.ask(new Command.CutOver());
    console.ask(new Command.CleanUp("memory"));
  }

  private void dieAfter(long entry) throws InterruptedException {
    CountDownLatch dead = new CountDownLatch(1);
    Console first = new Console(site);
    site.journal.afterWrite =
        n -> {
          if (n >= entry && site.journal.epoch() == 1) {
            die(first, dead);
          }
        };
    Thread script =
        Thread.ofVirtual()
            .start(() -> {
              first.conductor.drives(site.journal.acquire(false), "");
              await("it drives", () -> first.conductor.epoch() != 0);
              wholeRelease(first);
            });
    assertThat(dead.await(20, TimeUnit.SECONDS)).isTrue();
    Console second = site.drive();
    await(
        "the second console has settled",
        () -> second.idle() && second.recorder.state().moveUnderWay() == null);
    site.assertSettledOn(site.world.route);
    if (second.recorder.state().active() && site.world.route == Colour.BLUE) {
      second.ready();
      assertThat(second.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
      site.assertSettledOn(Colour.GREEN);
    }
    script.interrupt();
  }
}
