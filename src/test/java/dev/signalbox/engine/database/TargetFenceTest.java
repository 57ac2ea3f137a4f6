package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.barrier.TableFence;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// There is no moment in which both databases take writes.
@Tag("long")
class TargetFenceTest {
  private static final String FENCED = "25006";

  @TempDir Path folder;
  private TestDatabases databases;
  private PlaneDriver console;
  private String environment;

  @BeforeEach
  void begin() throws Exception {
    databases = TestDatabases.create();
    BankSchema.create(databases.blue());
    BankSchema.migrations(folder);
    Files.writeString(
        folder.resolve("V3__audit.sql"),
        """
        CREATE TABLE audit (id int PRIMARY KEY, about bigint REFERENCES account (id)
          DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO audit VALUES (1, NULL), (2, NULL);
        CREATE TABLE "odd ""audit" (id int PRIMARY KEY);
        UPDATE account SET name = name;
        UPDATE audit SET id = id + 10;
        """);
    environment = "target " + UUID.randomUUID();
    console = console();
  }

  private PlaneDriver console() {
    return new PlaneDriver(environment, databases.servers(), folder);
  }

  @AfterEach
  void end() throws Exception {
    console.close();
    databases.close();
  }

  /// Tries to write without a pause; superusers meet the fence too.
  private static final class Intruder {
    final Queue<String> successes = new ConcurrentLinkedQueue<>();
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final PostgresServer server;
    private final Thread thread;
    private volatile boolean stopped;

    Intruder(PostgresServer server, String sql) {
      this.server = server;
      this.thread = Thread.ofPlatform().start(() -> write(sql));
    }

    private void write(String sql) {
      PostgresSession session = null;
      while (!stopped) {
        try {
          if (session == null || session.closed()) {
            session = PostgresSession.open(server, "app", Duration.ofSeconds(5));
          }
          session.run(h -> h.execute(sql));
          successes.add(sql);
        } catch (SQLException e) {
          var _ = refusals.merge(String.valueOf(e.getSQLState()), 1, Integer::sum);
        }
      }
      if (session != null) {
        session.abandon();
      }
    }

    void stop() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }

  @Test
  void theTargetNeverTakesAWriteWhileItIsPrepared() throws Exception {
    List<Intruder> intruders =
        List.of(
            new Intruder(databases.green(), "INSERT INTO account (id, name) VALUES (-1, 'x')"),
            new Intruder(databases.green(), "INSERT INTO audit VALUES (99)"),
            new Intruder(databases.green(), "DELETE FROM \"odd \"\"audit\""),
            new Intruder(databases.green(), "UPDATE transfer SET amount = 0"));
    try {
      console.set();
    } finally {
      for (Intruder intruder : intruders) {
        intruder.stop();
      }
    }
    for (Intruder intruder : intruders) {
      assertThat(intruder.successes).isEmpty();
      assertThat(intruder.refusals).containsKey(FENCED);
    }
    assertThat(new TableFence(pair()).state(Colour.GREEN)).isEqualTo(Fence.State.CLOSED);
    // What the migration itself wrote is there.
    assertThat(ask(databases.green(), "SELECT count(*) FROM audit WHERE id IN (11, 12)"))
        .isEqualTo(2);
  }

  @Test
  void everyStepUpToTheFenceLeavesTheTargetShut() throws Exception {
    console.phases(Phase.INITIALIZE);
    for (String step : List.of("carry", "try")) {
      console.run(Phase.PREPARE, PlaneDriver.FORWARD, step);
      assertThat(new TableFence(pair()).state(Colour.GREEN)).as(step).isEqualTo(Fence.State.CLOSED);
      assertThatThrownBy(() -> ask(databases.green(), "UPDATE account SET balance = 0"))
          .hasMessageContaining("this database is fenced");
    }
    assertThat(new TableFence(pair()).state(Colour.BLUE)).isEqualTo(Fence.State.OPEN);
  }

  @Test
  void aSchemaThatWasPreparedByHandIsShutToo() throws Exception {
    BankSchema.create(databases.green());
    Guarded.ask(
        databases.green(),
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(h, "TRUNCATE account, transfer, \"odd \"\"name\"");
          return true;
        });
    console.phases(Phase.INITIALIZE);
    console.run(Phase.PREPARE, PlaneDriver.FORWARD, "carry");
    assertThat(new TableFence(pair()).state(Colour.GREEN)).isEqualTo(Fence.State.CLOSED);
  }

  @Test
  void aTableOfAMigrationByHandIsShutWhereTheOthersAre() throws Exception {
    console.set();
    Files.writeString(
        folder.resolve("V4__later.sql"),
        "CREATE TABLE later (id int PRIMARY KEY); INSERT INTO later VALUES (1);");
    Migrations migrations = new Migrations(Optional.of(folder), List.of("public"));
    assertThat(migrations.apply(databases.green(), console.epoch, null, s -> {}))
        .containsExactly("4");
    assertThatThrownBy(() -> ask(databases.green(), "DELETE FROM later"))
        .hasMessageContaining("this database is fenced");
    // A script may not change rows that are replicated.
    Files.writeString(folder.resolve("V5__rows.sql"), "UPDATE account SET balance = 0;");
    assertThatThrownBy(() -> migrations.apply(databases.green(), console.epoch, null, s -> {}))
        .hasMessageContaining("this database is fenced");
    // The live side stays open.
    Files.delete(folder.resolve("V5__rows.sql"));
    var _ = migrations.apply(databases.blue(), console.epoch, null, s -> {});
    assertThat(ask(databases.blue(), "SELECT count(*) FROM later")).isEqualTo(1);
    Guarded.ask(
        databases.blue(),
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(h, "UPDATE later SET id = 2; UPDATE account SET name = name WHERE id = 5");
          return true;
        });
  }

  @Test
  void aCarriedSchemaIsStillOursAfterTheStepRanTwice() throws Exception {
    console.phases(Phase.INITIALIZE);
    console.run(Phase.PREPARE, PlaneDriver.FORWARD, "carry");
    console.run(Phase.PREPARE, PlaneDriver.FORWARD, "carry");
    console.undo(Phase.PREPARE, PlaneDriver.FORWARD, "carry");
    assertThat(
            ask(
                databases.green(),
                "SELECT count(*) FROM pg_class WHERE relname IN ('account', 'transfer')"))
        .isZero();
  }

  private DatabasePair pair() {
    return new DatabasePair(environment, TestSettings.of(folder), databases.servers());
  }

  private static long ask(PostgresServer server, String sql) throws SQLException {
    return Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h -> h.select(sql).mapTo(long.class).findOne().orElse(0L));
  }
}
