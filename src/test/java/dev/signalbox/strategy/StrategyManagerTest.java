package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyEvent.SafePoint;
import dev.signalbox.support.Await;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StrategyManagerTest {
  private static final ClusterKey KEY = new ClusterKey("somewhere:7000", "main");

  private final Events events = new Events();
  private final TestClock clock = new TestClock();

  private StrategyManager manager(StrategyConfig config) {
    StrategyManager made =
        clock.manager(config, new MemoryStorage(config.cacheTtl(), clock), clock);
    var _ = made.observe(events);
    return made;
  }

  private static void detect(StrategyManager manager, Strategy strategy) {
    var _ = manager.detect(KEY, (asked, _) -> asked == strategy ? accepted() : refused(asked));
  }

  private static StrategyProbe.Answer accepted() {
    return new StrategyProbe.Answer.Accepted(null);
  }

  private static StrategyProbe.Answer refused(Strategy strategy) {
    return new StrategyProbe.Answer.Refused(
        new StrategyException(ErrorClass.WRONG_STRATEGY, strategy + " said 456.", null));
  }

  @Test
  void eachTriggerForgetsAndIsASafePoint() {
    for (InvalidationTrigger trigger : InvalidationTrigger.values()) {
      StrategyManager manager = manager(StrategyConfig.defaults());
      detect(manager, Strategy.BLUE);
      manager.announced(KEY, "green");
      clock.advance(Duration.ofSeconds(7));
      manager.invalidate(KEY, trigger);
      assertThat(manager.snapshot(KEY).state()).isEqualTo(new StrategyState.NoStrategy());
      assertThat(events.all())
          .endsWith(
              new StrategyEvent.Applied(
                  Strategy.BLUE,
                  Strategy.GREEN,
                  Duration.ofSeconds(7),
                  SafePoint.CACHE_INVALIDATED),
              new StrategyEvent.Invalidated(trigger));
      // What was pending is asked first.
      List<Strategy> asked = new ArrayList<>();
      assertThat(
              manager.detect(
                  KEY,
                  (strategy, _) -> {
                    asked.add(strategy);
                    return accepted();
                  }))
          .isEqualTo(Strategy.GREEN);
      assertThat(asked).containsExactly(Strategy.GREEN);
    }
  }

  @Test
  void aRefusedPendingStrategyIsDropped() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    detect(manager, Strategy.BLUE);
    manager.announced(KEY, " GREEN ");
    assertThat(manager.select(KEY)).contains(Strategy.GREEN);
    manager.refused(manager.entry(KEY), Strategy.GREEN, "prepareStatement");
    assertThat(manager.snapshot(KEY).state()).isEqualTo(new StrategyState.Blue());
    assertThat(events.all())
        .endsWith(new StrategyEvent.AnnouncementWithdrawn(Strategy.BLUE, Strategy.GREEN));
  }

  @Test
  void aRefusedActiveStrategyGivesWayToThePendingOne() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    detect(manager, Strategy.BLUE);
    manager.announced(KEY, "green");
    manager.refused(manager.entry(KEY), Strategy.BLUE, "prepareStatement");
    assertThat(manager.snapshot(KEY).state()).isEqualTo(new StrategyState.Green());
    assertThat(events.of(StrategyEvent.Applied.class)).hasSize(1);
  }

  @Test
  void queriesThatNobodyEndsExpire() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    QueryHandle handle = manager.open(KEY, Strategy.BLUE, "s", "q1", "");
    clock.advance(Duration.ofHours(23));
    QueryHandle young = manager.open(KEY, Strategy.GREEN, "s", "q1", "");
    StrategySnapshot snapshot = manager.snapshot(KEY);
    assertThat(snapshot.oldest())
        .containsExactly(
            new StrategySnapshot.Pinned("q1", Strategy.BLUE, Duration.ofHours(23)),
            new StrategySnapshot.Pinned("q1", Strategy.GREEN, Duration.ZERO));
    clock.advance(Duration.ofHours(2));
    assertThat(manager.snapshot(KEY).openQueries()).isEqualTo(1);
    assertThat(manager.isOpen(handle)).isFalse();
    assertThat(manager.isOpen(young)).isTrue();
    assertThat(events.of(StrategyEvent.QueryClosed.class))
        .containsExactly(
            new StrategyEvent.QueryClosed("q1", Strategy.BLUE, Duration.ofHours(25), "expired"));
  }

  @Test
  void openQueriesAreBounded() {
    StrategyManager manager = manager(StrategyConfig.defaults().withMaxOpenQueries(2));
    QueryHandle one = manager.open(KEY, Strategy.BLUE, "s", "q1", "");
    var _ = manager.open(KEY, Strategy.BLUE, "s", "q2", "");
    assertThatExceptionOfType(TooManyQueriesException.class)
        .isThrownBy(() -> manager.open(KEY, Strategy.BLUE, "s", "q3", ""))
        .withMessageContaining("There are 2 open queries");
    assertThat(manager.close(one, QueryEnding.CANCELLED)).isTrue();
    assertThat(manager.open(KEY, Strategy.BLUE, "s", "q3", "").queryId()).isEqualTo("q3");
  }

  @Test
  void whatCannotStandInAHeaderIsRefused() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.open(KEY, Strategy.BLUE, "s", "q", "10.0.0.1\r\nx: y"))
        .withMessageContaining("10.0.0.1??x: y");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.open(KEY, Strategy.BLUE, "s", "q", "9".repeat(1_000)));
    assertThat(manager.snapshot(KEY).openQueries()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.route(new ClusterKey("x:1", "größe"), null));
  }

  @Test
  void anObserverThatFailsIsIgnoredAndOneThatLeftHearsNothing() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    StrategyManager.Observation failing =
        manager.observe((_, _) -> {
          throw new IllegalStateException("broken observer");
        });
    detect(manager, Strategy.GREEN);
    failing.close();
    assertThat(events.of(StrategyEvent.Detected.class)).hasSize(1);
  }

  @Test
  void aClockThatJumpsEndsNoPin() {
    StrategyConfig config = StrategyConfig.defaults();
    StrategyManager manager =
        new StrategyManager(config, new MemoryStorage(config.cacheTtl(), clock), clock);
    QueryHandle open = manager.open(KEY, Strategy.BLUE, "s", "q", "");
    for (int days : new int[] {2, -3}) {
      clock.advance(Duration.ofDays(days));
      StrategySnapshot snapshot = manager.snapshot(KEY);
      assertThat(snapshot.openQueries()).isEqualTo(1);
      assertThat(snapshot.oldest().getFirst().age()).isLessThan(Duration.ofHours(1));
      assertThat(manager.isOpen(open)).isTrue();
    }
    manager.close();
  }

  @Test
  void aClockThatGoesBackMakesWhatIsKnownCountNoMore() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    detect(manager, Strategy.GREEN);
    clock.advance(Duration.ofSeconds(-4));
    assertThat(manager.peek(KEY)).contains(Strategy.GREEN);
    clock.advance(Duration.ofSeconds(-2));
    assertThat(manager.peek(KEY)).isEmpty();
    detect(manager, Strategy.GREEN);
    assertThat(manager.peek(KEY)).contains(Strategy.GREEN);
  }

  @Test
  void oneThreadDetectsForAll() throws InterruptedException {
    StrategyManager manager = manager(StrategyConfig.defaults());
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger probes = new AtomicInteger();
    StrategyProbe probe =
        (strategy, _) -> {
          probes.incrementAndGet();
          asked.countDown();
          await(answer);
          return strategy == Strategy.GREEN ? accepted() : refused(strategy);
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Strategy>> detections = new ArrayList<>();
      detections.add(threads.submit(() -> manager.detect(KEY, probe)));
      await(asked);
      assertThat(manager.snapshot(KEY).state()).isEqualTo(new StrategyState.Detecting());
      for (int i = 0; i < 50; i++) {
        detections.add(threads.submit(() -> manager.detect(KEY, probe)));
      }
      answer.countDown();
      Await.until("all know", () -> detections.stream().allMatch(Future::isDone));
      assertThat(detections).allMatch(found -> found.resultNow() == Strategy.GREEN);
    }
    assertThat(probes).hasValue(2);
    assertThat(events.of(StrategyEvent.Detected.class)).hasSize(1);
  }

  @Test
  void anotherUsersWrongPasswordIsNotMine() throws InterruptedException {
    StrategyManager manager = manager(StrategyConfig.defaults());
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    StrategyProbe stranger =
        (_, _) -> {
          asked.countDown();
          await(answer);
          return new StrategyProbe.Answer.Refused(new BadCredentialsException("wrong password"));
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Strategy> theirs = threads.submit(() -> manager.detect(KEY, stranger));
      await(asked);
      Future<Strategy> mine = threads.submit(() -> manager.detect(KEY, (_, _) -> accepted()));
      answer.countDown();
      Await.until("both ended", () -> theirs.isDone() && mine.isDone());
      assertThat(theirs.exceptionNow()).isInstanceOf(BadCredentialsException.class);
      assertThat(mine.resultNow()).isEqualTo(Strategy.BLUE);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// All that a pinned query allocates, garbage included.
  @Test
  void aPinnedQueryTakesLessThanOneKilobyte() {
    StrategyManager manager =
        new StrategyManager(StrategyConfig.defaults().withMaxOpenQueries(20_000));
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int count = 10_000;
    // The first ones fill tables that all share.
    pin(manager, 0, count);
    long before = memory.getCurrentThreadAllocatedBytes();
    pin(manager, count, count);
    long each = (memory.getCurrentThreadAllocatedBytes() - before) / count;
    assertThat(manager.snapshot(KEY).openQueries()).isEqualTo(2 * count);
    assertThat(each).isLessThan(1_024);
  }

  private static void pin(StrategyManager manager, int from, int count) {
    for (int i = from; i < from + count; i++) {
      var _ = manager.open(KEY, Strategy.BLUE, "session", "query-" + i, "10.0.0.1:9001");
    }
  }
}
