package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Phase;
import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.EngineBridge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The screen thread of this test runs only when the test says so.
class EngineBridgeTest {
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final List<EngineBridge.Update> shown = new ArrayList<>();

  @Test
  void floodQueuesOneRunnableWithTheNewestStateAndEveryEvent() throws Exception {
    SampleEngine engine = new SampleEngine(Samples.idle());
    try (EngineBridge bridge =
        new EngineBridge(engine, queue::add, Duration.ZERO, InstantSource.system(), shown::add)) {
      bridge.start();
      Await.until("first delivery", () -> !queue.isEmpty());
      engine.tell(Samples.events(1_200));
      for (int i = 2; i <= 20_000; i++) {
        engine.publish(Samples.at(Samples.ready(), Samples.NOW, i, i == 20_000 ? 1_200 : 0));
        assertThat(queue).hasSizeLessThanOrEqualTo(1);
      }
      Await.until("newest state and all events", this::everythingArrived);
      assertThat(shown).hasSizeLessThan(20_000);
      assertThat(shown.stream().mapToInt(update -> update.events().size()).sum()).isEqualTo(1_200);
    }
  }

  /// A console numbers its entries from a million above those of the last one.
  @Test
  void gapsOfAMillionHideNothing() throws Exception {
    List<Long> numbers = List.of(1L, 2L, 3L, 1_000_004L, 2_000_005L);
    assertThat(arrived(List.of(numbers))).isEqualTo(numbers);
  }

  /// Both while the newest number stays, and when it rises.
  @Test
  void entriesThatArriveLateWithLowerNumbersAreShown() throws Exception {
    List<Long> all = List.of(1L, 2L, 3L, 4L, 5L, 1_000_006L, 1_000_007L);
    assertThat(
            arrived(List.of(List.of(1L, 5L, 1_000_006L), List.of(1L, 2L, 3L, 5L, 1_000_006L), all)))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void ofMoreThanAScreenKeepsTheNewestArrive() throws Exception {
    List<Long> numbers =
        LongStream.rangeClosed(1, EngineBridge.EVENTS + 700L).map(n -> n * 1_000).boxed().toList();
    assertThat(arrived(List.of(numbers)))
        .isEqualTo(numbers.subList(700, EngineBridge.EVENTS + 700));
  }

  /// Numbers of the events that arrive, in their order, when the journal holds one list after the
  /// other.
  private List<Long> arrived(List<List<Long>> journals) throws Exception {
    SampleEngine engine = new SampleEngine(Samples.idle());
    try (EngineBridge bridge =
        new EngineBridge(engine, queue::add, Duration.ZERO, InstantSource.system(), shown::add)) {
      int version = 1;
      for (List<Long> journal : journals) {
        engine.tell(journal.stream().map(EngineBridgeTest::event).toList());
        engine.publish(Samples.at(Samples.idle(), Samples.NOW, ++version, journal.getLast()));
        if (version == 2) {
          bridge.start();
        }
        int expected = Math.min(journal.size(), EngineBridge.EVENTS);
        Await.until(
            "every event",
            Duration.ofSeconds(5),
            () -> {
              deliver();
              return numbers().size() >= expected;
            });
      }
      return numbers();
    }
  }

  private List<Long> numbers() {
    return shown.stream().flatMap(u -> u.events().stream()).map(EngineEvent::sequence).toList();
  }

  private static EngineEvent event(long sequence) {
    return new EngineEvent(
        sequence, Samples.NOW, 1, 1, "desk", EventPayload.Plain.NOTE, Phase.INITIALIZE, "", "note");
  }

  private void deliver() {
    Runnable task = queue.poll();
    if (task != null) {
      task.run();
    }
  }

  private boolean everythingArrived() {
    deliver();
    return !shown.isEmpty()
        && shown.getLast().snapshot().version() == 20_000
        && shown.stream().mapToInt(update -> update.events().size()).sum() >= 1_200;
  }
}
