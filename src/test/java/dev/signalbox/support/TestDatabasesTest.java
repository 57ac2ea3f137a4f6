package dev.signalbox.support;

import static dev.signalbox.support.TestDatabases.count;
import static dev.signalbox.support.TestDatabases.identity;
import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.postgres.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TestDatabasesTest {
  @Test
  void replicatesAndGoesWithoutATrace() throws Exception {
    String name;
    try (TestDatabases databases = TestDatabases.create()) {
      PostgresServer.Coordinates blue = databases.blue().coordinates();
      name = blue.database();
      assertThat(identity(databases.blue())).isNotEqualTo(identity(databases.green()));
      for (PostgresServer server : List.of(databases.blue(), databases.green())) {
        jdbi(server).useHandle(h -> h.execute("CREATE TABLE t (id int PRIMARY KEY)"));
      }
      jdbi(databases.blue()).useHandle(h -> h.execute("INSERT INTO t VALUES (1)"));
      jdbi(databases.blue()).useHandle(h -> h.execute("CREATE PUBLICATION p FOR TABLE t"));
      String from =
          "host=127.0.0.1 port=%d dbname=%s user=%s password=%s"
              .formatted(blue.port(), name, blue.user(), blue.password());
      jdbi(databases.green())
          .useHandle(h ->
              h.execute(
                  "CREATE SUBSCRIPTION s_"
                      + name
                      + " CONNECTION '"
                      + from
                      + "' PUBLICATION p WITH (origin = none)"));
      Await.until("the row arrives", () -> count(databases.green(), "t") == 1);
      jdbi(databases.blue()).useHandle(h -> h.execute("INSERT INTO t VALUES (2)"));
      Await.until("the second row arrives", () -> count(databases.green(), "t") == 2);
    }
    try (TestDatabases after = TestDatabases.create()) {
      for (PostgresServer server : List.of(after.blue(), after.green())) {
        assertThat(count(server, "pg_database WHERE datname = '" + name + "'")).isZero();
        assertThat(count(server, "pg_replication_slots WHERE database = '" + name + "'")).isZero();
        assertThat(count(server, "pg_subscription WHERE subname = 's_" + name + "'")).isZero();
      }
    }
  }
}
