package dev.signalbox.demo.query;

import dev.signalbox.demo.query.QueryLoad.Target;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.query.Batch;
import dev.signalbox.strategy.query.Query;
import dev.signalbox.strategy.query.StrategyConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One query whose every row is known beforehand: a number that rises by one, the sum of all
/// balances, and the system identifier of the database, which must be that of the stack the client
/// believes to be on, from the first row to the last.
///
/// @param rows of the answer
/// @param thinks how long PostgreSQL takes before the first row
/// @param reads how long the client takes to read all batches
record CheckedQuery(Target target, int rows, Duration thinks, Duration reads) {
  private static final Logger LOG = LoggerFactory.getLogger(CheckedQuery.class);
  private static final int MANY_ROWS = 60_000;

  /// Mostly short ones, some that think long, some that are read slowly.
  static CheckedQuery any(Target target, Random random) {
    Duration some = target.longest().multipliedBy(random.nextInt(1, 101)).dividedBy(100);
    return switch (random.nextInt(6)) {
      case 0 -> new CheckedQuery(target, 1, some, Duration.ZERO);
      case 1 -> new CheckedQuery(target, MANY_ROWS, Duration.ZERO, some);
      default -> new CheckedQuery(target, 100, Duration.ZERO, Duration.ZERO);
    };
  }

  private String sql() {
    return """
    SELECT n, s.total, (SELECT system_identifier FROM pg_control_system())
    FROM generate_series(1, %d) n, (SELECT sum(balance)::bigint AS total FROM accounts) s
    WHERE (SELECT pg_sleep(%s) IS NOT NULL)\
    """
        .formatted(rows, thinks.toMillis() / 1000.0);
  }

  QueryOutcome run(StrategyConnection connection) {
    try (Query query = connection.execute(sql())) {
      Strategy strategy = query.strategy();
      String wrong = read(query);
      query.clear();
      if (!wrong.isEmpty()) {
        LOG.error("{} on {}: {}", query.id(), strategy, wrong);
      }
      return new QueryOutcome(false, !wrong.isEmpty(), strategy.wire());
    } catch (StrategyException e) {
      // Whoever ends the load breaks what is under way: no failure of the cluster.
      if (!Thread.currentThread().isInterrupted()) {
        LOG.error("a query failed", e);
      }
      return QueryOutcome.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return QueryOutcome.FAILED;
    }
  }

  /// @return what is wrong; empty when nothing
  private String read(Query query) throws InterruptedException {
    int batches = Math.max(1, rows / 10_000);
    long seen = 0;
    while (true) {
      Optional<Batch> next = query.nextBatch();
      if (next.isEmpty()) {
        return seen == rows ? "" : seen + " rows came, expected " + rows;
      }
      Batch batch = next.get();
      String system = target.systems().getOrDefault(query.strategy(), "");
      for (int row = 0; row < batch.rowCount(); row++) {
        seen++;
        if (!(batch.value(row, 0) instanceof Number number) || number.longValue() != seen) {
          return "row " + seen + " says " + batch.value(row, 0);
        }
        if (!(batch.value(row, 1) instanceof Number sum) || sum.longValue() != target.sum()) {
          return "all accounts hold " + batch.value(row, 1) + ", expected " + target.sum();
        }
        if (!system.equals(String.valueOf(batch.value(row, 2)))) {
          return "row " + seen + " comes from system " + batch.value(row, 2) + ", not " + system;
        }
      }
      Thread.sleep(reads.dividedBy(batches));
    }
  }
}
