package dev.signalbox.cluster.query;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.cluster.TestCluster;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.Literals;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CursorTest {
  private static final int BATCH_ROWS = 10;
  private static final int WAITING_BYTES = 64 << 10;

  @TempDir Path folder;
  private TestDatabases databases;
  private QueryEngine engine;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    engine = engine(Duration.ofSeconds(60), 32 << 20);
  }

  private QueryEngine engine(Duration statementTimeout, int bufferedBytes) throws Exception {
    Limits d = Limits.defaults();
    return new QueryEngine(
        Strategy.BLUE,
        TestCluster.engine(folder, databases.blue(), statementTimeout, 2),
        Literals.BACKSLASH,
        new Limits(
            d.sessions(),
            d.sessionsPerUser(),
            d.queries(),
            d.queriesPerSession(),
            d.batchBytes(),
            BATCH_ROWS,
            bufferedBytes,
            WAITING_BYTES,
            d.sqlCharacters(),
            d.messageBytes(),
            d.sessionIdle(),
            d.queryIdle()));
  }

  @AfterEach
  void end() throws Exception {
    engine.close();
    databases.close();
  }

  private Cursor opened(String sql) {
    Cursor cursor = engine.cursor(sql, "");
    cursor.open();
    return cursor;
  }

  @Test
  void aResultThatWasCutOffDoesNotLookComplete() {
    Cursor failed = opened("SELECT 1 / (25 - g) FROM generate_series(1, 1000) g");
    assertThat(failed.next().rows()).isEqualTo(BATCH_ROWS);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                assertThat(failed.next().rows()).isEqualTo(BATCH_ROWS);
              }
            })
        .hasMessageContaining("SQLSTATE 22012");
    assertThatThrownBy(failed::next).hasMessageStartingWith("CANCELLED");

    for (int fetched = 0; fetched < 3; fetched++) {
      Cursor closed = opened("SELECT g FROM generate_series(1, 1000) g");
      for (int i = 0; i < fetched; i++) {
        assertThat(closed.next().rows()).isEqualTo(BATCH_ROWS);
      }
      closed.close();
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(closed::next).hasMessageStartingWith("CANCELLED");
      }
    }
  }

  @Test
  void aCompleteResultEndsWithEmptyBatches() {
    Cursor cursor = opened("SELECT g FROM generate_series(1, 15) g");
    assertThat(cursor.next().rows()).isEqualTo(BATCH_ROWS);
    assertThat(cursor.next().rows()).isEqualTo(5);
    assertThat(cursor.exhausted()).isTrue();
    assertThat(cursor.next().bytes().isEmpty()).isTrue();
    assertThat(cursor.next().bytes().isEmpty()).isTrue();
  }

  private boolean working(String sql) {
    return jdbi(databases.blue())
        .withHandle(h ->
            h.createQuery(
                    "SELECT count(*) > 0 FROM pg_stat_activity WHERE state = 'active'"
                        + " AND datname = current_database() AND query = :sql")
                .bind("sql", sql)
                .mapTo(Boolean.class)
                .one());
  }

  @Test
  void aCancellationReachesPostgresWhileRowsAreFetched() throws Exception {
    // The first 16 rows come with the statement. PostgreSQL sleeps in the fetch of the next ones.
    String sql = "SELECT CASE WHEN g > 16 THEN pg_sleep(10) END FROM generate_series(1, 1000) g";
    Cursor cursor = opened(sql);
    assertThat(cursor.next().rows()).isEqualTo(BATCH_ROWS);
    var fetch =
        CompletableFuture.runAsync(() -> {
          var _ = cursor.next();
        });
    Await.until("it sleeps", () -> working(sql));
    cursor.cancel();
    assertThatThrownBy(() -> fetch.get(20, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED");
    // A connection that was merely cut would leave it at work for minutes.
    Await.until("it sleeps no more", () -> !working(sql));
    assertThat(opened("SELECT 1").next().rows()).isEqualTo(1);
  }

  @Test
  void wideRowsBehindNarrowOnesFit() throws Exception {
    try (QueryEngine small = engine(Duration.ofSeconds(60), 1 << 20)) {
      for (String character : new String[] {"x", "ж", "€"}) {
        int width = (25 << 10) / character.getBytes(StandardCharsets.UTF_8).length;
        Cursor cursor =
            small.cursor(
                "SELECT repeat('%s', CASE WHEN g > 16 THEN %d ELSE 1 END) FROM generate_series(1, 300) g"
                    .formatted(character, width),
                "");
        cursor.open();
        int rows = 0;
        for (int batch = cursor.next().rows(); batch > 0; batch = cursor.next().rows()) {
          rows += batch;
        }
        assertThat(rows).isEqualTo(300);
      }
    }
  }

  @Test
  void aStatementCannotSwitchItsTimeoutOff() throws Exception {
    String sql =
        "SELECT CASE WHEN g = 1 THEN set_config('statement_timeout', '0', false)"
            + " WHEN g > 16 THEN pg_sleep(10)::text END FROM generate_series(1, 1000) g";
    try (QueryEngine hasty = engine(Duration.ofMillis(300), 1 << 20)) {
      Cursor cursor = hasty.cursor(sql, "");
      cursor.open();
      assertThat(cursor.next().rows()).isEqualTo(BATCH_ROWS);
      assertThatThrownBy(cursor::next).hasMessageStartingWith("DEADLINE_EXCEEDED");
      Await.until("it sleeps no more", () -> !working(sql));
      assertThat(working(sql)).isFalse();
    }
  }

  @Test
  void resultsThatWaitForTheirReadersAreBounded() throws Exception {
    String sql = "SELECT repeat('x', 40000)";
    Cursor first = opened(sql);
    Cursor second = opened(sql);
    assertThat(second.exhausted()).isTrue();
    assertThatThrownBy(() -> opened("SELECT 1"))
        .hasMessageStartingWith("RESOURCE_EXHAUSTED: not executed: ");
    assertThat(first.next().rows()).isEqualTo(1);
    Cursor third = opened(sql);
    assertThatThrownBy(() -> opened("SELECT 1")).hasMessageContaining("not executed: ");
    // What is given up waits no more.
    second.close();
    Await.until("there is room", () -> opened("SELECT 1").next().rows() == 1);
    third.close();
  }
}
