package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.StrategyState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The query client against a cluster that behaves.
class StrategyConnectionTest {
  private ScriptedCluster cluster;
  private StrategyManager manager;
  private StrategyConnection connection;

  @BeforeEach
  void connect() throws IOException {
    cluster = new ScriptedCluster();
    manager = new StrategyManager(StrategyConfig.defaults());
    connection = StrategyConnection.open(settings(cluster), manager);
  }

  static ConnectionSettings settings(ScriptedCluster cluster) {
    return ConnectionSettings.of(
            cluster.key(),
            new Credentials(ScriptedCluster.USER, ScriptedCluster.PASSWORD.toCharArray()))
        .withCatalog("bank")
        .withSchema("public");
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.close();
    manager.close();
    cluster.close();
    assertThat(cluster.violations()).isEmpty();
    assertThat(cluster.openQueries()).isZero();
  }

  static List<Long> read(Query query) {
    List<Long> numbers = new ArrayList<>();
    Optional<Batch> batch = query.nextBatch();
    while (batch.isPresent()) {
      for (int row = 0; row < batch.get().rowCount(); row++) {
        numbers.add((Long) batch.get().value(row, 1));
      }
      batch = query.nextBatch();
    }
    return numbers;
  }

  @Test
  void readsAResultToItsEnd() {
    try (Query query = connection.execute("rows 25;")) {
      assertThat(query.columns())
          .containsExactly(
              new Column("strategy", "STRING", "", ""), new Column("number", "LONG", "", ""));
      assertThat(query.status()).isEqualTo(new QueryStatus(true, 25));
      assertThat(query.rowCount()).isEqualTo(25);
      assertThat(read(query)).hasSize(25).startsWith(0L).endsWith(24L);
      assertThat(query.nextBatch()).isEmpty();
      assertThat(query.explain()).isEqualTo("Scan");
      assertThat(query.explainAnalyze()).isEqualTo("Scan in 1 ms");
    }
    assertThat(cluster.openQueries()).isZero();
    assertThat(manager.snapshot(cluster.key()).openQueries()).isZero();
    assertThat(manager.snapshot(cluster.key()).state()).isEqualTo(new StrategyState.Blue());
  }

  @Test
  void looksAround() {
    assertThat(connection.schemas()).containsExactly("public");
    assertThat(connection.tables("public")).containsExactly("public.t");
    assertThat(connection.columns("public", "t")).containsExactly(new Column("id", "LONG", "", ""));
    assertThat(connection.dryRun("select 1;")).isEqualTo("fine");
  }

  @Test
  void anAnnouncedChangeTakesNewQueriesAndLeavesOpenOnes() {
    try (Query old = connection.execute("rows 30")) {
      assertThat(old.nextBatch()).isPresent();
      cluster.accepting = List.of(Strategy.BLUE, Strategy.GREEN);
      cluster.announce(Strategy.GREEN);
      assertThat(old.nextBatch()).isPresent();
      try (Query young = connection.execute("rows 5")) {
        assertThat(young.strategy()).isEqualTo(Strategy.GREEN);
        assertThat(read(young)).hasSize(5);
      }
      assertThat(manager.snapshot(cluster.key()).state()).isEqualTo(new StrategyState.Green());
      assertThat(old.strategy()).isEqualTo(Strategy.BLUE);
      assertThat(read(old)).hasSize(10);
    }
  }
}
