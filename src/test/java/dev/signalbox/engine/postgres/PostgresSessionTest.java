package dev.signalbox.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresSessionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private TestDatabases databases;

  @BeforeEach
  void create() throws SQLException {
    databases = TestDatabases.create();
  }

  @AfterEach
  void close() throws SQLException {
    databases.close();
  }

  @Test
  void aSessionThatServesAgainIsAsANewOne() throws SQLException {
    int first =
        Guarded.ask(
            databases.blue(),
            "untidy",
            TIMEOUT,
            h -> {
              h.execute("SET search_path = ''");
              h.execute("SET statement_timeout = 0");
              h.execute("CREATE TEMP TABLE left_behind (n int)");
              h.execute("SELECT pg_advisory_lock(42)");
              return process(h);
            });
    try (PostgresSession other = PostgresSession.open(databases.blue(), "other", TIMEOUT)) {
      assertThat(
              other.<Boolean>ask(
                  h -> h.select("SELECT pg_try_advisory_lock(42)").mapTo(boolean.class).one()))
          .as("the lock is free at once")
          .isTrue();
    }
    String now =
        Guarded.ask(
            databases.blue(),
            "tidy",
            Duration.ofMillis(1500),
            h ->
                process(h)
                    + " "
                    + setting(h, "search_path")
                    + " "
                    + setting(h, "application_name")
                    + " "
                    + setting(h, "statement_timeout")
                    + " "
                    + setting(h, "lock_timeout")
                    + " "
                    + h.select("SELECT to_regclass('left_behind') IS NULL")
                        .mapTo(boolean.class)
                        .one());
    assertThat(now).isEqualTo(first + " \"$user\", public signalbox tidy 1500ms 1500ms true");
  }

  @Test
  void aSessionThatOnlyReadWritesAgain() throws SQLException {
    int first =
        Guarded.ask(
            databases.blue(),
            "reads",
            TIMEOUT,
            h -> {
              h.setReadOnly(true);
              h.setTransactionIsolationLevel(TransactionIsolationLevel.REPEATABLE_READ);
              h.begin();
              int process = process(h);
              h.commit();
              return process;
            });
    String now =
        Guarded.ask(
            databases.blue(),
            "writes",
            TIMEOUT,
            h -> {
              h.begin();
              h.execute("CREATE TABLE written (n int)");
              String isolation = setting(h, "transaction_isolation");
              h.commit();
              return process(h) + " " + isolation;
            });
    assertThat(now).isEqualTo(first + " read committed");
  }

  @Test
  void aStatementThatIsPreparedOnTheServerIsPreparedAgain() throws SQLException {
    for (int round = 0; round < 3; round++) {
      long sum =
          Guarded.ask(
              databases.blue(),
              "prepare",
              TIMEOUT,
              h -> {
                long all = 0;
                // The driver prepares what is asked for the fifth time.
                for (int n = 0; n < 8; n++) {
                  all += h.select("SELECT ?::int + 1", n).mapTo(int.class).one();
                }
                return all;
              });
      assertThat(sum).isEqualTo(36);
    }
  }

  @Test
  void aSessionThatBrokeWhileItWasIdleIsReplaced() throws Exception {
    int first = Guarded.ask(databases.blue(), "first", TIMEOUT, PostgresSessionTest::process);
    try (PostgresSession other = PostgresSession.open(databases.blue(), "other", TIMEOUT)) {
      other.run(h -> h.execute("SELECT pg_terminate_backend(?, 5000)", first));
    }
    int second = Guarded.ask(databases.blue(), "second", TIMEOUT, PostgresSessionTest::process);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aSessionWhoseWorkFailedIsNotUsedAgain() throws SQLException {
    int[] failed = new int[1];
    assertThatThrownBy(() ->
            Guarded.ask(
                databases.blue(),
                "fails",
                TIMEOUT,
                h -> {
                  failed[0] = process(h);
                  return h.execute("SELECT 1 / 0");
                }))
        .isInstanceOf(SQLException.class);
    assertThat(Guarded.ask(databases.blue(), "next", TIMEOUT, PostgresSessionTest::process))
        .isNotEqualTo(failed[0]);
  }

  @Test
  void aSessionWithAnOpenTransactionEnds() throws Exception {
    int open =
        Guarded.ask(
            databases.blue(),
            "open",
            TIMEOUT,
            h -> {
              h.begin();
              return process(h);
            });
    Await.until("the session is gone", () -> !runs(open));
  }

  @Test
  void anIdleSessionEndsByItself() throws Exception {
    int idle = Guarded.ask(databases.blue(), "idle", TIMEOUT, PostgresSessionTest::process);
    assertThat(runs(idle)).as("kept at first").isTrue();
    Await.until("the session is gone", () -> !runs(idle));
  }

  @Test
  void anOldSessionIsNotKept() throws Exception {
    int first = Guarded.ask(databases.blue(), "first", TIMEOUT, PostgresSessionTest::process);
    Await.until(
        "another session serves although somebody asks all the time",
        () ->
            Guarded.ask(databases.blue(), "again", TIMEOUT, PostgresSessionTest::process) != first);
  }

  @Test
  void anIdleSessionMakesRoomForANewOne() throws SQLException {
    PostgresServer.Coordinates ours = databases.blue().coordinates();
    String role = "few_" + ours.database();
    try (PostgresSession superuser = PostgresSession.open(databases.blue(), "other", TIMEOUT)) {
      superuser.run(
          h -> h.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p' CONNECTION LIMIT 1"));
      PostgresServer few =
          new PostgresServer(
              Colour.BLUE,
              new PostgresServer.Coordinates(ours.host(), ours.port(), ours.database(), role, "p"));
      int idle = Guarded.ask(few, "short", TIMEOUT, PostgresSessionTest::process);
      try (PostgresSession next = PostgresSession.open(few, "long", TIMEOUT)) {
        assertThat(next.<Integer>ask(PostgresSessionTest::process)).isNotEqualTo(idle);
        assertThatThrownBy(() -> PostgresSession.open(few, "too many", TIMEOUT))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("too many connections");
      }
      superuser.run(h ->
          h.execute(
              "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ?",
              role));
      superuser.run(h -> h.execute("DROP ROLE " + role));
    }
  }

  private boolean runs(int process) throws SQLException {
    try (PostgresSession other = PostgresSession.open(databases.blue(), "other", TIMEOUT)) {
      return other.ask(h ->
          h.select("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ?)", process)
              .mapTo(boolean.class)
              .one());
    }
  }

  private static int process(Handle h) {
    return h.select("SELECT pg_backend_pid()").mapTo(int.class).one();
  }

  private static String setting(Handle h, String name) {
    return h.select("SELECT current_setting(?)", name).mapTo(String.class).one();
  }
}
