package dev.signalbox.engine.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Phase;
import java.util.Map;
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

  private long write(Kind kind, Phase phase) {
    return write(1, kind, phase, Map.of());
  }

  @Test
  void anEntryThatArrivesBelowWhatWasReadIsFoldedWhereItBelongs() {
    long late = write(Kind.PHASE_DONE, Phase.SYNCHRONIZE);
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, Map.of("from", "blue", "to", "green"));
    write(Kind.MOVE_DONE, Phase.CUT_OVER);
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
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, Map.of("from", "blue", "to", "green"));
    long unwritten = write(Kind.MOVE_DONE, Phase.CUT_OVER);
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
    write(1, Kind.MOVE_STARTED, Phase.CUT_OVER, Map.of("from", "blue", "to", "green"));
    ReleaseState before = driver.state();
    driver.follow();
    assertThat(driver.state()).isEqualTo(before);
    assertThat(driver.state().moves()).hasSize(1);
  }

  @Test
  void whatIsForgottenIsNeverOfTheNewestRelease() {
    long second =
        write(
            2,
            Kind.RELEASE_STARTED,
            Phase.INITIALIZE,
            Map.of("version", "v3", "origin", "green", "target", "blue"));
    long late = write(2, Kind.PHASE_DONE, Phase.SYNCHRONIZE, Map.of());
    IntStream.range(0, 20).forEach(i -> write(2, Kind.NOTE, Phase.CUT_OVER, Map.of()));
    journal.hide(late);
    Recorder small = new Recorder(journal, "small", () -> {}, 5);
    small.follow();
    assertThat(small.events(0, 100).getFirst().sequence()).isEqualTo(second);
    journal.showAll();
    small.follow();
    assertThat(small.state()).isEqualTo(driver.state());
    // A release later, the old entries may go.
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
