package dev.signalbox.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.PasswordSource;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.support.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A primary with a streaming standby.
@Tag("long")
class SeveralHostsTest {
  private static final Duration ANSWER = Duration.ofSeconds(5);

  @TempDir Path folder;
  private EmbeddedPostgres primary;
  private EmbeddedPostgres standby;
  private PostgresServer cluster;

  @BeforeEach
  void start() throws Exception {
    primary = EmbeddedPostgres.start(folder, "a", Map.of("fsync", "off"));
    Coordinates at = primary.coordinates("postgres");
    copy(at);
    standby =
        new EmbeddedPostgres(
            folder,
            "b",
            Map.of(
                "fsync",
                "off",
                "primary_conninfo",
                "host=127.0.0.1 port=" + at.port() + " user=postgres password=" + at.password()));
    standby.start();
    List<ServerAddress> hosts = List.of(address(standby.port()), address(primary.port()));
    cluster =
        new PostgresServer(
            Colour.BLUE,
            new Coordinates(
                hosts,
                "postgres",
                at.user(),
                new PasswordSource.Known(at.password()),
                TlsSettings.DEFAULT,
                PeerSettings.like(hosts, TlsSettings.DEFAULT)));
  }

  @AfterEach
  void stop() throws Exception {
    standby.close();
    primary.close();
  }

  private static ServerAddress address(int port) {
    return new ServerAddress("127.0.0.1", port);
  }

  /// As `pg_basebackup` does it, which the binaries do not have.
  private void copy(Coordinates at) throws SQLException, IOException {
    try (Connection c = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
        Statement statement = c.createStatement()) {
      statement.execute("SELECT pg_backup_start('copy', true)");
      statement.execute("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; cp -Rp . ../copy'");
      try (var rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        rows.next();
        statement.execute(
            "COPY (SELECT unnest(string_to_array('"
                + rows.getString(1).stripTrailing()
                + "', E'\\n'))) TO PROGRAM 'cat > ../copy/backup_label; touch"
                + " ../copy/standby.signal; rm ../copy/postmaster.pid'");
      }
    }
    Files.createDirectories(folder.resolve("b"));
    Files.move(folder.resolve("a/copy"), folder.resolve("b/data"));
  }

  private int answers() throws SQLException {
    try (PostgresSession session = PostgresSession.open(cluster, "test", ANSWER)) {
      return session.ask(
          h -> h.select("SELECT current_setting('port')::int").mapTo(int.class).one());
    }
  }

  /// As the standby's superuser, whose password came with the copy.
  private void promote() throws SQLException {
    Coordinates a = primary.coordinates("postgres");
    String url = "jdbc:postgresql://127.0.0.1:" + standby.port() + "/postgres";
    try (Connection c = DriverManager.getConnection(url, a.user(), a.password());
        Statement statement = c.createStatement()) {
      statement.execute("SELECT pg_promote()");
    }
  }

  @Test
  void findsThePrimaryAlsoWhenItIsReadOnlyByDefaultAndAfterAFailover() throws Exception {
    assertThat(answers()).isEqualTo(primary.port());
    ServerTls.execute(
        primary, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
    assertThat(answers()).isEqualTo(primary.port());

    primary.crash();
    assertThatThrownBy(this::answers)
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(Unreachable.is(e)).isTrue())
        .hasMessageStartingWith("no primary answers: ")
        .hasMessageContaining("127.0.0.1:" + standby.port() + " is a standby")
        .hasMessageContaining(
            "127.0.0.1:"
                + primary.port()
                + ": Connection to 127.0.0.1:"
                + primary.port()
                + " refused");
    promote();

    assertThat(answers()).isEqualTo(standby.port());
  }

  @Test
  void aPrimaryThatHangsHoldsUpOnlyTheFirstConnectionAfterwards() throws Exception {
    assertThat(answers()).isEqualTo(primary.port());
    primary.freeze();
    try {
      promote();
      long begin = System.nanoTime();
      assertThat(answers()).isEqualTo(standby.port());
      long first = System.nanoTime();
      assertThat(answers()).isEqualTo(standby.port());
      long second = System.nanoTime();

      assertThat(Duration.ofNanos(first - begin))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
      assertThat(Duration.ofNanos(second - first)).isLessThan(Duration.ofSeconds(1));
    } finally {
      primary.thaw();
    }
  }

  /// What a subscription does on the other server, with a libpq of its own.
  @Test
  void theOtherServerIsToldToTakeThePrimary() throws Exception {
    EmbeddedPostgres other = EmbeddedPostgres.start(folder, "other", Map.of("fsync", "off"));
    try (other) {
      ServerTls.execute(
          primary,
          "CREATE PUBLICATION p",
          "SELECT pg_create_logical_replication_slot('p', 'pgoutput')");
      String connection = LibpqConnection.text(cluster.coordinates(), 18);

      ServerTls.execute(
          other,
          "CREATE SUBSCRIPTION p CONNECTION "
              + Identifiers.literal(connection)
              + " PUBLICATION p WITH (create_slot = false, slot_name = p)");

      dev.signalbox.support.Await.until(
          "the slot is used",
          () -> {
            try (PostgresSession session = PostgresSession.open(cluster, "test", ANSWER)) {
              return session.ask(h ->
                  h.select("SELECT active FROM pg_replication_slots WHERE slot_name = 'p'")
                      .mapTo(boolean.class)
                      .one());
            }
          });
    }
  }

  @Test
  void oneHostIsTakenAsItIs() throws Exception {
    Coordinates all = cluster.coordinates();
    PostgresServer alone =
        new PostgresServer(
            Colour.BLUE,
            new Coordinates(
                all.addresses().subList(0, 1),
                all.database(),
                all.user(),
                all.source(),
                all.tls(),
                all.peer()));

    try (PostgresSession session = PostgresSession.open(alone, "test", ANSWER)) {
      assertThat(
              session.<Boolean>ask(
                  h -> h.select("SELECT pg_is_in_recovery()").mapTo(boolean.class).one()))
          .isTrue();
    }
    assertThat(Stream.of(all.host(), all.port())).containsExactly("127.0.0.1", standby.port());
  }
}
