package dev.signalbox.engine.database.pair;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "UPDATE users SET secret = 'hunter2' WHERE id = 7|UPDATE users SET secret = …",
        "UPDATE users SET secret = E'hun\\'ter2'|UPDATE users SET secret = …",
        "SELECT * FROM t1 WHERE pin = 1234|SELECT * FROM t1 WHERE pin = …",
        "DO $$ BEGIN PERFORM 'hunter2'; END $$|DO …",
        "/* pin 1234 */ UPDATE t SET a = b -- hunter2|UPDATE t SET a = b",
        "UPDATE t SET a = b /* hunter2|UPDATE t SET a = b",
        "LOCK TABLE \"table 2\" IN SHARE MODE|LOCK TABLE \"table …",
        "'hunter2'|…",
        "COMMIT|COMMIT"
      })
  void aStatementIsShownUpToItsFirstValue(String statement, String shown) {
    assertThat(Blockers.withoutValues(statement).strip()).isEqualTo(shown);
  }

  @Test
  void whoeverIsInTheWayIsNamedAndCanBeEnded() throws Exception {
    try (TestDatabases databases = TestDatabases.create();
        TestDatabases others = TestDatabases.create();
        PostgresSession idle = open(databases.blue());
        PostgresSession elsewhere = open(others.blue());
        PostgresSession reader = open(databases.blue())) {
      jdbi(databases.blue()).useHandle(h -> h.execute("CREATE TABLE t (id int PRIMARY KEY)"));
      jdbi(others.blue()).useHandle(h -> h.execute("CREATE TABLE t (id int PRIMARY KEY)"));
      idle.run(h -> Verbatim.run(h, "BEGIN; INSERT INTO t VALUES (1)"));
      elsewhere.run(h -> Verbatim.run(h, "BEGIN; INSERT INTO t VALUES (1)"));
      reader.run(h -> Verbatim.run(h, "BEGIN; SELECT * FROM t"));
      jdbi(databases.blue())
          .useHandle(h -> {
            assertThat(Blockers.find(h, Duration.ZERO))
                .singleElement()
                .asString()
                .contains(
                    "session " + pid(idle), "idle in transaction", "INSERT INTO t VALUES ( …");
            assertThat(Blockers.find(h, Duration.ofMinutes(1))).isEmpty();
            assertThat(Blockers.ofSlot(h, Duration.ZERO))
                .extracting(Blocker::kind, Blocker::pid)
                .contains(
                    tuple(Blocker.Kind.IDLE, pid(idle)),
                    tuple(Blocker.Kind.OTHER_DATABASE, pid(elsewhere)))
                .doesNotContain(tuple(Blocker.Kind.IDLE, pid(reader)));
            // Who holds nothing up is left alone.
            assertThat(Blockers.end(h, pid(reader), true)).isEmpty();
            assertThat(Blockers.end(h, pid(idle), true)).isPresent();
          });
      Await.until(
          "it is gone",
          () -> jdbi(databases.blue()).withHandle(h -> Blockers.find(h, Duration.ZERO).isEmpty()));
      assertThatThrownBy(() -> idle.run(h -> h.execute("SELECT 1")))
          .isInstanceOf(SQLException.class);
      reader.run(h -> h.execute("SELECT 1"));
      assertThat(TestDatabases.count(databases.blue(), "t")).isZero();
    }
  }

  private static PostgresSession open(PostgresServer server) throws SQLException {
    PostgresSession session = PostgresSession.open(server, "app", Duration.ofSeconds(10));
    session.run(h -> h.execute("SET application_name = 'app'"));
    return session;
  }

  private static int pid(PostgresSession session) throws SQLException {
    return session.ask(
        h -> h.getConnection().unwrap(org.postgresql.PGConnection.class).getBackendPID());
  }
}
