package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signalbox.strategy.ClusterSuspendedException;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.Events;
import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.ScriptedCluster.Held;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.TooManyQueriesException;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the query client does when the cluster fails in one way or another.
class RecoveryTest {
  private static final Status FULL =
      Status.RESOURCE_EXHAUSTED.withDescription("not executed: too many queries run");

  private final Events events = new Events();
  private final Queue<StrategyConnection> connections = new ConcurrentLinkedQueue<>();
  private final List<StrategyManager> managers = new ArrayList<>();
  private ScriptedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new ScriptedCluster();
  }

  @AfterEach
  void stop() throws InterruptedException {
    connections.forEach(StrategyConnection::close);
    managers.forEach(StrategyManager::close);
    cluster.close();
    assertThat(cluster.violations()).isEmpty();
  }

  private StrategyManager manager(StrategyConfig config) {
    StrategyManager made = new StrategyManager(config);
    var _ = made.observe(events);
    managers.add(made);
    return made;
  }

  private StrategyConnection connect(StrategyConfig config) {
    return connect(StrategyConnectionTest.settings(cluster), manager(config));
  }

  private StrategyConnection connect(ConnectionSettings settings, StrategyManager manager) {
    StrategyConnection made = StrategyConnection.open(settings, manager);
    connections.add(made);
    return made;
  }

  private static StrategyConfig impatient() {
    return StrategyConfig.defaults()
        .withCallTimeout(Duration.ofSeconds(1))
        .withPrepareTimeout(Duration.ofSeconds(1));
  }

  @Test
  void aStackThatHangsLeavesTimeForTheOther() {
    cluster.hang("authenticate", Strategy.BLUE, 10);
    cluster.accepting = List.of(Strategy.values());
    StrategyConnection connection =
        connect(StrategyConfig.defaults().withDetectionTimeout(Duration.ofSeconds(10)));
    try (Query query = connection.execute("rows 1")) {
      assertThat(query.strategy()).isEqualTo(Strategy.GREEN);
    }
  }

  @Test
  void anExecutionWithoutAnAnswerIsAmbiguousAndCleared() throws InterruptedException {
    StrategyConnection connection = connect(impatient());
    cluster.hang("executeStatementV2", null, 1);
    assertThatExceptionOfType(AmbiguousExecutionException.class)
        .isThrownBy(() -> connection.execute("rows 3"))
        .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.TIMEOUT));
    assertThat(cluster.seen("prepareStatementV2")).hasSize(1);
    Await.until("it is cleared", () -> cluster.openQueries() == 0);
  }

  @Test
  void aFullClusterExecutedNothingSoItIsRedone() throws InterruptedException {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    cluster.refuse("executeStatementV2", null, 2, FULL);
    try (Query query = connection.execute("rows 3")) {
      assertThat(StrategyConnectionTest.read(query)).hasSize(3);
    }
    assertThat(cluster.seen("executeStatementV2")).hasSize(3);
    Await.until("what was prepared for nothing is cleared", () -> cluster.openQueries() == 0);
  }

  @Test
  void aClusterThatStaysFullIsAnErrorThatSaysWhatWasNotDone() throws InterruptedException {
    StrategyConnection connection = connect(StrategyConfig.defaults().withRetryAttempts(2));
    cluster.refuse("executeStatementV2", null, 100, FULL);
    assertThatExceptionOfType(StrategyException.class)
        .isThrownBy(() -> connection.execute("rows 3"))
        .isNotInstanceOf(AmbiguousExecutionException.class)
        .withMessageContaining("the cluster is full and did not execute it")
        .withMessageContaining("too many queries");
    assertThat(cluster.seen("executeStatementV2")).hasSize(3);
    Await.until("all are cleared", () -> cluster.openQueries() == 0);
  }

  @Test
  void anotherOverloadLeavesOpenWhetherItWasExecuted() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    cluster.lose("executeStatementV2", 1, Status.RESOURCE_EXHAUSTED.withDescription("disk full"));
    assertThatExceptionOfType(AmbiguousExecutionException.class)
        .isThrownBy(() -> connection.execute("rows 3"));
    assertThat(cluster.seen("executeStatementV2")).hasSize(1);
  }

  @Test
  void aPrepareWithoutAnAnswerWasNotExecuted() {
    StrategyConnection connection = connect(impatient());
    cluster.hang("prepareStatementV2", null, 1);
    assertThatExceptionOfType(StrategyException.class)
        .isThrownBy(() -> connection.execute("rows 3"))
        .isNotInstanceOf(AmbiguousExecutionException.class)
        .withMessageContaining("Preparing the query failed: no answer in time");
  }

  @Test
  void aPrepareThatFailedInPassingIsRedone() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    cluster.refuse("prepareStatementV2", null, 2, Status.UNAVAILABLE);
    connection.execute("rows 3").close();
    assertThat(cluster.openQueries()).isZero();
  }

  @Test
  void aBatchThatWasLostInterruptsTheQuery() {
    try (Query query = connect(impatient()).execute("rows 30")) {
      assertThat(query.nextBatch()).isPresent();
      cluster.lose("getNextResultBatch", 1, Status.UNAVAILABLE);
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(QueryInterruptedException.class)
            .isThrownBy(query::nextBatch)
            .withMessageContaining("after 10 rows: a batch was lost");
      }
    }
    assertThat(cluster.seen("getNextResultBatch")).hasSize(2);
  }

  @Test
  void aFailedQueryIsNotRepeated() throws InterruptedException {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    cluster.refuse(
        "executeStatementV2", null, 1, Status.INVALID_ARGUMENT.withDescription("no table 't'"));
    assertThatExceptionOfType(StrategyException.class)
        .isThrownBy(() -> connection.execute("select * from t"))
        .withMessage("Executing the query failed: INVALID_ARGUMENT (no table 't').");
    assertThat(cluster.seen("executeStatementV2")).hasSize(1);
    Await.until("it is cleared", () -> cluster.openQueries() == 0);
  }

  @Test
  void aSessionThatIsGoneIsReplacedUnlessRowsWereRead() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    try (Query unread = connection.execute("rows 15");
        Query read = connection.execute("rows 15")) {
      assertThat(read.nextBatch()).isPresent();
      cluster.forgetSessions();
      assertThat(unread.status()).isEqualTo(new QueryStatus(true, 15));
      assertThat(StrategyConnectionTest.read(unread)).hasSize(15);
      assertThatExceptionOfType(QueryInterruptedException.class)
          .isThrownBy(read::nextBatch)
          .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.SESSION_GONE));
    }
    assertThat(cluster.openQueries()).isZero();
    assertThat(cluster.seen("authenticate")).hasSize(2);
  }

  @Test
  void refusalsAreRedoneTwiceAndNoMore() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    cluster.refuse("prepareStatementV2", null, 100, ScriptedCluster.WRONG);
    assertThatExceptionOfType(StrategyException.class)
        .isThrownBy(() -> connection.execute("rows 1"))
        .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.WRONG_STRATEGY));
    assertThat(cluster.seen("prepareStatementV2")).hasSize(3);
  }

  @Test
  void aSuspendedClusterIsSaidToBeSo() {
    cluster.suspended = true;
    assertThatExceptionOfType(ClusterSuspendedException.class)
        .isThrownBy(() -> connect(StrategyConfig.defaults()))
        .withMessageContaining("is suspended");
    assertThat(cluster.seen("resume")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resuming", ""})
  void resumingIsBounded(String state) {
    cluster.suspended = true;
    cluster.resumption = state;
    ConnectionSettings settings =
        StrategyConnectionTest.settings(cluster).withResume(Duration.ofSeconds(1));
    assertThatExceptionOfType(ClusterSuspendedException.class)
        .isThrownBy(() -> connect(settings, manager(StrategyConfig.defaults())))
        .withMessageContaining("did not resume within 1 s");
  }

  @Test
  void aFailureThatPassesIsNoEndOfResuming() throws InterruptedException {
    cluster.suspended = true;
    cluster.resumption = "resuming";
    cluster.refuse("resume", null, 1, Status.UNAVAILABLE.withDescription("reset"));
    // More than the interceptor repeats.
    cluster.refuse("status", null, 3, Status.UNAVAILABLE.withDescription("reset"));
    cluster.refuse("status", null, 1, Status.DEADLINE_EXCEEDED);
    cluster.refuse("status", Strategy.BLUE, 1, ScriptedCluster.WRONG);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> opening =
          threads.submit(() ->
              connect(
                  StrategyConnectionTest.settings(cluster).withResume(Duration.ofMinutes(1)),
                  manager(StrategyConfig.defaults().withRetryAttempts(1))));
      Await.until("the other stack is asked", () -> cluster.strategies("status").contains("green"));
      cluster.resumption = "Active";
      Await.until("it is connected", opening::isDone);
      assertThat(opening.state()).isEqualTo(Future.State.SUCCESS);
    }
    assertThat(cluster.strategies("resume")).containsExactly("blue", "blue");
  }

  @Test
  void whenNeitherStackResumesThatIsAnError() {
    cluster.suspended = true;
    cluster.refuse("resume", null, 2, ScriptedCluster.WRONG);
    assertThatExceptionOfType(StrategyException.class)
        .isThrownBy(() ->
            connect(
                StrategyConnectionTest.settings(cluster).withResume(Duration.ofMinutes(1)),
                manager(StrategyConfig.defaults())))
        .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.WRONG_STRATEGY));
    assertThat(cluster.strategies("resume")).containsExactly("blue", "green");
  }

  @Test
  void whoWaitsForASessionIsAsPatientAsWhoResumes() {
    StrategyConnection connection =
        connect(
            StrategyConnectionTest.settings(cluster).withResume(Duration.ofMinutes(20)),
            manager(StrategyConfig.defaults()));
    assertThat(connection.sessions().patience())
        .isGreaterThanOrEqualTo(Duration.ofMinutes(20).plusSeconds(60));
  }

  @Test
  void aSuspensionBetweenQueriesIsResumed() {
    StrategyConnection connection =
        connect(
            StrategyConnectionTest.settings(cluster).withResume(Duration.ofSeconds(20)),
            manager(StrategyConfig.defaults()));
    cluster.suspended = true;
    connection.execute("rows 1").close();
    assertThat(cluster.strategies("resume")).containsExactly("blue");
  }

  @Test
  void cancellingInterruptsAFetchThatWaits() throws InterruptedException {
    Query query = connect(StrategyConfig.defaults()).execute("rows 3");
    assertThat(query.columns()).hasSize(2);
    Held held = cluster.hold("getNextResultBatch");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> fetching = threads.submit(query::nextBatch);
      held.awaitArrival();
      query.cancel();
      held.release();
      Await.until("the fetch ended", fetching::isDone);
      assertThat(fetching.exceptionNow())
          .isInstanceOf(QueryInterruptedException.class)
          .hasMessageContaining("it was ended meanwhile");
    }
    assertThat(cluster.openQueries()).isZero();
    assertThatIllegalStateException()
        .isThrownBy(query::nextBatch)
        .withMessageContaining("cancelled");
  }

  @Test
  void aPlannerThatCannotBeOneIsAnErrorOfTheClusterAndLeavesNothingBehind() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    for (String hostile : List.of("10.0.0.1\r\nstrategy: green", "p".repeat(300))) {
      cluster.namedPlanner = hostile;
      assertThatExceptionOfType(MalformedAnswerException.class)
          .isThrownBy(() -> connection.execute("rows 1"))
          .withMessageContaining("planner address")
          .withMessageNotContaining("\n");
      assertThat(cluster.openQueries()).isZero();
    }
    cluster.namedPlanner = null;
    connection.execute("rows 1").close();
  }

  @Test
  void tooManyQueriesLeaveNothingBehind() {
    StrategyConnection connection = connect(StrategyConfig.defaults().withMaxOpenQueries(1));
    try (Query _ = connection.execute("rows 1")) {
      assertThatExceptionOfType(TooManyQueriesException.class)
          .isThrownBy(() -> connection.execute("rows 1"));
      assertThat(cluster.openQueries()).isEqualTo(1);
    }
  }

  @Test
  void closingClearsWhatIsOpenAndGivesUpWhatHangs() {
    StrategyManager manager = manager(StrategyConfig.defaults());
    StrategyConnection connection = connect(StrategyConnectionTest.settings(cluster), manager);
    for (int i = 0; i < 3; i++) {
      var _ = connection.execute("rows 1");
    }
    connection.close();
    assertThat(cluster.openQueries()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> connection.execute("rows 1"));

    StrategyConnection stuck = connect(StrategyConnectionTest.settings(cluster), manager);
    var _ = stuck.execute("rows 1");
    cluster.hang("clearOrCancelQuery", null, 10);
    stuck.close();
    assertThat(events.of(StrategyEvent.QueryClosed.class))
        .extracting(StrategyEvent.QueryClosed::ending)
        .contains("abandoned");
    assertThat(manager.snapshot(cluster.key()).openQueries()).isZero();
  }

  @Test
  void theOldSessionEndsWithItsLastQuery() {
    StrategyConnection connection = connect(StrategyConfig.defaults());
    Query old = connection.execute("rows 3");
    cluster.accepting = List.of(Strategy.values());
    cluster.announce(Strategy.GREEN);
    connection.execute("rows 3").close();
    connection.execute("rows 3").close();
    assertThat(cluster.strategies("authenticate")).containsExactly("blue", "green");
    assertThat(StrategyConnectionTest.read(old)).hasSize(3);
    old.close();
    cluster.announce(Strategy.BLUE);
    connection.execute("rows 3").close();
    connection.execute("rows 3").close();
    assertThat(cluster.strategies("authenticate")).containsExactly("blue", "green", "blue");
  }

  @Test
  void withoutACatalogueTheFirstVersionsAreCalled() {
    ConnectionSettings settings = StrategyConnectionTest.settings(cluster).withCatalog("");
    StrategyConnection connection = connect(settings, manager(StrategyConfig.defaults()));
    try (Query query = connection.execute("rows 3")) {
      assertThat(StrategyConnectionTest.read(query)).hasSize(3);
    }
    assertThat(cluster.seen("prepareStatement")).hasSize(1);
    assertThat(cluster.seen("executeStatement")).hasSize(1);
  }

  @Test
  void manyConnectionsAskTheWrongStackOnce() throws InterruptedException {
    cluster.live(Strategy.GREEN);
    StrategyManager manager = manager(StrategyConfig.defaults());
    Held held = cluster.hold("authenticate");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> opening = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        opening.add(
            threads.submit(() -> connect(StrategyConnectionTest.settings(cluster), manager)));
      }
      held.awaitArrival();
      held.release();
      Await.until("all are connected", () -> opening.stream().allMatch(Future::isDone));
    }
    assertThat(connections).hasSize(20);
    assertThat(cluster.strategies("authenticate")).hasSize(21).containsOnlyOnce("blue");
  }
}
