package dev.signalbox.engine.database;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing is ready, the same or close behind that is not seen to be so now.
@Tag("long")
class UnseenTest {
  private static final Move BACK = PlaneDriver.FORWARD.mirrored();

  @TempDir Path folder;

  private Path scripts() throws Exception {
    return BankSchema.migrations(Files.createDirectories(folder.resolve("scripts")));
  }

  private static List<GateView> gates(DatabasePlane plane, GateView.State state) {
    return Gate.views(plane.gates(PlaneDriver.FORWARD, Colour.BLUE)).stream()
        .filter(g -> g.state() == state)
        .toList();
  }

  private static void allOpen(DatabasePlane plane) throws InterruptedException {
    Await.until(
        "all gates are open",
        () ->
            gates(plane, GateView.State.OPEN).size()
                == Gate.views(plane.gates(PlaneDriver.FORWARD, Colour.BLUE)).size());
  }

  private static void nothingIsKnown(DatabasePlane plane) {
    for (Move move : List.of(PlaneDriver.FORWARD, BACK)) {
      assertThat(Gate.views(plane.gates(move, Colour.BLUE)))
          .isNotEmpty()
          .allSatisfy(gate -> {
            assertThat(gate.state()).as(gate.toString()).isNotEqualTo(GateView.State.OPEN);
            assertThat(gate.evidence()).as(gate.id()).isNotBlank();
          });
      assertThat(plane.risk(move).possible()).isFalse();
      assertThat(plane.risk(move).evidence()).contains("nothing to go to");
    }
    assertThat(plane.live()).isNull();
    assertThat(plane.thrownAway(Colour.GREEN)).isEqualTo("its tables, size unknown");
    DatabaseView view = plane.view();
    assertThat(view.consistency().state()).isNotEqualTo(Consistency.State.IDENTICAL);
    for (Direction direction :
        List.of(view.replication().forward(), view.replication().reverse())) {
      assertThat(direction.lag()).isNull();
      assertThat(direction.lagBytes()).isEqualTo(-1);
      assertThat(direction.state()).isIn(Direction.State.UNKNOWN, Direction.State.BROKEN);
    }
    assertThat(view.servers().values())
        .allSatisfy(server -> {
          assertThat(server.reachable()).isFalse();
          assertThat(server.access()).isEqualTo(DatabaseView.Access.UNKNOWN);
          assertThat(server.problem()).isNotBlank();
        });
  }

  @Test
  void withBothServersFrozenOrDeadNothingIsKnown() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of())) {
      PostgresServer source = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));
      PostgresServer target = new PostgresServer(Colour.GREEN, green.coordinates("postgres"));
      BankSchema.create(source);
      Map<Colour, PostgresServer> servers = Map.of(Colour.BLUE, source, Colour.GREEN, target);
      try (PlaneDriver console = new PlaneDriver("unseen", servers, scripts())) {
        DatabasePlane plane = console.plane;
        console.set();
        plane.refresh();
        allOpen(plane);
        assertThat(plane.live()).isEqualTo(Colour.BLUE);
        assertThat(plane.view().consistency().state()).isEqualTo(Consistency.State.IDENTICAL);

        green.freeze();
        await(plane, Colour.GREEN, false);
        // Seen open, while the other one is not seen.
        assertThat(plane.live()).isEqualTo(Colour.BLUE);
        assertThat(gates(plane, GateView.State.OPEN))
            .extracting(GateView::id)
            .containsExactly("database.transactions");
        blue.freeze();
        await(plane, Colour.BLUE, false);
        nothingIsKnown(plane);
        // It stays so: nothing that was measured before comes back by itself.
        Instant later = Instant.now().plusSeconds(1);
        Await.until(
            "a second has gone",
            () -> {
              nothingIsKnown(plane);
              return Instant.now().isAfter(later);
            });

        green.thaw();
        await(plane, Colour.GREEN, true);
        // The side that is seen is shut; what blue does is not known.
        assertThat(plane.live()).isNull();
        assertThat(plane.risk(PlaneDriver.FORWARD).writes()).isEqualTo(-1);
        blue.thaw();
        allOpen(plane);
        assertThat(plane.live()).isEqualTo(Colour.BLUE);
        assertThat(plane.view().consistency().state()).isEqualTo(Consistency.State.IDENTICAL);

        blue.crash();
        green.crash();
        await(plane, Colour.BLUE, false);
        await(plane, Colour.GREEN, false);
        nothingIsKnown(plane);
      }
      // A console that begins when all is dead has never seen anything.
      try (DatabasePlane late = plane("unseen", servers, scripts())) {
        nothingIsKnown(late);
        assertThat(late.view().replication().forward())
            .isEqualTo(new Direction(Direction.State.UNKNOWN, -1, null, 0, 0, ""));
        late.start();
        nothingIsKnown(late);
        Await.until(
            "both were asked",
            () -> late.view().servers().values().stream().allMatch(DatabaseView.Server::asked));
        nothingIsKnown(late);
        // Not even whether there is one: it was never seen.
        Direction never = late.view().replication().forward();
        assertThat(never.state()).isEqualTo(Direction.State.UNKNOWN);
        assertThat(never.problem()).contains("does not answer");

        green.start();
        await(late, Colour.GREEN, true);
        assertThat(late.live()).isNull();
        assertThat(late.risk(PlaneDriver.FORWARD).possible()).isTrue();
        assertThat(late.risk(PlaneDriver.FORWARD).writes()).isEqualTo(-1);
        assertThat(late.risk(PlaneDriver.FORWARD).evidence())
            .contains("blue has not answered this console yet", "ahead is not known");
        blue.start();
        await(late, Colour.BLUE, true);
        Await.until("blue is live", () -> late.live() == Colour.BLUE);
      }
    }
  }

  @Test
  void whatNobodyLooksAtAnyMoreIsNotKnownAfterThreePolls() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      BankSchema.create(databases.blue());
      Map<Colour, PostgresServer> servers = databases.servers();
      try (PlaneDriver console =
          new PlaneDriver("unseen " + UUID.randomUUID(), servers, scripts())) {
        console.set();
        console.plane.refresh();
        allOpen(console.plane);
        // The watches end with the plane, and what they saw stays.
        console.plane.close();
        // Each server was seen last at a moment of its own.
        await(console.plane, Colour.BLUE, false);
        await(console.plane, Colour.GREEN, false);
        nothingIsKnown(console.plane);
        assertThat(Gate.views(console.plane.gates(PlaneDriver.FORWARD, Colour.BLUE)))
            .filteredOn(g -> g.id().equals("database.fence"))
            .allSatisfy(g -> assertThat(g.evidence()).contains("blue was not seen for "));
      }
    }
  }

  /// An administrator may end any session, and a look is made again before a side counts as silent.
  @Test
  void aLookWhoseSessionIsEndedIsNoOutage() throws Exception {
    try (TestDatabases databases = TestDatabases.create();
        DatabasePlane plane = plane("unseen", databases.servers(), scripts())) {
      plane.start();
      await(plane, Colour.BLUE, true);
      for (int n = 1; n <= 3; n++) {
        long ended =
            jdbi(databases.asSuperuser(Colour.BLUE))
                .withHandle(h ->
                    h.createQuery(
                            """
                            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                            WHERE datname = current_database() AND application_name = 'signalbox look'
                            """)
                        .mapTo(long.class)
                        .one());
        assertThat(ended).isPositive();
        Instant since = Instant.now();
        Await.until(
            "the next look",
            () -> {
              DatabaseView.Server blue =
                  Objects.requireNonNull(plane.view().servers().get(Colour.BLUE));
              assertThat(blue.problem()).isEmpty();
              return blue.at().isAfter(since);
            });
      }
    }
  }

  private static DatabasePlane plane(
      String environment, Map<Colour, PostgresServer> servers, Path scripts) {
    return new DatabasePlane(environment, TestSettings.of(scripts), servers, List.of());
  }

  private static void await(DatabasePlane plane, Colour colour, boolean reachable)
      throws InterruptedException {
    Await.until(
        colour + (reachable ? " answers" : " is missed"),
        () -> Objects.requireNonNull(plane.view().servers().get(colour)).reachable() == reachable);
  }
}
