package dev.signalbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
final class EmbeddedPostgresTest {
  @TempDir Path folder;

  @Test
  void isDurableLocalAndReadyForLogicalReplication() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.start(folder, "blue", Map.of("work_mem", "5MB"))) {
      assertThat(setting(server, "fsync")).isEqualTo("on");
      assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(server, "full_page_writes")).isEqualTo("on");
      assertThat(setting(server, "wal_level")).isEqualTo("logical");
      assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(setting(server, "unix_socket_directories")).isEmpty();
      assertThat(setting(server, "work_mem")).isEqualTo("5MB");
      assertThat(setting(server, "server_version_num")).startsWith("18");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(server.passwordFile())))
          .isEqualTo("rw-------");
      PostgresServer.Coordinates to = server.coordinates("postgres");
      assertThatThrownBy(() -> DriverManager.getConnection(to.jdbcUrl(), to.user(), "wrong"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }
  }

  /// Both are copies of one cluster.
  @Test
  void twoServersAreTwoSystemsWithAPasswordEach() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of())) {
      String identifier = "SELECT system_identifier FROM pg_control_system()";
      assertThat(ask(blue, identifier)).isNotEqualTo(ask(green, identifier));
      assertThat(Files.readString(green.log())).doesNotContain("initdb", "owned by user");
      PostgresServer.Coordinates to = green.coordinates("postgres");
      String other = blue.coordinates("postgres").password();
      assertThatThrownBy(() -> DriverManager.getConnection(to.jdbcUrl(), to.user(), other))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      Path data = folder.resolve("green/data");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
      assertThat(ask(green, "SHOW data_directory")).isEqualTo(data.toString());
    }
  }

  @Test
  void keepsItsDataAndPortThroughStopAndCrash() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(folder, "blue", Map.of())) {
      int port = server.port();
      execute(server, "CREATE TABLE kept (n int)");
      execute(server, "INSERT INTO kept VALUES (1)");
      server.stop();
      assertThat(server.isRunning()).isFalse();
      server.start();
      execute(server, "INSERT INTO kept VALUES (2)");
      server.crash();
      assertThat(server.isRunning()).isFalse();
      server.start();
      assertThat(server.port()).isEqualTo(port);
      assertThat(ask(server, "SELECT sum(n) FROM kept")).isEqualTo("3");
    }
  }

  @Test
  void leavesNothingBehindEvenWhenFrozen() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.start(folder, "blue", Map.of());
    List<ProcessHandle> family;
    try (Connection open = connect(server)) {
      assertThat(open.isValid(1)).isTrue();
      ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
      family = postmaster.descendants().toList();
      assertThat(family).isNotEmpty();
      server.freeze();
      server.close();
    }
    assertThat(server.isRunning()).isFalse();
    assertThat(family)
        .allSatisfy(p -> p.onExit().get(5, java.util.concurrent.TimeUnit.SECONDS))
        .noneMatch(ProcessHandle::isAlive);
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    assertThatThrownBy(server::start).hasMessageContaining("was closed");
  }

  @Test
  void stopsInGoodOrderWhenOnlyTheServerProcessWasFrozen() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(folder, "blue", Map.of())) {
      server.freeze();
      server.stop();
      assertThat(server.isRunning()).isFalse();
      assertThat(Files.readString(server.log())).contains("database system is shut down");
    }
  }

  @Test
  void saysWhatTheServerSaidWhenItDoesNotStart() {
    assertThatThrownBy(() -> EmbeddedPostgres.start(folder, "blue", Map.of("no_such", "1")))
        .hasMessageContaining("PostgreSQL blue did not start")
        .hasMessageContaining("no_such");
    assertThat(folder).isEmptyDirectory();
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    PostgresServer.Coordinates to = server.coordinates("postgres");
    return DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
  }

  private static String setting(EmbeddedPostgres server, String name) throws SQLException {
    return ask(server, "SHOW " + name);
  }

  private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
