package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.TableFence;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.replication.NativeSync;
import dev.signalbox.engine.database.sync.Ends;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody does in the databases beside the release: it is seen and said before anything is
/// lost by it.
@Tag("long")
class ChangedByHandTest {
  private static final Move BACK = PlaneDriver.FORWARD.mirrored();

  @TempDir Path folder;
  private TestDatabases databases;
  private String environment;
  private PlaneDriver console;

  @BeforeEach
  void begin() throws Exception {
    databases = TestDatabases.create();
    BankSchema.create(databases.blue());
    environment = "by hand " + UUID.randomUUID();
    console = new PlaneDriver(environment, databases.servers(), BankSchema.migrations(folder));
  }

  @AfterEach
  void end() throws Exception {
    console.close();
    databases.close();
  }

  private static void sql(PostgresServer server, String sql) throws SQLException {
    Guarded.ask(
        server,
        "app",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(h, sql);
          return true;
        });
  }

  private static String text(PostgresServer server, String sql) throws SQLException {
    return Guarded.ask(
        server,
        "app",
        Duration.ofSeconds(5),
        h -> h.select(sql).mapTo(String.class).findOne().orElse(""));
  }

  private static String publication(PostgresServer server) throws SQLException {
    return "\"" + text(server, "SELECT pubname FROM pg_publication") + "\"";
  }

  private static void insert(PostgresServer server) throws SQLException {
    sql(
        server,
        "INSERT INTO transfer (request, \"From\", \"to\", amount)"
            + " VALUES (gen_random_uuid(), 1, 2, 5)");
  }

  private GateView gate(Move move, String id) {
    return Gate.views(console.plane.gates(move, Colour.BLUE)).stream()
        .filter(gate -> gate.id().equals("database." + id))
        .findFirst()
        .orElseThrow();
  }

  private void allOpen(Move move) throws InterruptedException {
    Await.until(
        "all gates are open",
        () ->
            Gate.views(console.plane.gates(move, Colour.BLUE)).stream()
                .allMatch(gate -> gate.state() == GateView.State.OPEN));
  }

  @Test
  void aTableThatIsPublishedNoMoreShutsTheGates() throws Exception {
    console.set();
    allOpen(PlaneDriver.FORWARD);
    String publication = publication(databases.blue());
    sql(databases.blue(), "ALTER PUBLICATION " + publication + " DROP TABLE transfer");
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").state()).isEqualTo(GateView.State.CLOSED);
    assertThat(gate(PlaneDriver.FORWARD, "lag").evidence())
        .contains("The publication", "on blue was changed", "may be missing on green");
    // Rows that were written while it was out are missing, also when it is in again.
    sql(databases.blue(), "ALTER PUBLICATION " + publication + " ADD TABLE transfer");
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").state()).isEqualTo(GateView.State.CLOSED);
    sql(databases.blue(), "DROP PUBLICATION " + publication);
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").evidence()).contains("was dropped");
  }

  @Test
  void actionsThatWereLeftOutForAMomentShutTheGate() throws Exception {
    console.set();
    allOpen(PlaneDriver.FORWARD);
    String publication = publication(databases.blue());
    sql(databases.blue(), "ALTER PUBLICATION " + publication + " SET (publish = 'insert')");
    sql(
        databases.blue(),
        "ALTER PUBLICATION " + publication + " SET (publish = 'insert, update, delete, truncate')");
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").state()).isEqualTo(GateView.State.CLOSED);
  }

  @Test
  void aTableThatIsPublishedNoMoreNeedsTheWordsOnTheWayBack() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    console.plane.refresh();
    assertThat(console.plane.risk(BACK).writes()).isZero();
    sql(
        databases.green(),
        "ALTER PUBLICATION " + publication(databases.green()) + " DROP TABLE transfer");
    insert(databases.green());
    console.plane.refresh();
    Risk risk = console.plane.risk(BACK);
    assertThat(risk.possible()).isTrue();
    assertThat(risk.writes()).isEqualTo(-1);
    assertThat(risk.evidence()).contains("on green was changed", "may be missing on blue");
    assertThat(gate(PlaneDriver.FORWARD, "way-back").state()).isEqualTo(GateView.State.CLOSED);
  }

  @Test
  void anotherPublicationThatIsTakenShutsTheGate() throws Exception {
    console.set();
    allOpen(PlaneDriver.FORWARD);
    String subscription =
        "\"" + text(databases.green(), "SELECT subname FROM pg_subscription") + "\"";
    sql(databases.blue(), "CREATE PUBLICATION other FOR TABLE account");
    sql(
        databases.green(),
        "ALTER SUBSCRIPTION " + subscription + " ADD PUBLICATION other WITH (refresh = false)");
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").state()).isEqualTo(GateView.State.CLOSED);
    assertThat(gate(PlaneDriver.FORWARD, "lag").evidence())
        .contains("The subscription", "on green was changed");
  }

  @Test
  void aTableThatIsTakenNoMoreShutsTheGate() throws Exception {
    console.set();
    allOpen(PlaneDriver.FORWARD);
    String publication = publication(databases.blue());
    String subscription =
        "\"" + text(databases.green(), "SELECT subname FROM pg_subscription") + "\"";
    sql(databases.blue(), "ALTER PUBLICATION " + publication + " DROP TABLE transfer");
    sql(databases.green(), "ALTER SUBSCRIPTION " + subscription + " REFRESH PUBLICATION");
    sql(databases.blue(), "ALTER PUBLICATION " + publication + " ADD TABLE transfer");
    console.plane.refresh();
    assertThat(gate(PlaneDriver.FORWARD, "lag").state()).isEqualTo(GateView.State.CLOSED);
    Ends green =
        Guarded.ask(
            databases.green(),
            "look",
            Duration.ofSeconds(5),
            h -> new NativeSync(pair()).look(h, Colour.GREEN));
    assertThat(green.receivingAltered()).contains("The subscription", "on green was changed");
  }

  @Test
  void aWayBackThatIsStuckIsNotCalledFreeAndNamesWhatIsInItsWay() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    try (PostgresSession stranger =
        PostgresSession.open(databases.blue(), "stranger", Duration.ofSeconds(60))) {
      stranger.run(h -> {
        h.begin();
        h.execute("SET LOCAL application_name = 'dba'");
        h.execute("LOCK TABLE transfer IN SHARE MODE");
      });
      insert(databases.green());
      Await.until("it is behind", () -> console.plane.risk(BACK).evidence().contains(" behind"));
      assertThat(console.plane.risk(BACK).evidence())
          .contains("is taken back when that takes too long")
          .doesNotContain("reaches");
      assertThatThrownBy(() -> console.move(BACK))
          .hasMessageContaining("In the way: session")
          .hasMessageContaining("LOCK TABLE transfer");
    }
    Await.until("it flows", () -> console.plane.risk(BACK).evidence().contains("reaches"));
    console.move(BACK);
    console.plane.refresh();
    assertThat(console.plane.live()).isEqualTo(Colour.BLUE);
  }

  @Test
  void aStrangerThatHoldsTheFencesLockIsNamed() throws Exception {
    console.set();
    try (PostgresSession stranger =
        PostgresSession.open(databases.blue(), "stranger", Duration.ofSeconds(60))) {
      stranger.run(h -> {
        h.execute("SET application_name = 'somebody'");
        h.execute("SELECT pg_advisory_lock(?)", Fence.LOCK_KEY);
      });
      TableFence fencing = new TableFence(pair());
      assertThatThrownBy(() ->
              fencing.settled(
                  Colour.BLUE,
                  console.context(PlaneDriver.FORWARD, Duration.ofSeconds(5)),
                  Duration.ofMillis(100)))
          .hasMessageContaining("holds its lock: end that session");
    }
  }

  private DatabasePair pair() {
    return new DatabasePair(environment, TestSettings.of(folder), databases.servers());
  }

  @Test
  void bothSidesOpenedByHandShutTheFenceAndWantTheWords() throws Exception {
    console.set();
    console.move(PlaneDriver.FORWARD);
    sql(databases.blue(), "ALTER TABLE transfer DISABLE TRIGGER USER");
    console.plane.refresh();
    assertThat(console.plane.risk(BACK).writes()).isEqualTo(-1);
    assertThat(console.plane.risk(BACK).evidence()).contains("Both databases take writes");
    assertThat(gate(BACK, "fence").state()).isEqualTo(GateView.State.CLOSED);
  }

  /// What is settled is read behind the lock, whatever the database's default is.
  @Test
  void anotherIsolationByDefaultHidesNothing() throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.start(
                folder,
                "own",
                Map.of(
                    "default_transaction_isolation",
                    "repeatable read",
                    "default_transaction_read_only",
                    "on",
                    "max_prepared_transactions",
                    "5"));
        PostgresSession late = PostgresSession.open(own(server), "late", Duration.ofSeconds(20));
        PostgresSession reader =
            PostgresSession.open(own(server), "reader", Duration.ofSeconds(20))) {
      PostgresServer own = own(server);
      sql(own, "CREATE TABLE account (id int PRIMARY KEY)");
      sql(own, "CREATE SCHEMA signalbox");
      Guarded.ask(
          own,
          "app",
          Duration.ofSeconds(5),
          h -> {
            Fence.createFunction(h);
            return true;
          });
      List<TableName> tables =
          reader.ask(h ->
              Catalogue.tables(h, List.of("public")).stream().map(Catalogue.Table::name).toList());
      sql(own, Fence.install(tables.getFirst(), true));
      late.run(h -> {
        h.begin();
        Verbatim.run(h, Fence.change(tables, false));
      });
      reader.run(h -> {
        h.begin();
        h.execute("SELECT count(*) FROM account");
      });
      CompletableFuture<Fence.State> seen =
          CompletableFuture.supplyAsync(() -> {
            try {
              return reader.ask(h -> {
                h.execute(Fence.LOCK);
                return Fence.state(Catalogue.tables(h, List.of("public")));
              });
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      Await.until(
          "it waits",
          () ->
              text(
                      own,
                      "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                  .equals("1"));
      late.run(Handle::commit);
      assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(Fence.State.OPEN);
      reader.run(Handle::rollback);
      // A prepared transaction has no session that could be seen.
      sql(own, "BEGIN; INSERT INTO account VALUES (1); PREPARE TRANSACTION 'xa 7'");
      List<Blocker> found =
          Guarded.ask(own, "look", Duration.ofSeconds(5), h -> Blockers.find(h, Duration.ZERO));
      assertThat(found)
          .singleElement()
          .asString()
          .contains("prepared transaction 'xa 7' of", "ROLLBACK PREPARED");
      sql(own, "ROLLBACK PREPARED 'xa 7'");
    }
  }

  private static PostgresServer own(EmbeddedPostgres server) {
    return new PostgresServer(Colour.GREEN, server.coordinates("postgres"));
  }
}
