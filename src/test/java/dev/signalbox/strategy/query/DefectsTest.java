package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signalbox.strategy.BadCredentialsException;
import dev.signalbox.strategy.Events;
import dev.signalbox.strategy.MemoryStorage;
import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.ScriptedCluster.Held;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyDetectionException;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyEvent.SafePoint;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.StrategyState;
import dev.signalbox.strategy.TestClock;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the existing connector does wrong, in the order of the list of its defects, and what this
/// one does instead.
class DefectsTest {
  private static final String PREPARE = "prepareStatementV2";
  private static final String EXECUTE = "executeStatementV2";
  private static final String FETCH = "getNextResultBatch";
  private static final String CLEAR = "clearOrCancelQuery";
  private static final String AUTHENTICATE = "authenticate";

  private final Events events = new Events();
  private final TestClock clock = new TestClock();
  private final List<StrategyConnection> connections = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ScriptedCluster cluster;
  private StrategyManager manager;

  @BeforeEach
  void start() throws IOException {
    cluster = new ScriptedCluster();
    manager = manager(new MemoryStorage(StrategyConfig.defaults().cacheTtl(), clock));
  }

  private StrategyManager manager(MemoryStorage storage) {
    StrategyManager made = new StrategyManager(StrategyConfig.defaults(), storage, clock);
    var _ = made.observe(events);
    return made;
  }

  @AfterEach
  void stop() throws InterruptedException {
    connections.forEach(StrategyConnection::close);
    threads.close();
    manager.close();
    cluster.close();
    assertThat(cluster.violations()).isEmpty();
    assertThat(cluster.seen()).allMatch(call -> call.cluster().equals("main"));
    assertThat(cluster.seen()).noneMatch(call -> call.strategy().isEmpty());
  }

  private StrategyConnection connect() {
    StrategyConnection made =
        StrategyConnection.open(StrategyConnectionTest.settings(cluster), manager);
    connections.add(made);
    return made;
  }

  private StrategyState state() {
    return manager.snapshot(cluster.key()).state();
  }

  private void bothAnswer() {
    cluster.accepting = List.of(Strategy.BLUE, Strategy.GREEN);
  }

  @Test
  void defect01_refusalByBothStacksIsOneErrorThatNamesBothAnswers() {
    cluster.accepting = List.of();
    assertThatExceptionOfType(StrategyDetectionException.class)
        .isThrownBy(this::connect)
        .withMessageContaining("blue answered: Authentication failed")
        .withMessageContaining("green answered: Authentication failed")
        .withMessageContaining("456");
    assertThat(state()).isInstanceOf(StrategyState.Failed.class);
    assertThat(events.of(StrategyEvent.DetectionFailed.class)).hasSize(1);
    assertThat(cluster.strategies(AUTHENTICATE)).containsExactly("blue", "green");
    cluster.live(Strategy.GREEN);
    assertThat(StrategyConnectionTest.read(connect().execute("rows 3"))).hasSize(3);
  }

  @Test
  void defect02_wrongCredentialsAreNotHiddenByTheOtherStack() {
    for (Strategy live : Strategy.values()) {
      cluster.live(live);
      ConnectionSettings settings =
          ConnectionSettings.of(cluster.key(), new Credentials("ada", "guess".toCharArray()));
      assertThatExceptionOfType(BadCredentialsException.class)
          .isThrownBy(() -> StrategyConnection.open(settings, manager))
          .withMessageContaining("'ada'")
          .withMessageNotContaining("guess");
    }
  }

  @Test
  void defect03_announcementsInAuthenticateAreBounded() {
    bothAnswer();
    cluster.announcement = sent -> sent.other().wire();
    StrategyConnection connection = connect();
    assertThat(cluster.seen(AUTHENTICATE)).hasSizeLessThanOrEqualTo(4);
    try (Query query = connection.execute("rows 12")) {
      assertThat(StrategyConnectionTest.read(query)).hasSize(12);
    }
    assertThat(cluster.seen(AUTHENTICATE)).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void defect03_anUnknownAnnouncementIsRefusedAndCounted() {
    cluster.announcement = _ -> "purple\nhaze";
    StrategyConnection connection = connect();
    try (Query query = connection.execute("rows 3")) {
      assertThat(query.strategy()).isEqualTo(Strategy.BLUE);
    }
    assertThat(cluster.strategies(AUTHENTICATE)).containsExactly("blue");
    assertThat(state()).isEqualTo(new StrategyState.Blue());
    assertThat(events.of(StrategyEvent.UnknownAnnounced.class))
        .contains(new StrategyEvent.UnknownAnnounced("purple?haze"));
  }

  @Test
  void defect04_theOrphanOfARedoneQueryIsClearedOnItsOwnStack() throws InterruptedException {
    StrategyConnection connection = connect();
    cluster.refuse(EXECUTE, Strategy.BLUE, 1, ScriptedCluster.WRONG);
    Held held = cluster.hold(EXECUTE);
    Future<Query> starting = threads.submit(() -> connection.execute("rows 3"));
    held.awaitArrival();
    cluster.live(Strategy.GREEN);
    held.release();
    Query query = get(starting);
    assertThat(query.strategy()).isEqualTo(Strategy.GREEN);
    Await.until("the orphan is cleared", () -> cluster.openQueries(Strategy.BLUE) == 0);
    assertThat(cluster.strategies(CLEAR)).containsExactly("blue");
    Await.until(
        "only the query is pinned", () -> manager.snapshot(cluster.key()).openQueries() == 1);
    // Nothing that is left behind stops the next change.
    bothAnswer();
    cluster.announce(Strategy.BLUE);
    query.clear();
    assertThat(state()).isEqualTo(new StrategyState.Blue());
    assertThat(manager.snapshot(cluster.key()).openQueries()).isZero();
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    Await.until("done", future::isDone);
    return future.resultNow();
  }

  @Test
  void defect05_aRefusedFetchOfAnUnreadQueryStartsItAnew() {
    Query query = connect().execute("rows 25");
    cluster.live(Strategy.GREEN);
    cluster.refuse(FETCH, Strategy.BLUE, 1, ScriptedCluster.WRONG);
    assertThat(StrategyConnectionTest.read(query)).hasSize(25);
    assertThat(query.strategy()).isEqualTo(Strategy.GREEN);
    query.close();
  }

  @Test
  void defect05_refusedDiscoveryRecovers() {
    StrategyConnection connection = connect();
    cluster.live(Strategy.GREEN);
    assertThat(connection.schemas()).containsExactly("public");
    assertThat(cluster.strategies("getSchemaNamesV2")).containsExactly("blue", "green");
  }

  @Test
  void defect05_aConsumedFetchIsNeverReplayed() {
    Query query = connect().execute("rows 25");
    assertThat(query.nextBatch()).isPresent();
    cluster.live(Strategy.GREEN);
    cluster.refuse(FETCH, Strategy.BLUE, 1, ScriptedCluster.WRONG);
    for (int again = 0; again < 2; again++) {
      assertThatExceptionOfType(QueryInterruptedException.class)
          .isThrownBy(query::nextBatch)
          .withMessageContaining("was executed")
          .satisfies(e -> assertThat(e.rowsDelivered()).isEqualTo(10));
    }
    assertThat(cluster.seen(PREPARE)).hasSize(1);
    assertThat(cluster.seen(FETCH)).hasSize(2);
    query.close();
  }

  @Test
  void defect05_whetherALostExecutionRanIsSaidToBeUnknown() throws InterruptedException {
    StrategyConnection connection = connect();
    cluster.lose(EXECUTE, 1, Status.UNAVAILABLE.withDescription("connection reset"));
    assertThatExceptionOfType(AmbiguousExecutionException.class)
        .isThrownBy(() -> connection.execute("rows 3"))
        .withMessageContaining("may have been executed");
    assertThat(cluster.seen(EXECUTE)).hasSize(1);
    Await.until("it is cleared nevertheless", () -> cluster.openQueries() == 0);
  }

  @Test
  void defect06_aFailedClearKeepsItsHandleAndBlocksNothing() throws InterruptedException {
    StrategyConnection connection = connect();
    Query query = connection.execute("rows 3");
    int tries = 1 + StrategyConfig.defaults().retryAttempts();
    cluster.refuse(CLEAR, null, 3 * tries, Status.UNAVAILABLE);
    query.close();
    assertThat(manager.snapshot(cluster.key()).openQueries()).isEqualTo(1);
    Await.until("the second try failed, too", () -> cluster.seen(CLEAR).size() >= 2 * tries);
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    try (Query first = connection.execute("rows 3")) {
      assertThat(first.strategy()).isIn(Strategy.BLUE, Strategy.GREEN);
    }
    assertThat(state()).isEqualTo(new StrategyState.Green());
    Await.until(
        "it is tried until it works",
        () -> cluster.openQueries() == 0 && manager.snapshot(cluster.key()).openQueries() == 0);
  }

  @Test
  void defect07_clearAndCancelGoToTheStackOfTheirQueryAndUnpin() {
    StrategyConnection connection = connect();
    Query cleared = connection.execute("rows 3");
    Query cancelled = connection.execute("rows 3");
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    connection.execute("rows 3").close();
    connection.execute("rows 3").close();
    assertThat(state()).isEqualTo(new StrategyState.Green());
    cleared.clear();
    cancelled.cancel();
    assertThat(cluster.strategies(CLEAR)).endsWith("blue");
    assertThat(cluster.strategies("cancelQuery")).containsExactly("blue");
    assertThat(manager.snapshot(cluster.key()).openQueries()).isZero();
    assertThat(cluster.openQueries()).isZero();
  }

  @Test
  void defect08_eachConnectionReplacesItsOwnDeadSession() {
    StrategyConnection one = connect();
    StrategyConnection two = connect();
    cluster.forgetSessions();
    for (StrategyConnection connection : List.of(one, two, one, two)) {
      try (Query query = connection.execute("rows 3")) {
        assertThat(StrategyConnectionTest.read(query)).hasSize(3);
      }
    }
    assertThat(cluster.seen(AUTHENTICATE)).hasSize(4);
  }

  @Test
  void defect09_aNewConnectionDoesNotMoveOpenQueries() {
    Query open = connect().execute("rows 30");
    assertThat(open.nextBatch()).isPresent();
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    assertThat(open.nextBatch()).isPresent();
    assertThat(state()).isEqualTo(new StrategyState.Transitioning(Strategy.BLUE, Strategy.GREEN));
    connect();
    assertThat(state()).isEqualTo(new StrategyState.Green());
    assertThat(events.of(StrategyEvent.Applied.class))
        .extracting(StrategyEvent.Applied::safePoint)
        .containsExactly(SafePoint.CONNECTION_ESTABLISHED);
    assertThat(StrategyConnectionTest.read(open)).hasSize(10);
    assertThat(cluster.strategies(FETCH)).containsOnly("blue");
    open.close();
  }

  @Test
  void defect10_anotherAuthenticationDisturbsNoCallThatIsUnderWay() throws InterruptedException {
    StrategyConnection connection = connect();
    Query slow = connection.execute("rows 3");
    assertThat(slow.columns()).hasSize(2);
    Held held = cluster.hold(FETCH);
    Future<List<Long>> reading = threads.submit(() -> StrategyConnectionTest.read(slow));
    held.awaitArrival();
    cluster.refuse(PREPARE, null, 1, ScriptedCluster.GONE);
    connection.execute("rows 3").close();
    assertThat(cluster.seen(AUTHENTICATE)).hasSize(2);
    held.release();
    assertThat(get(reading)).hasSize(3);
    slow.close();
  }

  @Test
  void defect11_aQueryIsPinnedToTheStrategyThatWasSent() throws InterruptedException {
    StrategyConnection connection = connect();
    Held held = cluster.hold(PREPARE);
    Future<Query> preparing = threads.submit(() -> connection.execute("rows 3"));
    held.awaitArrival();
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    connect();
    assertThat(state()).isEqualTo(new StrategyState.Green());
    held.release();
    Query query = get(preparing);
    assertThat(query.strategy()).isEqualTo(Strategy.BLUE);
    assertThat(StrategyConnectionTest.read(query)).hasSize(3);
    query.close();
  }

  @Test
  void defect12_aNewQueryCarriesNothingOfTheOldOne() {
    StrategyConnection connection = connect();
    connection.execute("rows 3").close();
    cluster.live(Strategy.GREEN);
    Query query = connection.execute("rows 3");
    assertThat(StrategyConnectionTest.read(query)).hasSize(3);
    assertThat(cluster.seen(PREPARE)).allMatch(call -> call.planner().isEmpty());
    assertThat(cluster.seen(FETCH))
        .allMatch(call -> call.planner().equals(ScriptedCluster.planner(Strategy.GREEN)));
    query.close();
    assertThat(cluster.openQueries()).isZero();
  }

  @Test
  void defect13_overlappingLoadDoesNotHoldTheChangeBack() {
    StrategyConnection connection = connect();
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    Query open = connection.execute("rows 3");
    assertThat(open.strategy()).isEqualTo(Strategy.BLUE);
    for (int i = 0; i < 5; i++) {
      Query next = connection.execute("rows 3");
      assertThat(next.strategy()).isEqualTo(Strategy.GREEN);
      open.close();
      open = next;
      assertThat(state()).isEqualTo(new StrategyState.Green());
    }
    open.close();
    assertThat(events.of(StrategyEvent.Applied.class)).hasSize(1);
  }

  @Test
  void defect14_announcingTheActiveStrategyTakesThePendingOneBack() {
    StrategyConnection connection = connect();
    Query query = connection.execute("rows 3");
    bothAnswer();
    cluster.announce(Strategy.GREEN);
    var _ = query.status();
    assertThat(state()).isEqualTo(new StrategyState.Transitioning(Strategy.BLUE, Strategy.GREEN));
    cluster.announce(Strategy.BLUE);
    var _ = query.status();
    assertThat(state()).isEqualTo(new StrategyState.Blue());
    try (Query next = connection.execute("rows 3")) {
      assertThat(next.strategy()).isEqualTo(Strategy.BLUE);
    }
    query.close();
    assertThat(events.of(StrategyEvent.AnnouncementWithdrawn.class))
        .containsExactly(new StrategyEvent.AnnouncementWithdrawn(Strategy.BLUE, Strategy.GREEN));
    assertThat(events.of(StrategyEvent.Applied.class)).isEmpty();
  }

  @Test
  void defect15_whatIsKnownAgesAndBelongsToOneClusterAndIsShared() throws Exception {
    StrategyConnection connection = connect();
    try (ScriptedCluster other = new ScriptedCluster();
        MemoryStorage shared = new MemoryStorage(Duration.ofMinutes(5), clock);
        StrategyManager one = manager(shared);
        StrategyManager two = manager(shared)) {
      other.live(Strategy.GREEN);
      StrategyConnection elsewhere =
          StrategyConnection.open(StrategyConnectionTest.settings(other), manager);
      assertThat(state()).isEqualTo(new StrategyState.Blue());
      assertThat(manager.snapshot(other.key()).state()).isEqualTo(new StrategyState.Green());
      elsewhere.close();

      StrategyConnection.open(StrategyConnectionTest.settings(other), one).close();
      assertThat(two.snapshot(other.key()).state()).isEqualTo(new StrategyState.Green());

      clock.advance(Duration.ofSeconds(301));
      assertThat(state()).isEqualTo(new StrategyState.NoStrategy());
      cluster.live(Strategy.GREEN);
      try (Query query = connection.execute("rows 3")) {
        assertThat(query.strategy()).isEqualTo(Strategy.GREEN);
      }
      assertThat(cluster.strategies(AUTHENTICATE)).containsExactly("blue", "blue", "green");
    }
  }

  @Test
  void defect16_afterResumingTheSameStackIsAskedFirst() {
    cluster.suspended = true;
    StrategyConnection connection =
        StrategyConnection.open(
            StrategyConnectionTest.settings(cluster).withResume(Duration.ofSeconds(20)), manager);
    connections.add(connection);
    assertThat(cluster.strategies("resume")).containsExactly("blue");
    assertThat(cluster.strategies(AUTHENTICATE)).containsExactly("blue", "green", "blue");
    assertThat(state()).isEqualTo(new StrategyState.Blue());
  }
}
