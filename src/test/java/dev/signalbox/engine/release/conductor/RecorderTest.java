package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    write(
        1,
        Kind.RELEASE_STARTED,
        Phase.INITIALIZE,
        Map.of("version", "v2", "origin", "blue", "target", "green"));
  }

  private long write(long release, Kind kind, Phase phase, Map<String, String> data) {
    driver.batch(epoch).add(release, kind, phase, "", kind.name(), data).write();
    return driver.lastEvent();
  }

  private static final Map<String, String> OVER = Map.of("from", "blue", "to", "green");

  /// @return the entry that ends the set-up of the release
  private long setUp(long release) {
    write(release, Kind.PHASE_STARTED, Phase.SYNCHRONIZE, Map.of());
    return write(release, Kind.PHASE_DONE, Phase.SYNCHRONIZE, Map.of());
  }

  private void giveUp(long release) {
    write(release, Kind.GIVE_UP_STARTED, Phase.CUT_OVER, Map.of());
    write(release, Kind.RELEASE_ENDED, Phase.CUT_OVER, Map.of("result", "given up"));
  }

  private long write(Kind kind, Phase phase) {
    return write(1, kind, phase, Map.of());
  }

  @Test
  void anEntryThatArrivesBelowWhatWasReadIsFoldedWhereItBelongs() {
    long late = setUp(1);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, OVER);
    write(1, Kind.MOVE_DONE, Phase.CUT_OVER, OVER);
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
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, OVER);
    long unwritten = write(1, Kind.MOVE_DONE, Phase.CUT_OVER, OVER);
    viewer.follow();
    assertThat(viewer.state().live()).isEqualTo(Colour.GREEN);
    journal.declareVoid(unwritten);
    write(Kind.NOTE, Phase.CUT_OVER);
    viewer.follow();
    assertThat(viewer.state().live()).isEqualTo(Colour.BLUE);
    assertThat(viewer.events(0, 100)).noneMatch(e -> e.sequence() == unwritten);
  }

  @Test
  void aDriverDoesNotFoldItsOwnEntriesTwice() {
    setUp(1);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, OVER);
    ReleaseState before = driver.state();
    driver.follow();
    assertThat(driver.state()).isEqualTo(before);
    assertThat(driver.state().moves()).hasSize(1);
  }

  @Test
  void aMoveThatHoldsBeginsAgainWithAnOperatorsWordAlone() {
    Map<String, String> back = Map.of("from", "green", "to", "blue");
    Map<String, String> losing = Map.of("from", "green", "to", "blue", "lossAcknowledged", "true");
    setUp(1);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, OVER);
    write(1, Kind.MOVE_DONE, Phase.CUT_OVER, OVER);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, back);
    write(1, Kind.HOLDING, Phase.CUT_OVER, Map.of());
    ReleaseState holds = driver.state();
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, back);
    assertThat(driver.state().moves()).isEqualTo(holds.moves());
    assertThat(driver.state().work()).isEqualTo(holds.work());

    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, losing);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, losing);
    assertThat(driver.state().work())
        .isInstanceOfSatisfying(
            Doing.Work.Moving.class, moving -> assertThat(moving.lossAcknowledged()).isTrue());
    assertThat(driver.state().moves()).hasSize(2);
    write(1, Kind.MOVE_UNDONE, Phase.CUT_OVER, back);
    assertThat(driver.state().work()).isInstanceOf(Doing.Work.Watching.class);
    assertThat(driver.state().live()).isEqualTo(Colour.GREEN);
  }

  @Test
  void anEntryTellsWhenItHappenedAndOfWhichRelease() {
    AtomicLong clock = new AtomicLong();
    Recorder slow = new Recorder(journal, "slow", () -> {}, 100, ReleaseState::after, clock::get);
    Recorder.Batch batch = slow.batch(epoch).add(Kind.NOTE, Phase.INITIALIZE, "", "first");
    clock.set(Duration.ofSeconds(3).toNanos());
    batch.add(Kind.NOTE, Phase.INITIALIZE, "", "second");
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
    long second =
        write(
            2,
            Kind.RELEASE_STARTED,
            Phase.INITIALIZE,
            Map.of("version", "v3", "origin", "green", "target", "blue"));
    long late = setUp(2);
    IntStream.range(0, 20).forEach(i -> write(2, Kind.NOTE, Phase.CUT_OVER, Map.of()));
    journal.hide(late);
    Recorder small = new Recorder(journal, "small", () -> {}, 5);
    small.follow();
    assertThat(small.events(0, 100).getFirst().sequence()).isEqualTo(second);
    journal.showAll();
    small.follow();
    assertThat(small.state()).isEqualTo(driver.state());
    // A release later, the old entries may go.
    giveUp(2);
    write(
        3,
        Kind.RELEASE_STARTED,
        Phase.INITIALIZE,
        Map.of("version", "v4", "origin", "green", "target", "blue"));
    IntStream.range(0, 3).forEach(i -> write(3, Kind.NOTE, Phase.INITIALIZE, Map.of()));
    small.follow();
    assertThat(small.events(0, 100)).hasSize(5);
    assertThat(small.state()).isEqualTo(driver.state());
  }
}
