package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.WayBack;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.WayBacks;
import dev.signalbox.support.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ConductorTest {
  static final Environment ENVIRONMENT =
      new Environment(
          "memory",
          Path.of("."),
          new ReleaseSettings(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(2)),
          null,
          List.of(
              new DatabaseSettings(
                  "",
                  Map.of(),
                  Optional.of(Path.of(".")),
                  List.of(),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1),
                  List.of())),
          new ApplicationSettings(
              HealthSettings.defaults(),
              new RouterSettings.Entry(
                  URI.create("http://127.0.0.1:1"),
                  URI.create("http://127.0.0.1:1"),
                  new SecretSource.InVariable("NONE")),
              Map.of()),
          null);

  private final MemoryJournal journal = new MemoryJournal();
  private final World world = new World(journal);

  /// One console: a conductor with its own view of the journal.
  private final class Console {
    final Object process = new Object();
    final Recorder recorder = new Recorder(journal, "console", () -> {});
    final Conductor conductor =
        new Conductor(
            ENVIRONMENT,
            new Planes(List.of(new WorldPlane(world, process))),
            recorder,
            journal,
            new LiveExecution(),
            text -> {});

    String locked() {
      return conductor.lever(LeverId.CUT_OVER).locked();
    }

    /// Never looks at the clock by itself.
    Console begin() {
      conductor.drives(journal.acquire(false), "");
      await("it drives and is idle", () -> conductor.epoch() != 0 && idle());
      return this;
    }

    /// As the engine does: looks at the clock several times a second.
    Console drive() {
      begin();
      var _ =
          Thread.ofVirtual()
              .start(() -> {
                while (conductor.tick()) {
                  LockSupport.parkNanos(20_000_000);
                }
              });
      return this;
    }

    boolean moving() {
      var moves = recorder.state().moves();
      return !moves.isEmpty() && moves.getLast().result() == MoveView.Result.UNDER_WAY;
    }

    boolean idle() {
      return !conductor.busy();
    }

    Outcome ask(Command command) {
      try {
        return conductor.submit(command).toCompletableFuture().get(10, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    void upToReady() {
      assertThat(ask(new Command.StartRelease("v2"))).isInstanceOf(Outcome.Done.class);
      await("ready", () -> locked().isEmpty());
    }
  }

  @Test
  void movesForthAndBackAndForthAndCleansUp() {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.BLUE);
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertThat(console.ask(new Command.CleanUp("wrong"))).isInstanceOf(Outcome.Refused.class);
    assertThat(console.ask(new Command.CleanUp("memory"))).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
    assertThat(world.built).isEmpty();
    assertThat(console.recorder.state().work()).isEqualTo(new Doing.Work.Ended(true));
  }

  @TestFactory
  List<DynamicTest> aStepOfTheSwitchThatFailsLeavesTrafficWhereItWas() {
    return List.of("hold", "fence", "switch").stream()
        .map(step ->
            DynamicTest.dynamicTest(
                step,
                () -> {
                  ConductorTest fresh = new ConductorTest();
                  Console console = fresh.new Console().drive();
                  console.upToReady();
                  fresh.world.failing = step;
                  assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Failed.class);
                  fresh.assertSettledOn(Colour.BLUE);
                  assertNeverStalledForNothing(console.recorder.state());
                  assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
                  fresh.assertSettledOn(Colour.GREEN);
                }))
        .toList();
  }

  /// Requests that waited did so for some time, also when the switch was taken back.
  private static void assertNeverStalledForNothing(ReleaseState state) {
    assertThat(state.moves())
        .isNotEmpty()
        .allSatisfy(move -> {
          Duration stall = move.stall();
          assertThat(stall == null || stall.isPositive()).isTrue();
        });
  }

  @Test
  void aRouteThatFailsOnceIsTriedAgainBecauseTheCommitIsNotUndone() {
    Console console = new Console().drive();
    console.upToReady();
    world.failing = "route";
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
  }

  @Test
  void aSwitchThatIsNotProvenGoesBackByItself() {
    Console console = new Console().drive();
    console.upToReady();
    world.failing = "verify";
    assertThat(console.ask(new Command.CutOver()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.text()).contains("by itself"));
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void aSideThatFailsWhileItIsBeingProvenIsLeftAtOnce() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    world.waiting = "verify";
    var cutOver = console.conductor.submit(new Command.CutOver()).toCompletableFuture();
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    world.waiting = "";
    world.sick = Colour.GREEN;
    // It would wait for its proof in vain.
    assertGoneBackByItself(cutOver.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aSideThatFailsAsItIsProvenIsLeftThoughNobodyLooksAtTheClock() {
    Console console = new Console().begin();
    console.upToReady();
    world.sickening = "verify";
    assertGoneBackByItself(console.ask(new Command.CutOver()));
  }

  private void assertGoneBackByItself(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(outcome.text()).contains("by itself", "green is not healthy");
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void aPhaseThatFailsHoldsAndGoesOnWhenResumed() {
    Console console = new Console().drive();
    world.failing = "REPLICATE.one";
    console.upToReady();
    assertThat(console.recorder.state().synchronizedBefore()).isTrue();
  }

  @Test
  void aSwitchThatIsNeitherDoneNorUndoneMustBeTakenBackBeforeTheReleaseIsGivenUp() {
    Console console = new Console().drive();
    console.upToReady();
    world.failing = "switch";
    world.failingUndo = "switch";
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Failed.class);
    assertThat(world.writable()).hasSizeLessThan(2);
    assertThat(console.ask(new Command.GiveUp("memory")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.text()).contains("neither done nor undone"));
    assertThat(console.locked()).contains("neither done nor undone");
    world.failingUndo = "";
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.BLUE);
    assertThat(console.ask(new Command.GiveUp("memory"))).isInstanceOf(Outcome.Done.class);
    assertThat(world.built).isEmpty();
  }

  @Test
  void aWayBackThatLostItsOldSideLeadsToTheNewOneWithWords() {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    world.failing = "switch";
    world.failingUndo = "switch";
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Failed.class);
    assertThat(wayBack(console).to()).isEqualTo(Colour.BLUE);
    assertThat(wayBack(console).wordsToType()).isEmpty();
    world.silent = true;
    world.failingUndo = "";
    assertThat(wayBack(console).to()).isEqualTo(Colour.GREEN);
    assertThat(wayBack(console).wordsToType()).isEqualTo("lose writes of blue");
    assertThat(console.ask(new Command.RollBack("lose writes of blue")))
        .isEqualTo(new Outcome.Done("The switch was taken back; green is live."));
    assertSettledOn(Colour.GREEN);
  }

  @Test
  void aGateThatIsShutWhenTheLeverIsPulledStopsTheCutover() {
    Console console = new Console().drive();
    console.upToReady();
    world.looked = false;
    world.shutOnLook = "a table was changed a moment ago";
    assertThat(console.locked()).isEmpty();
    assertThat(console.ask(new Command.CutOver()))
        .isEqualTo(new Outcome.Refused("Gate: a table was changed a moment ago"));
    assertThat(console.recorder.state().moves()).isEmpty();
    world.shutOnLook = "";
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
  }

  @Test
  void aReleaseWhoseTargetIsLostEndsWithoutItWhenThatIsTyped() {
    Console console = new Console().drive();
    console.upToReady();
    journal.unread = List.of("green");
    // The plane still sees it: only its journal cannot be read.
    Outcome unread = console.ask(new Command.GiveUp("memory"));
    assertThat(unread).isInstanceOf(Outcome.Failed.class);
    assertThat(unread.text()).contains("The journal on green cannot be read");
    world.targetLost = true;
    assertThat(console.ask(new Command.GiveUp("memory")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.text())
                    .contains("If it is lost for good", "type: memory without green"));
    assertThat(world.built).isNotEmpty();
    assertThat(console.ask(new Command.GiveUp("memory without green")))
        .isInstanceOf(Outcome.Done.class);
    assertThat(world.built).isEmpty();
    assertThat(console.recorder.state().active()).isFalse();
  }

  /// The operator's word counts, although the other journal says that the move was done.
  @Test
  void aMoveThatWasTakenBackWithTheWordsIsTakenBackAlsoWhereItIsCalledDone() {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    ReleaseState done = console.recorder.state();
    EngineEvent ended = taken(done, Move.to(Colour.GREEN), false);
    assertThat(done.after(ended).live()).isEqualTo(Colour.GREEN);
    EngineEvent word = taken(done, Move.to(Colour.GREEN), true);
    ReleaseState back = done.after(word);
    assertThat(back.live()).isEqualTo(Colour.BLUE);
    assertThat(back.work()).isEqualTo(new Doing.Work.Ready());
    EngineEvent other = taken(done, Move.to(Colour.BLUE), true);
    assertThat(done.after(other).live()).isEqualTo(Colour.GREEN);
  }

  private static EngineEvent taken(ReleaseState state, Move move, boolean takenBack) {
    return new EngineEvent(
        state.lastSequence() + 1,
        Instant.now(),
        state.number(),
        1,
        "test",
        new EventPayload.MoveUndone(move, null, takenBack),
        Phase.CUT_OVER,
        "",
        "");
  }

  /// How far the attempt before it went is not known.
  @Test
  void aWayBackThatIsBegunAgainAndFailsEarlyIsNotCalledUndone() {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    world.failing = "switch";
    world.failingUndo = "switch";
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Failed.class);
    world.lossy = true;
    world.failing = "hold";
    Outcome again = console.ask(new Command.RollBack("lose writes"));
    assertThat(again).isInstanceOf(Outcome.Failed.class);
    assertThat(again.text()).contains("How far the switch was made before is not known");
    assertThat(console.recorder.state().moveUnderWay()).isNotNull();
    world.lossy = false;
    world.failingUndo = "";
    assertThat(console.ask(new Command.Resume())).isNotNull();
    await("it has ended", () -> console.recorder.state().moveUnderWay() == null);
    assertThat(world.writable()).hasSize(1);
  }

  private static WayBack wayBack(Console console) {
    return WayBacks.of(
        console.recorder.state(),
        console.conductor.observed().back(),
        console.conductor.lever(LeverId.ROLL_BACK));
  }

  @Test
  void rollingBackDuringTheSwitchTakesItBack() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    world.waiting = "fence";
    var cutOver = console.conductor.submit(new Command.CutOver()).toCompletableFuture();
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Done.class);
    assertThat(cutOver.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
    assertSettledOn(Colour.BLUE);
  }

  /// With the journal away the switch must not run on.
  @Test
  void cancellingDoesNotWaitForTheJournal() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    world.waiting = "fence";
    var cutOver = console.conductor.submit(new Command.CutOver()).toCompletableFuture();
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    journal.away = true;
    var back = console.conductor.submit(Command.RollBack.losingNothing()).toCompletableFuture();
    assertThat(cutOver.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
    assertThat(back.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
    journal.away = false;
    await(
        "it is settled",
        () -> console.recorder.state().moveUnderWay() == null && !console.conductor.busy());
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void rollingBackTwiceDoesNotStopTheWayBack() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    world.waiting = "fence";
    var first = console.conductor.submit(Command.RollBack.losingNothing()).toCompletableFuture();
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(console.ask(Command.RollBack.losingNothing())).isInstanceOf(Outcome.Refused.class);
    world.go.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void aSideThatTakesWritesBesideTheLiveOneIsClosedByResuming() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Refused.class);
    world.astray = true;
    assertThat(console.conductor.lever(LeverId.RESUME).toString())
        .contains("green takes writes, too. green is closed for writes.");
    assertThat(console.ask(new Command.Resume()).text()).contains("green was closed for writes");
    assertThat(world.astray).isFalse();
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void givingUpFiveTimesGivesOneReleaseUpAndNotTheNext() throws Exception {
    Console console = new Console().drive();
    world.waiting = "PREPARE.one";
    assertThat(console.ask(new Command.StartRelease("v2"))).isInstanceOf(Outcome.Done.class);
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    List<CompletableFuture<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(console.conductor.submit(new Command.GiveUp("memory")).toCompletableFuture());
    }
    assertThat(console.ask(new Command.GiveUp(""))).isInstanceOf(Outcome.Refused.class);
    for (CompletableFuture<Outcome> answer : all) {
      assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    }
    assertThat(console.recorder.state().active()).isFalse();
    world.waiting = "";
    console.upToReady();
    assertThat(console.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
  }

  @Test
  void givingUpAgainWhileItIsGivenUpStopsNothing() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    List<CompletableFuture<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(console.conductor.submit(new Command.GiveUp("memory")).toCompletableFuture());
    }
    Outcome first = all.getFirst().get(20, TimeUnit.SECONDS);
    assertThat(first).isInstanceOf(Outcome.Done.class);
    for (CompletableFuture<Outcome> answer : all) {
      // Told how it ends, or that it is under way.
      Outcome outcome = answer.get(20, TimeUnit.SECONDS);
      assertThat(outcome instanceof Outcome.Refused || outcome.equals(first)).isTrue();
    }
    assertThat(console.recorder.state().active()).isFalse();
    console.upToReady();
    assertThat(console.recorder.state().active()).isTrue();
  }

  @Test
  void resumingWhatIsUnderWayIsToldHowItEnds() throws Exception {
    Console console = new Console().drive();
    console.upToReady();
    world.waiting = "fence";
    var cutover = console.conductor.submit(new Command.CutOver()).toCompletableFuture();
    assertThat(world.reached.await(10, TimeUnit.SECONDS)).isTrue();
    var resume = console.conductor.submit(new Command.Resume()).toCompletableFuture();
    // What is posted is taken in order: it was decided by now.
    assertThat(console.ask(new Command.StartRelease("v3"))).isInstanceOf(Outcome.Refused.class);
    assertThat(resume).isNotDone();
    world.go.countDown();
    assertThat(cutover.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
    assertThat(resume.get(10, TimeUnit.SECONDS)).isEqualTo(cutover.join());
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aReleaseThatCouldNotBeGivenUpIsGivenUpWhenResumed() {
    Console console = new Console().drive();
    console.upToReady();
    world.failingUndo = "PREPARE.one";
    assertThat(console.ask(new Command.GiveUp("memory"))).isInstanceOf(Outcome.Failed.class);
    world.failingUndo = "";
    assertThat(console.ask(new Command.Resume())).isInstanceOf(Outcome.Done.class);
    await("it has ended", () -> !console.recorder.state().active());
    assertThat(world.built).isEmpty();
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void givingUpSaysHowMuchIsThrownAwayBeforeTheNameIsTyped() {
    Console console = new Console().drive();
    console.upToReady();
    world.thrownAway = "31 GB copied";
    assertThat(console.ask(new Command.GiveUp("")))
        .isEqualTo(
            new Outcome.Refused(
                "What release 1 built on green is thrown away: 31 GB copied; the application that it"
                    + " deployed there is stopped. blue stays live. To confirm, type: memory"));
    assertThat(world.built).isNotEmpty();
  }

  @Test
  void givingUpWantsTheNameOfTheEnvironment() {
    Console console = new Console().drive();
    console.upToReady();
    List<String> built = List.copyOf(world.built);
    for (String typed : List.of("", "Memory", "memory ")) {
      assertThat(console.ask(new Command.GiveUp(typed)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, r -> assertThat(r.text()).endsWith("type: memory"));
    }
    assertThat(console.recorder.state().active()).isTrue();
    assertThat(world.built).containsExactlyElementsOf(built).isNotEmpty();
  }

  @Test
  void takingOverWantsTheNameOfTheEnvironment() {
    Console first = new Console().drive();
    Console second = new Console();
    for (String typed : List.of("", "Memory")) {
      assertThat(second.ask(new Command.TakeOver(typed)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, r -> assertThat(r.text()).endsWith("type: memory"));
    }
    assertThat(journal.epoch()).isEqualTo(first.conductor.epoch());
    assertThat(second.ask(new Command.TakeOver("memory"))).isInstanceOf(Outcome.Done.class);
    assertThat(journal.epoch()).isEqualTo(second.conductor.epoch());
  }

  @Test
  void givingUpUndoesEverything() {
    Console console = new Console().drive();
    console.upToReady();
    assertThat(console.ask(new Command.GiveUp("memory"))).isInstanceOf(Outcome.Done.class);
    assertThat(world.built).isEmpty();
    assertSettledOn(Colour.BLUE);
  }

  @Test
  void aDeposedConsoleChangesNothing() {
    Console first = new Console().drive();
    first.upToReady();
    Console second = new Console().drive();
    assertThat(first.ask(new Command.CutOver())).isInstanceOf(Outcome.Refused.class);
    assertSettledOn(Colour.BLUE);
    assertThat(second.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
    assertSettledOn(Colour.GREEN);
  }

  /// Dies after each write to the journal in turn, in a release that goes forth, back and forth
  /// again; the next console must find or make one writable stack with the traffic on it.
  @TestFactory
  List<DynamicTest> dyingAfterAnyEntryLeavesOneWritableStackWithTheTraffic() {
    long entries = new ConductorTest().entriesOfAWholeRelease();
    return java.util.stream.LongStream.rangeClosed(2, entries)
        .mapToObj(
            n -> DynamicTest.dynamicTest("after entry " + n, () -> new ConductorTest().dieAfter(n)))
        .toList();
  }

  private long entriesOfAWholeRelease() {
    wholeRelease(new Console().drive());
    return journal.read(0, 1000).size();
  }

  private void wholeRelease(Console console) {
    console.upToReady();
    console.ask(new Command.CutOver());
    console.ask(Command.RollBack.losingNothing());
    console.ask(new Command.CutOver());
    console.ask(new Command.CleanUp("memory"));
  }

  private void dieAfter(long entry) throws InterruptedException {
    CountDownLatch dead = new CountDownLatch(1);
    Console first = new Console();
    journal.afterWrite =
        n -> {
          if (n >= entry && journal.epoch() == 1) {
            world.consoleDied(first.process);
            dead.countDown();
            // The process is gone: this thread does nothing any more.
            hang();
          }
        };
    Thread script =
        Thread.ofVirtual()
            .start(() -> {
              first.conductor.drives(journal.acquire(false), "");
              await("it drives", () -> first.conductor.epoch() != 0);
              wholeRelease(first);
            });
    assertThat(dead.await(10, TimeUnit.SECONDS)).isTrue();
    Console second = new Console().drive();
    await("the second console has settled", () -> second.idle() && !second.moving());
    assertThat(world.writable()).containsExactly(world.route);
    assertThat(world.holding).isFalse();
    ReleaseState state = second.recorder.state();
    if (state.active() && state.live() == Colour.BLUE) {
      await(
          "it is ready again or undone, from " + state,
          () -> second.locked().isEmpty() || !second.recorder.state().active());
      assertThat(second.ask(new Command.CutOver())).isInstanceOf(Outcome.Done.class);
      assertSettledOn(Colour.GREEN);
    }
    script.interrupt();
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Await.until(what, condition);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for: " + what, e);
    }
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the dead process was woken to end the test", e);
    }
  }

  private void assertSettledOn(Colour colour) {
    assertThat(world.writable()).isEqualTo(EnumSet.of(colour));
    assertThat(world.route).isEqualTo(colour);
    assertThat(world.holding).isFalse();
  }
}
