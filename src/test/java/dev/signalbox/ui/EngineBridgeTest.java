package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.EngineBridge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
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

  private boolean everythingArrived() {
    Runnable task = queue.poll();
    if (task != null) {
      task.run();
    }
    return !shown.isEmpty()
        && shown.getLast().snapshot().version() == 20_000
        && shown.stream().mapToInt(update -> update.events().size()).sum() >= 1_200;
  }
}
