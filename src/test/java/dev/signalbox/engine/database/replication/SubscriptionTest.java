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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubscriptionTest {
  @TempDir Path folder;

  /// A server that logs each statement, when it begins, when it ends and when it fails.
  @Test
  void noServerLogsThePasswordThatASubscriptionCarries() throws Exception {
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
      Coordinates at = server.coordinates("postgres");
      try (Connection c = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
          Statement statement = c.createStatement()) {
        statement.execute("CREATE PUBLICATION " + channel.name());
        statement.execute(
            "SELECT pg_create_logical_replication_slot('" + channel.name() + "', 'pgoutput')");
        statement.execute("SELECT 'a statement that is logged'");
        Subscription.create(Jdbi.open(c), channel, at, false, false);
        assertThat(Subscription.oid(Jdbi.open(c), channel)).isPositive();
      }
      Coordinates nowhere = new Coordinates("127.0.0.1", 1, "postgres", "u", "another-secret");
      try (Connection c = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password())) {
        assertThatThrownBy(() ->
                Subscription.create(
                    Jdbi.open(c), Channel.of("test", Colour.GREEN), nowhere, false, false))
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
