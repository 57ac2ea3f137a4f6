package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecorderTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final Recorder driver = new Recorder(journal, "driver", () -> {});
  private final Recorder viewer = new Recorder(journal, "viewer", () -> {});
  private long epoch;

  @BeforeEach
  void drive() {
    epoch = journal.acquire(false);
    write(1, new ReleaseStarted("v2", Colour.BLUE, Colour.GREEN), Phase.INITIALIZE);
  }

  private long write(long release, EventPayload payload, Phase phase) {
    driver.batch(epoch).add(release, payload, phase, "", payload.toString()).write();
    return driver.lastEvent();
  }

  private static final Move OVER = Move.to(Colour.GREEN);

  /// @return the entry that ends the set-up of the release
  private long setUp(long release) {
    write(release, Plain.PHASE_STARTED, Phase.SYNCHRONIZE);
    return write(release, Plain.PHASE_DONE, Phase.SYNCHRONIZE);
  }

  private void giveUp(long release) {
    write(release, Plain.GIVE_UP_STARTED, Phase.CUT_OVER);
    write(release, new ReleaseEnded(false), Phase.CUT_OVER);
  }

  private long write(EventPayload payload, Phase phase) {
    return write(1, payload, phase);
  }

  @Test
  void anEntryThatArrivesBelowWhatWasReadIsFoldedWhereItBelongs() {
    long late = setUp(1);
    write(1, new MoveStarted(OVER, false), Phase.CUT_OVER);
    write(1, new MoveDone(OVER, null, true), Phase.CUT_OVER);
    journal.hide(late);
    viewer.follow();
    assertThat(viewer.state().synchronizedBefore()).isFalse();
    journal.showAll();
    viewer.follow();
    assertThat(viewer.state()).isEqualTo(driver.state());
    assertThat(viewer.events(0, 100)).isEqualTo(driver.events(0, 100));
  }

  @Test
  void anEntryThatIsDeclaredVoidLaterIsTakenOutOfTheFold() {
    setUp(1);
    write(1, new MoveStarted(OVER, false), Phase.CUT_OVER);
    long unwritten = write(1, new MoveDone(OVER, null, true), Phase.CUT_OVER);
    viewer.follow();
    assertThat(viewer.state().live()).isEqualTo(Colour.GREEN);
    journal.declareVoid(unwritten);
    write(Plain.NOTE, Phase.CUT_OVER);
    viewer.follow();
    assertThat(viewer.state().live()).isEqualTo(Colour.BLUE);
    assertThat(viewer.events(0, 100)).noneMatch(e -> e.sequence() == unwritten);
  }

  @Test
  void aDriverDoesNotFoldItsOwnEntriesTwice() {
    setUp(1);
    write(1, new MoveStarted(OVER, false), Phase.CUT_OVER);
    ReleaseState before = driver.state();
    driver.follow();
    assertThat(driver.state()).isEqualTo(before);
    assertThat(driver.state().moves()).hasSize(1);
  }

  @Test
  void aMoveThatHoldsBeginsAgainWithAnOperatorsWordAlone() {
    Move back = OVER.mirrored();
    MoveStarted losing = new MoveStarted(back, true);
    setUp(1);
    write(1, new MoveStarted(OVER, false), Phase.CUT_OVER);
    write(1, new MoveDone(OVER, null, true), Phase.CUT_OVER);
    write(1, new MoveStarted(back, false), Phase.CUT_OVER);
    write(1, Plain.HOLDING, Phase.CUT_OVER);
    ReleaseState holds = driver.state();
    write(1, new MoveStarted(back, false), Phase.CUT_OVER);
    assertThat(driver.state().moves()).isEqualTo(holds.moves());
    assertThat(driver.state().work()).isEqualTo(holds.work());

    write(1, losing, Phase.CUT_OVER);
    write(1, losing, Phase.CUT_OVER);
    assertThat(driver.state().work())
        .isInstanceOfSatisfying(
            Doing.Work.Moving.class, moving -> assertThat(moving.lossAcknowledged()).isTrue());
    assertThat(driver.state().moves()).hasSize(2);
    write(1, new MoveUndone(back, null, false), Phase.CUT_OVER);
    assertThat(driver.state().work()).isInstanceOf(Doing.Work.Watching.class);
    assertThat(driver.state().live()).isEqualTo(Colour.GREEN);
  }

  @Test
  void anEntryTellsWhenItHappenedAndOfWhichRelease() {
    AtomicLong clock = new AtomicLong();
    Recorder slow = new Recorder(journal, "slow", () -> {}, 100, ReleaseState::after, clock::get);
    Recorder.Batch batch = slow.batch(epoch).add(Plain.NOTE, Phase.INITIALIZE, "", "first");
    clock.set(Duration.ofSeconds(3).toNanos());
    batch.add(Plain.NOTE, Phase.INITIALIZE, "", "second");
    clock.set(Duration.ofSeconds(5).toNanos());
    batch.write();
    List<EngineEvent> events = slow.events(0, 10);
    assertThat(Duration.between(events.getFirst().at(), events.getLast().at()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(events.getLast().at()).isBefore(Instant.now().minusSeconds(1));
    assertThat(events).extracting(EngineEvent::release).containsOnly(0L);
  }

  @Test
  void whatIsForgottenIsNeverOfTheNewestRelease() {
    giveUp(1);
    long second = write(2, new ReleaseStarted("v3", Colour.GREEN, Colour.BLUE), Phase.INITIALIZE);
    long late = setUp(2);
    IntStream.range(0, 20).forEach(i -> write(2, Plain.NOTE, Phase.CUT_OVER));
    journal.hide(late);
    Recorder small = new Recorder(journal, "small", () -> {}, 5);
    small.follow();
    assertThat(small.events(0, 100).getFirst().sequence()).isEqualTo(second);
    journal.showAll();
    small.follow();
    assertThat(small.state()).isEqualTo(driver.state());
    // A release later, the old entries may go.
    giveUp(2);
    write(3, new ReleaseStarted("v4", Colour.GREEN, Colour.BLUE), Phase.INITIALIZE);
    IntStream.range(0, 3).forEach(i -> write(3, Plain.NOTE, Phase.INITIALIZE));
    small.follow();
    assertThat(small.events(0, 100)).hasSize(5);
    assertThat(small.state()).isEqualTo(driver.state());
  }
}
