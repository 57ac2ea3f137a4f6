package dev.signalbox.engine.database;

import static dev.signalbox.support.TestDatabases.jdbi;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.barrier.TableFence;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.schema.SchemaCarrier;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseTest {
  private static final List<String> PUBLIC = List.of("public");
  @TempDir Path folder;
  private TestDatabases databases;
  private PlaneDriver console;

  @BeforeEach
  void begin() throws Exception {
    databases = TestDatabases.create();
    BankSchema.create(databases.blue());
    console =
        new PlaneDriver(
            "release " + UUID.randomUUID(), databases.servers(), BankSchema.migrations(folder));
  }

  @AfterEach
  void end() throws Exception {
    console.close();
    databases.close();
  }

  @Test
  void abortLeavesTheSourceAsItWasFound() throws Exception {
    String before = footprint(databases.blue());
    String empty = footprint(databases.green());
    console.set();
    undoAll();
    assertThat(footprint(databases.blue())).isEqualTo(before);
    assertThat(footprint(databases.green())).isEqualTo(empty);
    write(databases.blue());
    console.set();
    assertThat(console.plane.view().consistency().state()).isEqualTo(Consistency.State.IDENTICAL);
    assertThat(console.plane.view().consistency().compared())
        .isNotEmpty()
        .allMatch(Consistency.Compared::same);

    undoAll();
    ReleaseInfo next = new ReleaseInfo(2, "v2", Colour.BLUE, Colour.GREEN);
    console.plane.steps(Phase.INITIALIZE, PlaneDriver.FORWARD, next);
    console.plane.refresh();
    assertThat(console.plane.view().consistency().state())
        .as("what an earlier release compared")
        .isEqualTo(Consistency.State.NOT_RUN);
    assertThat(console.plane.view().consistency().compared()).isEmpty();
  }

  @Test
  void howMuchGivingUpThrowsAwayIsKnown() throws Exception {
    thrownAwayBecomes("no table was carried there yet");
    console.set();
    thrownAwayBecomes("\\d[0-9.]* kB copied");
    undoAll();
    thrownAwayBecomes("no table was carried there yet");
  }

  private void thrownAwayBecomes(String words) throws InterruptedException {
    Await.until(words, () -> console.plane.thrownAway(Colour.GREEN).matches(words));
  }

  @Test
  void scriptsThatCannotBeReadAreNotTakenForApplied() throws Exception {
    console.set();
    migrationsGateBecomes(GateView.State.OPEN, "schema version");
    Files.createFile(folder.resolve("V9.sql"));
    migrationsGateBecomes(GateView.State.CLOSED, "is not named V<version>__<text>.sql");
    assertThat(requireNonNull(console.plane.view().servers().get(Colour.GREEN)).pendingMigrations())
        .isNegative();
    Step migrate = console.step(Phase.SYNCHRONIZE, PlaneDriver.FORWARD, "migrate");
    assertThat(migrate.observe(console.context(PlaneDriver.FORWARD, migrate.timeout())))
        .isEqualTo(Step.Reality.NOT_DONE);
    Files.delete(folder.resolve("V9.sql"));
    migrationsGateBecomes(GateView.State.OPEN, "schema version");
  }

  private void migrationsGateBecomes(GateView.State state, String evidence)
      throws InterruptedException {
    Await.until(
        "the gate is " + state,
        () -> {
          console.plane.refresh();
          return Gate.views(console.plane.gates(PlaneDriver.FORWARD, Colour.BLUE)).stream()
              .anyMatch(gate ->
                  gate.id().equals("database.migrations")
                      && gate.state() == state
                      && gate.evidence().contains(evidence));
        });
  }

  @Test
  void everyStepMayRunTwiceAndSeesItself() throws Exception {
    for (Phase phase :
        List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE)) {
      for (Step step : console.plane.steps(phase, PlaneDriver.FORWARD, PlaneDriver.RELEASE)) {
        step.run(console.context(PlaneDriver.FORWARD, step.timeout()));
        step.run(console.context(PlaneDriver.FORWARD, step.timeout()));
        boolean repeatable =
            List.of("database.preflight", "database.analyze", "database.prove").contains(step.id());
        assertThat(step.observe(console.context(PlaneDriver.FORWARD, step.timeout())))
            .as(step.id())
            .isEqualTo(repeatable ? Step.Reality.NOT_DONE : Step.Reality.DONE);
      }
    }
  }

  @Test
  void aDifferenceIsFoundAndNamed() throws Exception {
    console.set();
    Guarded.ask(
        databases.asSuperuser(Colour.GREEN),
        "test",
        Duration.ofSeconds(5),
        h -> {
          String origin = "test_" + UUID.randomUUID();
          // With an origin the change is not carried back, so the sides differ.
          h.execute("SELECT pg_replication_origin_create(?)", origin);
          h.execute("SELECT pg_replication_origin_session_setup(?)", origin);
          Verbatim.run(
              h,
              "SET session_replication_role = replica; UPDATE account SET balance = balance + 1"
                  + " WHERE id = 77; DELETE FROM account WHERE id = 500");
          h.execute("SELECT pg_replication_origin_session_reset()");
          h.execute("SELECT pg_replication_origin_drop(?)", origin);
          return true;
        });
    assertThatThrownBy(() -> console.run(Phase.SYNCHRONIZE, PlaneDriver.FORWARD, "compare"))
        .hasMessageContaining("account row 77 differs")
        .hasMessageContaining("account row 500 is missing on the target");
    Consistency found = console.plane.view().consistency();
    assertThat(found.state()).isEqualTo(Consistency.State.DIFFERENT);
    assertThat(found.compared()).hasSizeGreaterThan(1);
    for (Consistency.Compared each : found.compared()) {
      assertThat(each.same())
          .as("%s", each.table())
          .isEqualTo(!each.table().name().equals("account"));
    }
  }

  @Test
  void aCrashBetweenTheHalvesOfTheSwitchGoesOnOrBack() throws Exception {
    console.set();
    for (boolean on : List.of(false, true)) {
      new TableFence(databasesPair())
          .close(Colour.BLUE, console.context(PlaneDriver.FORWARD, Duration.ofSeconds(9)));
      Step commit = console.step(Phase.CUT_OVER, PlaneDriver.FORWARD, "switch");
      assertThat(commit.observe(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3))))
          .isEqualTo(Step.Reality.NOT_DONE);
      assertOpen(null);
      if (on) {
        console.move(PlaneDriver.FORWARD);
        assertOpen(Colour.GREEN);
      } else {
        for (Step step :
            console
                .plane
                .steps(Phase.CUT_OVER, PlaneDriver.FORWARD, PlaneDriver.RELEASE)
                .reversed()) {
          step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3)));
        }
        assertOpen(Colour.BLUE);
      }
    }
  }

  /// As by somebody who switches triggers off by hand.
  @Test
  void aSideThatTakesWritesBesideTheLiveOneIsSeenAndClosed() throws Exception {
    console.set();
    console.plane.refresh();
    assertThat(console.plane.astray(Colour.BLUE)).isEmpty();
    new TableFence(databasesPair())
        .open(Colour.GREEN, console.context(PlaneDriver.FORWARD, Duration.ofSeconds(9)));
    console.plane.refresh();
    assertThat(console.plane.live()).isNull();
    assertThat(console.plane.astray(Colour.BLUE))
        .hasValueSatisfying(why -> assertThat(why).contains("green takes writes, too"));
    console.plane.mend(Colour.BLUE, console.context(PlaneDriver.FORWARD, Duration.ofSeconds(9)));
    console.plane.refresh();
    assertOpen(Colour.BLUE);
    assertThat(console.plane.live()).isEqualTo(Colour.BLUE);
    assertThat(Gate.views(console.plane.gates(PlaneDriver.FORWARD, Colour.BLUE)))
        .anyMatch(g -> g.id().equals("database.identical") && g.state() != GateView.State.OPEN);
  }

  @Test
  void undoingASwitchThatWasMadeCarriesItsWritesBack() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    UUID written = write(databases.green());
    for (Step step :
        console.plane.steps(Phase.CUT_OVER, PlaneDriver.FORWARD, PlaneDriver.RELEASE).reversed()) {
      step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(3)));
    }
    assertOpen(Colour.BLUE);
    assertThat(Writers.found(databases.blue())).contains(written);
    write(databases.blue());
  }

  @Test
  void everyKindOfWriterMeetsTheFence() throws Exception {
    console.set();
    try (Connection cached = open(databases.blue());
        Connection repeatable = open(databases.blue())) {
      try (var prepared = cached.prepareStatement("UPDATE account SET name = name WHERE id = 1")) {
        for (int i = 0; i < 8; i++) {
          prepared.executeUpdate();
        }
        repeatable.setAutoCommit(false);
        repeatable.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        execute(repeatable, "SELECT count(*) FROM account");
        console.move(PlaneDriver.FORWARD);
        assertThatThrownBy(prepared::executeUpdate)
            .isInstanceOfSatisfying(SQLException.class, ReleaseTest::fenced);
        assertThatThrownBy(() -> execute(repeatable, "DELETE FROM account WHERE id = 3"))
            .isInstanceOfSatisfying(SQLException.class, ReleaseTest::fenced);
        repeatable.rollback();
        for (String write :
            List.of(
                "TRUNCATE transfer",
                "INSERT INTO \"odd \"\"name\" (k) VALUES ('x')",
                "MERGE INTO account a USING account b ON a.id = b.id AND a.id = 1 WHEN MATCHED THEN DELETE")) {
          assertThatThrownBy(() -> execute(cached, write))
              .as(write)
              .isInstanceOfSatisfying(SQLException.class, ReleaseTest::fenced);
        }
        assertThat(ask(Colour.BLUE, "SELECT count(*) FROM account")).isEqualTo(BankSchema.ACCOUNTS);
      }
    }
    write(databases.green());
  }

  @Test
  void aWriterThatHoldsItsLockKeepsTheMoveFromHappening() throws Exception {
    console.set();
    try (Connection slow = open(databases.blue())) {
      slow.setAutoCommit(false);
      execute(slow, "UPDATE account SET name = 'slow' WHERE id = 9");
      assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD))
          .hasMessageContaining("could not be stopped")
          .hasMessageContaining("UPDATE account SET name = …");
      assertOpen(Colour.BLUE);
      slow.commit();
    }
    console.move(PlaneDriver.FORWARD);
    assertOpen(Colour.GREEN);
  }

  @Test
  void sequencesGoOnOnTheOtherSide() throws Exception {
    console.set();
    long ticket = next(databases.blue(), "ticket");
    console.move(PlaneDriver.FORWARD);
    assertThat(next(databases.green(), "ticket")).isGreaterThan(ticket);
    write(databases.green());
    long there = next(databases.green(), "ticket");
    console.move(PlaneDriver.FORWARD.mirrored());
    assertThat(next(databases.blue(), "ticket")).isGreaterThan(there);
    write(databases.blue());
  }

  @Test
  void aTableThatTheNewVersionCreatesDoesNotLockTheWayBack() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    Move back = PlaneDriver.FORWARD.mirrored();
    execute(
        databases.green(), "CREATE TABLE novel (id int PRIMARY KEY); INSERT INTO novel VALUES (1)");
    console.plane.refresh();
    assertThat(console.plane.risk(back).writes()).isZero();
    assertThat(console.plane.risk(back).evidence()).contains("Rows of novel, only there");
    // The old version has it as well: its rows would be missing.
    execute(databases.blue(), "CREATE TABLE novel (id int PRIMARY KEY)");
    console.plane.refresh();
    assertThat(console.plane.risk(back).writes()).isEqualTo(-1);
    assertThat(console.plane.risk(back).evidence()).contains("novel was created on both sides");
    execute(databases.blue(), "DROP TABLE novel");
    console.move(back);
    assertOpen(Colour.BLUE);
    assertThatThrownBy(() -> execute(databases.green(), "INSERT INTO novel VALUES (2)"))
        .isInstanceOf(org.jdbi.v3.core.JdbiException.class)
        .hasMessageContaining("fenced");
    console.move(PlaneDriver.FORWARD);
    assertOpen(Colour.GREEN);
    execute(databases.green(), "INSERT INTO novel VALUES (2)");
  }

  /// It would be left behind with its rows.
  @Test
  void aTableThatTheOldVersionCreatesLocksTheCutover() throws Exception {
    console.set();
    execute(databases.blue(), "CREATE TABLE novel (id int PRIMARY KEY)");
    assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD))
        .hasMessageContaining("Table novel carries no fence");
    assertOpen(Colour.BLUE);
  }

  private static void execute(PostgresServer server, String sql) {
    jdbi(server).useHandle(h -> h.createScript(sql).execute());
  }

  @Test
  void cleanUpKeepsTheLiveSideAndTheNextReleaseBeginsThere() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    console.phases(Phase.CLEAN_UP);
    write(databases.green());
    assertThatThrownBy(() -> write(databases.blue()))
        .isInstanceOfSatisfying(SQLException.class, ReleaseTest::fenced);
    for (Colour colour : Colour.values()) {
      assertThat(
              ask(
                  colour,
                  "SELECT (SELECT count(*) FROM pg_replication_slots WHERE database ="
                      + " current_database()) + (SELECT count(*) FROM pg_publication) + (SELECT"
                      + " count(*) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
                      + " WHERE d.datname = current_database())"))
          .isZero();
    }
    var back = new ReleaseInfo(2, "v3", Colour.GREEN, Colour.BLUE);
    for (Phase phase :
        List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE)) {
      for (Step step : console.plane.steps(phase, PlaneDriver.FORWARD.mirrored(), back)) {
        step.run(console.context(PlaneDriver.FORWARD.mirrored(), step.timeout()));
      }
    }
    console.move(PlaneDriver.FORWARD.mirrored());
    assertOpen(Colour.BLUE);
  }

  @Test
  void aDeposedConsoleChangesNothing() throws Exception {
    console.set();
    try (var other =
        new PostgresLease(
            List.of(databases.blue(), databases.green()),
            "other",
            "other",
            Duration.ofMinutes(1))) {
      other.acquire(true);
    }
    assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD))
        .isInstanceOf(DeposedException.class);
    assertOpen(Colour.BLUE);
    assertThatThrownBy(() -> console.undo(Phase.REPLICATE, PlaneDriver.FORWARD, "subscribe"))
        .isInstanceOf(DeposedException.class);
    console.plane.refresh();
    assertThat(console.plane.view().replication().forward().lagBytes()).isNotNegative();
  }

  @Test
  void preflightNamesWhatItCannotCarry() throws Exception {
    Guarded.ask(
        databases.blue(),
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(
              h,
              "CREATE UNLOGGED TABLE"
                  + " fast (id int PRIMARY KEY); CREATE TABLE keyless (id int); CREATE MATERIALIZED"
                  + " VIEW mv AS SELECT 1 AS one");
          return true;
        });
    assertThatThrownBy(() -> console.phases(Phase.INITIALIZE))
        .hasMessageContaining("materialized view public.mv")
        .hasMessageContaining("fast of blue is UNLOGGED")
        .hasMessageContaining("keyless of blue has no replica identity");
  }

  private DatabasePair databasesPair() {
    return new DatabasePair("x", TestSettings.of(folder), databases.servers());
  }

  private void undoAll() throws Exception {
    List<Step> all = new ArrayList<>();
    for (Phase phase :
        List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE)) {
      all.addAll(console.plane.steps(phase, PlaneDriver.FORWARD, PlaneDriver.RELEASE));
    }
    for (Step step : all.reversed()) {
      step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(20)));
    }
  }

  /// Null for none.
  private void assertOpen(@org.jspecify.annotations.Nullable Colour expected) throws SQLException {
    TableFence fencing = new TableFence(databasesPair());
    for (Colour colour : Colour.values()) {
      assertThat(fencing.state(colour))
          .as(colour.id())
          .isEqualTo(colour == expected ? Fence.State.OPEN : Fence.State.CLOSED);
    }
  }

  private static void fenced(SQLException e) {
    assertThat(e.getSQLState()).isEqualTo("25006");
  }

  private static Connection open(PostgresServer server) throws SQLException {
    Connection c = server.open("app", Duration.ofSeconds(5));
    execute(c, "SET application_name = 'bank'");
    return c;
  }

  private static void execute(Connection c, String sql) throws SQLException {
    try (Statement statement = c.createStatement()) {
      statement.execute(sql);
    }
  }

  private static UUID write(PostgresServer server) throws SQLException {
    UUID request = UUID.randomUUID();
    return Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(
              h,
              "INSERT INTO transfer (request, \"From\", \"to\", amount) VALUES ('"
                  + request
                  + "', 1, 2, 5)");
          return request;
        });
  }

  private static long next(PostgresServer server, String sequence) throws SQLException {
    return Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h ->
            h.select("SELECT nextval(?::regclass)", sequence)
                .mapTo(long.class)
                .findOne()
                .orElse(0L));
  }

  private long ask(Colour colour, String sql) throws SQLException {
    return Guarded.ask(
        databases.get(colour),
        "test",
        Duration.ofSeconds(5),
        h -> h.select(sql).mapTo(long.class).findOne().orElse(0L));
  }

  private static String footprint(PostgresServer server) throws SQLException {
    return Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(5),
        h ->
            SchemaCarrier.digest(h, PUBLIC)
                + h.select(
                        "SELECT (SELECT count(*) FROM pg_replication_slots WHERE database ="
                            + " current_database()) || ' ' || (SELECT count(*) FROM pg_publication) ||"
                            + " ' ' || (SELECT count(*) FROM pg_trigger) || ' ' || (SELECT count(*) FROM"
                            + " pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname"
                            + " = current_database())")
                    .mapTo(String.class)
                    .one());
  }
}
