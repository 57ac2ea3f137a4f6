package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.model.Observed.Driver;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.support.Await;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A console that looks on shows what whoever drives would find, and may pull none of it.
@Timeout(60)
class LooksOnTest {
  private static final LeaseView NOBODY = new LeaseView(false, "", 1, null);
  private static final LeaseView ANNA = new LeaseView(false, "anna", 1, null);
  private static final LeaseView NO_MAJORITY =
      new LeaseView(false, "", -1, null, List.of("blue", "green"), false);

  private final MemoryJournal journal = new MemoryJournal();
  private final World world = new World(journal);
  private final Plane plane =
      new ChangedPlane(new WorldPlane(world, this)) {
        @Override
        public Risk risk(Move move) {
          return new Risk(true, 3, "3 writes have not arrived.");
        }
      };
  private final Planes planes = new Planes(List.of(plane));
  private final Conductor driver = conductor(new Recorder(journal, "driver", () -> {}));
  private final Recorder recorder = new Recorder(journal, "looker", () -> {});
  private final Conductor looker = conductor(recorder);
  private LeaseView lease = NOBODY;

  private Conductor conductor(Recorder of) {
    return new Conductor(
        ConductorTest.ENVIRONMENT, planes, of, journal, new LiveExecution(), text -> {});
  }

  @BeforeEach
  void drive() throws Exception {
    driver.drives(journal.acquire(false), "");
    Await.until("it drives", () -> driver.epoch() != 0);
  }

  @AfterEach
  void close() {
    world.go.countDown();
    driver.close();
    looker.close();
  }

  private CompletableFuture<Outcome> submit(Command command) {
    return driver.submit(command).toCompletableFuture();
  }

  private void done(Command command) throws Exception {
    assertThat(submit(command).get(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
  }

  private void upToReady() throws Exception {
    done(new Command.StartRelease("v2"));
    Await.until("ready", () -> driver.lever(LeverId.CUT_OVER) instanceof Lever.Free);
  }

  /// What the engine does with one round of a console that may not drive.
  private EngineSnapshot look(LeaseView seen) {
    lease = seen;
    Upkeep upkeep =
        new Upkeep(
            new ShownLease(),
            journal,
            recorder,
            looker,
            new LiveExecution(),
            /* mayDrive= */ false);
    upkeep.round();
    return new SnapshotAssembler(ConductorTest.ENVIRONMENT, planes, recorder, looker)
        .assemble(upkeep.seen(), "");
  }

  private final class ShownLease implements Lease {
    @Override
    public LeaseView look() {
      return lease;
    }

    @Override
    public long acquire(boolean force) {
      throw new AssertionError("a console that looks on took the lease");
    }

    @Override
    public long acquireAlone(String words) {
      return acquire(true);
    }

    @Override
    public void renew(long epoch) {
      acquire(true);
    }

    @Override
    public void release(long epoch) {
      acquire(true);
    }
  }

  private static String next(EngineSnapshot seen) {
    return Objects.requireNonNull(seen.release()).next();
  }

  @Test
  void whatWasNotAskedYetIsNoOutage() {
    EngineSnapshot seen =
        look(new LeaseView(false, "", 1, null, List.of("blue"), List.of("green"), false));
    assertThat(seen.lever(LeverId.START).locked())
        .isEqualTo(
            "It is not known yet who drives this environment: blue does not answer; green was not"
                + " asked yet.");
  }

  @Test
  void aConsoleIsNotShownToLookOnAtItself() {
    EngineSnapshot seen = look(new LeaseView(true, "looker", 1, null));
    assertThat(seen.lease().holder()).isEmpty();
    assertThat(seen.lever(LeverId.START)).isInstanceOf(Lever.Elsewhere.class);
    assertThat(((Lever.Elsewhere) seen.lever(LeverId.START)).who()).contains("Nobody drives");
    assertThat(
            new SnapshotAssembler(ConductorTest.ENVIRONMENT, planes, recorder, looker)
                .assemble(new LeaseView(true, "looker", 1, null), "")
                .lease()
                .holder())
        .isEmpty();
  }

  @Test
  void withNobodyDrivingItShowsWhatACommandWouldFind() throws Exception {
    upToReady();
    EngineSnapshot seen = look(NOBODY);
    assertThat(seen.lever(LeverId.CUT_OVER))
        .isInstanceOfSatisfying(
            Lever.Elsewhere.class,
            lever -> {
              assertThat(lever.who()).contains("Nobody drives", "takes the lease itself");
              assertThat(lever.who()).doesNotContain("try again");
              assertThat(lever.there()).isInstanceOf(Lever.Free.class);
            });
    assertThat(seen.lever(LeverId.GIVE_UP).there().words()).isEqualTo("memory");
    assertThat(seen.lever(LeverId.START).there().locked()).contains("has not ended yet");
    assertThat(next(seen)).contains("'signalbox release cutover'", "takes the lease itself");
    assertThat(seen.wayBack().possible()).isFalse();
    assertThat(seen.wayBack().evidence()).contains("nothing to move back");
  }

  @Test
  void noLeverCanBePulledThere() throws Exception {
    upToReady();
    for (LeaseView seen : List.of(NOBODY, ANNA)) {
      EngineSnapshot shown = look(seen);
      for (Command command :
          List.of(new Command.CutOver(), new Command.GiveUp("memory"), new Command.Resume())) {
        assertThat(looker.submit(command).toCompletableFuture().get(20, TimeUnit.SECONDS))
            .isEqualTo(new Outcome.Refused(shown.lever(LeverId.CUT_OVER).locked()));
      }
    }
    assertThat(world.route).isEqualTo(Colour.BLUE);
  }

  @Test
  void itShowsTheWayBackWithItsCostAndTheWords() throws Exception {
    upToReady();
    done(new Command.CutOver());
    for (LeaseView lease : List.of(NOBODY, ANNA)) {
      EngineSnapshot seen = look(lease);
      assertThat(seen.wayBack().possible()).isTrue();
      assertThat(seen.wayBack().to()).isEqualTo(Colour.BLUE);
      assertThat(seen.wayBack().writesAtRisk()).isEqualTo(3);
      assertThat(seen.wayBack().wordsToType()).isEqualTo("lose 3 writes");
      assertThat(seen.lever(LeverId.ROLL_BACK).there().words()).isEqualTo("lose 3 writes");
      assertThat(seen.lever(LeverId.ROLL_BACK).words()).isEmpty();
      assertThat(seen.lever(LeverId.CLEAN_UP).there().words()).isEqualTo("memory");
    }
    assertThat(next(look(ANNA))).isEqualTo("green is being watched.");
    assertThat(look(ANNA).lever(LeverId.RESUME).there()).isInstanceOf(Lever.Locked.class);
    assertThat(next(look(NOBODY))).contains("nobody watches it", "'signalbox release resume'");
    assertThat(look(NOBODY).lever(LeverId.RESUME).there()).isInstanceOf(Lever.Free.class);
  }

  @Test
  void itNamesTheConsoleThatDrives() throws Exception {
    upToReady();
    EngineSnapshot seen = look(ANNA);
    assertThat(seen.lever(LeverId.CUT_OVER).locked()).contains("anna drives this environment");
    assertThat(seen.lever(LeverId.CUT_OVER).there()).isInstanceOf(Lever.Free.class);
    assertThat(next(seen)).contains("anna drives and may cut over to green");
  }

  @Test
  void aMoveThatAnotherConsoleMakesIsUnderWay() throws Exception {
    upToReady();
    world.waiting = "fence";
    CompletableFuture<Outcome> cutOver = submit(new Command.CutOver());
    assertThat(world.reached.await(20, TimeUnit.SECONDS)).isTrue();
    EngineSnapshot seen = look(ANNA);
    assertThat(seen.lever(LeverId.CUT_OVER).there().locked()).contains("is under way");
    assertThat(seen.lever(LeverId.ROLL_BACK).there())
        .isEqualTo(new Lever.Free("The switch under way is taken back.", ""));
    assertThat(seen.wayBack().possible()).isTrue();
    assertThat(next(look(NOBODY))).contains("nothing goes on", "'signalbox release resume'");
    world.go.countDown();
    assertThat(cutOver.get(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void withoutAMajorityNothingIsFreeForAnybody() throws Exception {
    upToReady();
    EngineSnapshot seen = look(NO_MAJORITY);
    for (LeverId id : LeverId.values()) {
      if (id != LeverId.TAKE_OVER) {
        assertThat(seen.lever(id))
            .isInstanceOfSatisfying(
                Lever.Locked.class,
                lever -> assertThat(lever.why()).contains("Nobody can drive: blue and green"));
      }
    }
    assertThat(seen.wayBack().evidence()).contains("Nobody can drive");
  }

  @Test
  void beforeTheJournalWasReadItSaysThatNothingIsKnown() throws Exception {
    upToReady();
    assertThat(looker.lever(LeverId.CUT_OVER).locked()).contains("not known yet who drives");
    looker.elsewhere(new Driver.Nobody("Nobody drives."));
    EngineSnapshot seen =
        new SnapshotAssembler(ConductorTest.ENVIRONMENT, planes, recorder, looker)
            .assemble(NOBODY, "");
    for (LeverId id : List.of(LeverId.START, LeverId.CUT_OVER, LeverId.ROLL_BACK)) {
      assertThat(seen.lever(id).there().locked()).contains("not known whether a release");
    }
    assertThat(seen.wayBack().evidence()).contains("not known whether a release");
  }
}
