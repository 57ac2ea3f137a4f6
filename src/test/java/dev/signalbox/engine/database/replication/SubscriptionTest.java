package dev.signalbox.engine.database.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionTest {
  @TempDir Path folder;

  /// A server that logs each statement, when it begins, when it ends and when it fails; for a role
  /// that may not tell it to stop, too.
  @ParameterizedTest
  @ValueSource(strings = {"SUPERUSER", "NOSUPERUSER"})
  void noServerLogsThePasswordThatASubscriptionCarries(String superuser) throws Exception {
    Channel channel = Channel.of("test", Colour.BLUE);
    try (EmbeddedPostgres server =
        EmbeddedPostgres.start(
            folder,
            "green",
            Map.of(
                "log_min_duration_statement", "0",
                "log_statement", "all",
                "log_duration", "on",
                "log_min_error_statement", "debug5"))) {
      Coordinates administrator = server.coordinates("postgres");
      Coordinates at =
          new Coordinates("127.0.0.1", server.port(), "postgres", "console", "the-secret");
      try (Connection c =
              DriverManager.getConnection(
                  administrator.jdbcUrl(), administrator.user(), administrator.password());
          Statement statement = c.createStatement()) {
        statement.execute(
            "SET log_statement = none; SET log_min_duration_statement = -1;"
                + " CREATE ROLE console LOGIN REPLICATION "
                + superuser
                + " PASSWORD 'the-secret' IN ROLE pg_create_subscription;"
                + " GRANT CREATE ON DATABASE postgres TO console");
      }
      try (Connection c = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
          Statement statement = c.createStatement()) {
        statement.execute("CREATE PUBLICATION " + channel.name());
        statement.execute(
            "SELECT pg_create_logical_replication_slot('" + channel.name() + "', 'pgoutput')");
        statement.execute("SELECT 'a statement that is logged'");
        Jdbi.create(c).useTransaction(h -> Subscription.create(h, channel, at, false, false));
        assertThat(Subscription.oid(Jdbi.open(c), channel)).isPositive();
      }
      Coordinates nowhere = new Coordinates("127.0.0.1", 1, "postgres", "u", "another-secret");
      try (Connection c = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password())) {
        assertThatThrownBy(() ->
                Jdbi.create(c)
                    .useTransaction(h ->
                        Subscription.create(
                            h, Channel.of("test", Colour.GREEN), nowhere, true, false)))
            .isInstanceOf(SQLException.class);
      }
      String log = Files.readString(server.log());
      assertThat(log)
          .contains("a statement that is logged")
          .doesNotContain(at.password())
          .doesNotContain("another-secret");
    }
  }
}
