package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.support.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An observer hears no older state after a newer one, whoever tells it.
@Timeout(60)
class ReleaseEngineTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final ReleaseEngine engine =
      new ReleaseEngine(
          ConductorTest.ENVIRONMENT,
          List.of(new NamedPlane(List.of(), "")),
          journal,
          journal,
          "console",
          ReleaseEngine.Role.LOOK_ON);

  @BeforeEach
  void start() {
    engine.start();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /// Stays in one call until a newer state was told by somebody else, or waits to be told.
  private static final class Slow implements Consumer<EngineSnapshot> {
    final List<Long> heard = new CopyOnWriteArrayList<>();
    final AtomicInteger calls = new AtomicInteger();
    private final int slow;

    /// @param slow the call that it stays in, from 1
    Slow(int slow) {
      this.slow = slow;
    }

    @Override
    public void accept(EngineSnapshot snapshot) {
      if (calls.incrementAndGet() == slow) {
        try {
          Await.until("a newer state", () -> heard.size() >= slow || somebodyWaitsToPublish());
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      heard.add(snapshot.version());
    }

    private static boolean somebodyWaitsToPublish() {
      return Thread.getAllStackTraces().entrySet().stream()
          .anyMatch(thread ->
              thread.getKey().getState() == Thread.State.BLOCKED
                  && thread.getValue().length > 0
                  && thread.getValue()[0].getMethodName().equals("publishOnce"));
    }
  }

  @Test
  void whoBeginsToObserveIsToldTheFirstStateBeforeTheNext() throws Exception {
    Slow observer = new Slow(1);
    try (Engine.Subscription _ = engine.observe(observer)) {
      Await.until("more states", () -> observer.heard.size() > 2);
    }
    assertThat(observer.heard).isSorted();
  }

  @Test
  void whatACommandPublishesDoesNotOvertakeWhatIsBeingTold() throws Exception {
    Slow observer = new Slow(2);
    try (Engine.Subscription _ = engine.observe(observer)) {
      Await.until("the publisher is at it", () -> observer.calls.get() > 1);
      engine.submit(new Command.Resume()).toCompletableFuture().join();
      Await.until("more states", () -> observer.heard.size() > 3);
    }
    assertThat(observer.heard).isSorted();
  }
}
