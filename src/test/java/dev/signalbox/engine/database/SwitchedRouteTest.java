package dev.signalbox.engine.database;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.PgBouncerProcess;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.pgbouncer.PgBouncerRoute;
import dev.signalbox.engine.database.route.MultiHostRoute;
import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.database.route.SwitchedRoute;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database alone whose applications are led by one place: whole moves on real servers.
@Timeout(90)
@Tag("long")
class SwitchedRouteTest {
  private static final Move BACK = PlaneDriver.FORWARD.mirrored();

  @TempDir Path folder;
  private TestDatabases databases;
  private PgBouncerProcess.Application application;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    databases = TestDatabases.create();
    jdbi(databases.blue())
        .useHandle(h ->
            h.execute("CREATE TABLE item (id bigint PRIMARY KEY, at timestamptz DEFAULT now())"));
    application = PgBouncerProcess.Application.in(databases);
    Files.createDirectory(folder.resolve("scripts"));
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    databases.close();
  }

  private <T extends AutoCloseable> T open(T one) {
    open.add(one);
    return one;
  }

  private PgBouncerProcess bouncer(String name) throws Exception {
    return open(new PgBouncerProcess(folder.resolve(name), databases.blue(), application));
  }

  private PgBouncerRoute route(PgBouncerProcess... through) {
    Map<Colour, SideAddress> sides = new EnumMap<>(Colour.class);
    databases
        .servers()
        .forEach((colour, server) -> {
          PostgresServer.Coordinates at = server.coordinates();
          sides.put(colour, new SideAddress(at.host(), at.port(), at.database()));
        });
    return new PgBouncerRoute(
        List.of(through).stream().map(PgBouncerProcess::settings).toList(), sides);
  }

  private PlaneDriver console(SwitchedRoute route) {
    return open(
        new PlaneDriver(
            "routes " + UUID.randomUUID(),
            databases.servers(),
            folder.resolve("scripts"),
            List.of(route)));
  }

  private long rows(Colour side) {
    return TestDatabases.count(databases.get(side), "item");
  }

  private static GateView gate(PlaneDriver console, Move move) {
    console.plane.refresh();
    return Gate.views(console.plane.gates(move, Colour.BLUE)).stream()
        .filter(gate -> gate.id().equals("database.route"))
        .findFirst()
        .orElseThrow();
  }

  private static DatabaseView.Route seen(PlaneDriver console) {
    console.plane.refresh();
    return console.plane.view().routes().getFirst();
  }

  @Test
  void writersThroughTwoPoolersSeeNoErrorThereAndBack() throws Exception {
    PgBouncerProcess one = bouncer("one");
    PgBouncerProcess two = bouncer("two");
    String ini = Files.readString(one.ini());
    PlaneDriver console = console(route(one, two));
    console.set();
    assertThat(gate(console, PlaneDriver.FORWARD).state()).isEqualTo(GateView.State.OPEN);
    assertThat(console.plane.steps(Phase.CUT_OVER, BACK, PlaneDriver.RELEASE))
        .extracting(Step::stage)
        .containsSequence(Stage.ANNOUNCE, Stage.HOLD, Stage.FENCE)
        .containsSequence(Stage.COMMIT, Stage.ROUTE, Stage.VERIFY);
    try (PooledWriters writers = new PooledWriters(application, 4, one, two)) {
      for (Move move : List.of(PlaneDriver.FORWARD, BACK)) {
        writers.more(50);
        writers.newMeasurement();
        console.move(move);
        writers.more(50);
        assertThat(writers.longest()).isLessThan(Duration.ofMillis(1500));
        assertThat(console.run(Phase.CUT_OVER, move, "verify"))
            .contains("rows written on " + move.to())
            .contains("lead to " + move.to());
        assertThat(seen(console).leads()).isEqualTo(move.to());
        System.out.println(
            move
                + " through two poolers: longest write "
                + writers.longest().toMillis()
                + " ms, steps "
                + console.nanos);
      }
      writers.stop();
      assertThat(writers.errors).isEmpty();
      assertThat(rows(Colour.BLUE)).isEqualTo(writers.committed());
    }
    assertThat(Files.readString(one.ini())).isEqualTo(ini);
    assertThat(Files.readString(two.ini())).contains("kept as it is: %include");
  }

  @Test
  void anOpenTransactionThatDoesNotEndIsNamedAndEverythingGoesOn() throws Exception {
    PgBouncerProcess one = bouncer("one");
    PlaneDriver console = console(route(one));
    console.set();
    try (Connection busy = one.connect(application);
        Connection other = one.connect(application)) {
      busy.setAutoCommit(false);
      insert(busy, 1);
      assertThatThrownBy(() -> console.move(PlaneDriver.FORWARD))
          .hasMessageContaining("did not come to rest")
          .hasMessageContaining("a transaction of " + application.role());
      insert(other, 2);
      insert(busy, 3);
      busy.commit();
      assertThat(seen(console)).returns(false, DatabaseView.Route::paused);
      console.move(PlaneDriver.FORWARD);
      insert(other, 4);
    }
    assertThat(rows(Colour.GREEN)).isEqualTo(4);
  }

  /// Another console finds the move in each of these places, and goes on or takes it back.
  @Test
  void aConsoleThatDiesInTheMiddleLeavesNothingPausedAndNothingOnTheClosedSide() throws Exception {
    PgBouncerProcess one = bouncer("one");
    PlaneDriver console = console(route(one));
    console.set();
    int id = 0;
    for (String last : List.of("pause", "fence", "catch-up", "switch", "route")) {
      for (Step step :
          console.plane.steps(Phase.CUT_OVER, PlaneDriver.FORWARD, PlaneDriver.RELEASE)) {
        step.run(console.context(PlaneDriver.FORWARD, step.timeout()));
        if (step.id().equals("database." + last)) {
          break;
        }
      }
      // What the process held of it is gone with it.
      console.plane.close();
      PlaneDriver next = console(route(one));
      boolean made =
          next.step(Phase.CUT_OVER, PlaneDriver.FORWARD, "switch")
                  .observe(next.context(PlaneDriver.FORWARD, Duration.ofSeconds(3)))
              == Step.Reality.DONE;
      assertThat(made).as(last).isEqualTo(last.equals("switch") || last.equals("route"));
      if (made) {
        next.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "route");
      } else {
        takeBack(next, PlaneDriver.FORWARD);
      }
      Colour live = made ? Colour.GREEN : Colour.BLUE;
      try (Connection c = one.connect(application)) {
        insert(c, ++id);
      }
      assertThat(rows(live)).as(last).isEqualTo(id);
      assertThat(seen(next))
          .as(last)
          .returns(live, DatabaseView.Route::leads)
          .returns(false, DatabaseView.Route::paused)
          .returns("", DatabaseView.Route::problem);
      if (made) {
        next.move(BACK);
      }
      console = next;
    }
  }

  private static void takeBack(PlaneDriver console, Move move) throws Exception {
    for (Step step : console.plane.steps(Phase.CUT_OVER, move, PlaneDriver.RELEASE).reversed()) {
      step.undo(console.context(move, step.undoTimeout()));
    }
  }

  @Test
  void whatIsWrongWithAPoolerClosesTheGateButAPoolerThatIsGoneDoesNotLockTheWayBack()
      throws Exception {
    PgBouncerProcess one = bouncer("one");
    PgBouncerProcess two = bouncer("two");
    PlaneDriver console = console(route(one, two));
    console.set();
    two.freeze();
    assertThat(gate(console, PlaneDriver.FORWARD).evidence()).contains("did not answer");
    assertThat(console.plane.risk(PlaneDriver.FORWARD).possible()).isFalse();
    two.thaw();
    Await.until(
        "the gate is open",
        () -> gate(console, PlaneDriver.FORWARD).state() == GateView.State.OPEN);
    console.move(PlaneDriver.FORWARD);
    two.end();
    assertThat(gate(console, BACK))
        .returns(GateView.State.CLOSED, GateView::state)
        .matches(gate -> gate.evidence().contains("does not run"));
    assertThat(console.plane.risk(BACK).possible()).isTrue();
    console.move(BACK);
    two.start();
    try (Connection c = two.connect(application)) {
      insert(c, 1);
    }
    assertThat(rows(Colour.BLUE)).isEqualTo(1);
  }

  /// The commit was made: whoever can be led goes on, and nobody waits for ever for the other one.
  @Test
  void aFileThatCannotBeReplacedAfterTheCommitKeepsNobodyElseWaiting() throws Exception {
    PgBouncerProcess one = bouncer("one");
    PgBouncerProcess two = bouncer("two");
    PlaneDriver console = console(route(one, two));
    console.set();
    for (String id : List.of("announce", "pause", "fence", "catch-up", "switch")) {
      console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, id);
    }
    Path inTheWay = two.ini().resolveSibling("pgbouncer.ini.next/full");
    Files.createDirectories(inTheWay);
    assertThatThrownBy(() -> console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "route"))
        .hasMessageContaining(two.ini() + " cannot be replaced");
    try (Connection c = one.connect(application)) {
      insert(c, 1);
    }
    assertThat(rows(Colour.GREEN)).isEqualTo(1);
    assertThat(seen(console).paused()).as("the other one waits").isTrue();

    Files.delete(inTheWay);
    console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "route");
    try (Connection c = two.connect(application)) {
      insert(c, 2);
    }
    assertThat(rows(Colour.GREEN)).isEqualTo(2);
  }

  /// Nobody can tell whether the move was made, so nothing of it is undone or done.
  @Test
  void aHoldThatNobodyEndsEndsByItself() throws Exception {
    PgBouncerProcess one = bouncer("one");
    PlaneDriver console = console(route(one));
    console.set();
    console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "pause");
    assertThat(seen(console).paused()).isTrue();
    long start = System.nanoTime();
    // A new client waits in the pooler as well.
    try (Connection c = one.connect(application)) {
      insert(c, 1);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(19));
    }
    assertThat(seen(console).paused()).isFalse();
  }

  // ---- applications that look for the side that takes writes -----------------------------------

  @Test
  void applicationsThatNameBothServersFollowAndTheSettingsAreAsBeforeInTheEnd() throws Exception {
    PlaneDriver console = console(new MultiHostRoute(databases.servers()));
    jdbi(databases.green())
        .useHandle(h ->
            h.execute("ALTER DATABASE " + name() + " SET default_transaction_read_only = off"));
    console.set();
    assertThat(gate(console, PlaneDriver.FORWARD))
        .returns(GateView.State.OPEN, GateView::state)
        .matches(gate -> gate.evidence().contains("on green, which is read-only for new ones"));
    try (Connection stays = everywhere()) {
      insert(stays, 1);
      assertThat(setting(Colour.GREEN)).isEqualTo("on");
      console.move(PlaneDriver.FORWARD);
      assertThat(stays.isValid(1)).as("its session is cut off").isFalse();
    }
    try (Connection c = everywhere()) {
      insert(c, 2);
      assertThat(rows(Colour.GREEN)).isEqualTo(2);
      assertThat(setting(Colour.BLUE) + setting(Colour.GREEN)).isEqualTo("onnone");
      assertThat(console.run(Phase.CUT_OVER, PlaneDriver.FORWARD, "verify"))
          .contains("1 session of applications on green")
          .contains("0 sessions of applications on blue, which is read-only for new ones");
    }
    console.move(BACK);
    try (Connection c = everywhere()) {
      insert(c, 3);
    }
    // Undone in the middle: as before.
    takeBack(console, PlaneDriver.FORWARD);
    assertThat(setting(Colour.BLUE) + setting(Colour.GREEN)).isEqualTo("noneon");
    try (Connection c = everywhere()) {
      insert(c, 4);
    }
    Await.until("green has it", () -> rows(Colour.GREEN) == 4 && rows(Colour.BLUE) == 4);
    for (Phase phase :
        List.of(Phase.SYNCHRONIZE, Phase.REPLICATE, Phase.PREPARE, Phase.INITIALIZE)) {
      for (Step step :
          console.plane.steps(phase, PlaneDriver.FORWARD, PlaneDriver.RELEASE).reversed()) {
        step.undo(console.context(PlaneDriver.FORWARD, Duration.ofSeconds(20)));
      }
    }
    assertThat(setting(Colour.BLUE) + setting(Colour.GREEN))
        .as("what it was before the release")
        .isEqualTo("noneoff");
  }

  @Test
  void aRoleWithASettingOfItsOwnIsFoundBefore() {
    PlaneDriver console = console(new MultiHostRoute(databases.servers()));
    jdbi(databases.asSuperuser(Colour.BLUE))
        .useHandle(h ->
            h.execute(
                "ALTER ROLE " + application.role() + " SET default_transaction_read_only = off"));
    assertThat(gate(console, PlaneDriver.FORWARD).evidence())
        .contains("have a default_transaction_read_only of their own")
        .contains(application.role());
  }

  private String name() {
    return databases.blue().coordinates().database();
  }

  private String setting(Colour side) {
    return jdbi(databases.get(side))
        .withHandle(h ->
            h.select(
                    """
                    SELECT coalesce((SELECT split_part(one, '=', 2)
                      FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase,
                        unnest(setconfig) AS one
                      WHERE setrole = 0 AND datname = current_database()
                        AND one LIKE 'default_transaction_read_only=%'), 'none')
                    """)
                .mapTo(String.class)
                .one());
  }

  /// As an application that names both servers.
  private Connection everywhere() throws SQLException {
    return java.sql.DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?targetServerType=primary&hostRecheckSeconds=0&ApplicationName=bank"
            .formatted(
                databases.blue().coordinates().port(),
                databases.green().coordinates().port(),
                name()),
        application.role(),
        application.password());
  }

  private static void insert(Connection c, long id) throws SQLException {
    try (var statement = c.createStatement()) {
      assertThat(statement.executeUpdate("INSERT INTO item VALUES (" + id + ")")).isOne();
    }
  }
}
