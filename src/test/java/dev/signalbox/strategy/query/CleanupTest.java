package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signalbox.strategy.MemoryStorage;
import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.ScriptedCluster.Held;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.TestClock;
import dev.signalbox.support.Await;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Queries that cannot be ended at once, of an application that does nothing more.
class CleanupTest {
  private static final String EXECUTE = "executeStatementV2";
  private static final String CLEAR = "clearOrCancelQuery";

  private final TestClock clock = new TestClock();
  private ScriptedCluster cluster;
  private StrategyManager manager;
  private StrategyConnection connection;

  @BeforeEach
  void connect() throws IOException {
    StrategyConfig config = StrategyConfig.defaults().withRetryAttempts(1);
    TestClock frozen = new TestClock();
    cluster = new ScriptedCluster();
    manager = clock.manager(config, new MemoryStorage(config.cacheTtl(), frozen), frozen);
    connection = StrategyConnection.open(StrategyConnectionTest.settings(cluster), manager);
  }

  @AfterEach
  void disconnect() {
    connection.close();
    manager.close();
    cluster.close();
    assertThat(cluster.violations()).isEmpty();
  }

  private int pinned() {
    return manager.snapshot(cluster.key()).openQueries();
  }

  private void awaitNothingLeft() throws InterruptedException {
    Await.until("nothing is left", () -> cluster.openQueries() == 0 && pinned() == 0);
  }

  private void executeAndLoseTheAnswer() {
    cluster.lose(EXECUTE, 1, Status.UNAVAILABLE.withDescription("reset"));
    assertThatExceptionOfType(AmbiguousExecutionException.class)
        .isThrownBy(() -> connection.execute("rows 3"));
  }

  @Test
  void anIdleClientTriesUntilItsQueryIsEnded() throws InterruptedException {
    Query query = connection.execute("rows 3");
    // Each pass asks twice.
    cluster.refuse(CLEAR, null, 7, Status.UNAVAILABLE);
    query.close();
    assertThat(pinned()).isEqualTo(1);
    awaitNothingLeft();
    assertThat(cluster.seen(CLEAR)).hasSize(8);
  }

  @Test
  void aQueryThatIsLeftWhileAnotherOneIsBeingEndedIsNotForgotten() throws InterruptedException {
    Held held = cluster.hold(CLEAR);
    executeAndLoseTheAnswer();
    held.awaitArrival();
    executeAndLoseTheAnswer();
    assertThat(cluster.openQueries()).isEqualTo(2);
    held.release();
    awaitNothingLeft();
  }

  @Test
  void aQueryThatGotTooOldIsNotTriedAnyMore() throws InterruptedException {
    Query query = connection.execute("rows 3");
    cluster.refuse(CLEAR, null, Integer.MAX_VALUE, Status.INTERNAL);
    query.close();
    clock.advance(Duration.ofHours(25));
    Await.until("given up", () -> !connection.cleanup().trying());
    assertThat(pinned()).isZero();
  }

  @Test
  void aQueryThatGotTooOldReleasesItsSession() {
    // Its application never ends it.
    var _ = connection.execute("rows 3");
    cluster.accepting = List.of(Strategy.values());
    cluster.announce(Strategy.GREEN);
    connection.execute("rows 3").close();
    connection.execute("rows 3").close();
    clock.advance(Duration.ofHours(25));
    connection.execute("rows 3").close();
    assertThat(pinned()).isZero();
    cluster.announce(Strategy.BLUE);
    connection.execute("rows 3").close();
    connection.execute("rows 3").close();
    assertThat(cluster.strategies("authenticate")).containsExactly("blue", "green", "blue");
  }

  @Test
  void closingEndsTheTrying() throws InterruptedException {
    Query query = connection.execute("rows 3");
    cluster.refuse(CLEAR, null, Integer.MAX_VALUE, Status.INTERNAL);
    query.close();
    Await.until("it is tried", () -> cluster.seen(CLEAR).size() >= 3);
    connection.close();
    assertThat(pinned()).isZero();
  }

  /// None of them says that the stack does not have the query any more.
  @ParameterizedTest
  @CsvSource({
    "INTERNAL,broken",
    "UNKNOWN,HTTP status code 500",
    "UNAUTHENTICATED,HTTP status code 401",
    "PERMISSION_DENIED,HTTP status code 403",
    "RESOURCE_EXHAUSTED,busy",
  })
  void anUnclearAnswerKeepsTheQueryPinned(Status.Code code, String text)
      throws InterruptedException {
    Query query = connection.execute("rows 3");
    cluster.refuse(CLEAR, null, 2, code.toStatus().withDescription(text));
    cluster.refuse("cancelQuery", null, 2, code.toStatus().withDescription(text));
    assertThatExceptionOfType(StrategyException.class).isThrownBy(query::clear);
    assertThatExceptionOfType(StrategyException.class).isThrownBy(query::cancel);
    assertThat(pinned()).isEqualTo(1);
    query.close();
    awaitNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN,status: 456",
    "INTERNAL,Access denied",
    "NOT_FOUND,no such query",
    "INVALID_ARGUMENT,no such session",
  })
  void aStackThatKnowsNothingOfTheQueryIsTakenAtItsWord(Status.Code code, String text) {
    Query query = connection.execute("rows 3");
    cluster.refuse(CLEAR, null, 1, code.toStatus().withDescription(text));
    query.clear();
    assertThat(pinned()).isZero();
    assertThat(cluster.seen(CLEAR)).hasSize(1);
  }
}
