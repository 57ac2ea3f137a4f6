package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.postgres.Guarded;
import dev.signalbox.engine.database.postgres.PostgresServer;
import dev.signalbox.engine.database.postgres.Sql;
import dev.signalbox.support.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On servers of its own, which it freezes.
class HangTest {
  @TempDir Path folder;

  @Test
  void aFrozenTargetHoldsNothingUpAndTheReleaseCanBeAborted() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of());
        PostgresServer source = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));
        PostgresServer target = new PostgresServer(Colour.GREEN, green.coordinates("postgres"))) {
      Bank.create(source);
      try (Console console = console(source, target)) {
        console.set();
        console.plane.refresh();
        green.freeze();
        try {
          Await.until("green is missed", () -> !view(console, Colour.GREEN).reachable());
          var seen = view(console, Colour.BLUE).at();
          Await.until(
              "blue is still looked at", () -> view(console, Colour.BLUE).at().isAfter(seen));
          assertThat(console.plane.live()).isEqualTo(Colour.BLUE);
          assertThat(console.plane.gates(Console.FORWARD))
              .anyMatch(
                  g -> g.id().equals("database.servers") && g.state() == GateView.State.CLOSED);
          assertThatThrownBy(() -> console.move(Console.FORWARD)).isNotNull();
          write(source);
          for (Phase phase :
              new Phase[] {Phase.SYNCHRONIZE, Phase.REPLICATE, Phase.PREPARE, Phase.INITIALIZE}) {
            for (var step :
                console.plane.steps(phase, Console.FORWARD, Console.RELEASE).reversed()) {
              step.undo(console.context(Console.FORWARD, Duration.ofSeconds(20)));
            }
          }
          assertThat(
                  number(
                      source,
                      "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM"
                          + " pg_publication) + (SELECT count(*) FROM pg_subscription) + (SELECT"
                          + " count(*) FROM pg_trigger WHERE tgname = 'signalbox_fence')"))
              .isZero();
        } finally {
          green.thaw();
        }
      }
    }
  }

  @Test
  void aLiveSideThatFreezesIsLeftWithTheOperatorsWordAndClosedWhenItReturns() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of());
        PostgresServer source = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));
        PostgresServer target = new PostgresServer(Colour.GREEN, green.coordinates("postgres"))) {
      Bank.create(source);
      try (Console console = console(source, target)) {
        console.set();
        console.move(Console.FORWARD);
        write(target);
        long first = insert(target);
        for (int i = 0; i < 100; i++) {
          insert(target);
        }
        String sum = "SELECT count(*) FROM transfer";
        Await.until("all rows on blue", () -> number(source, sum) == number(target, sum));
        long ticket = number(target, "SELECT nextval('ticket')");
        console.plane.refresh();
        assertThat(console.plane.risk(Console.FORWARD.mirrored()).writes()).isZero();
        green.freeze();
        try {
          Await.until("green is missed", () -> !view(console, Colour.GREEN).reachable());
          // Blue is seen shut, and green is not seen.
          assertThat(console.plane.live()).isNull();
          assertThat(console.plane.risk(Console.FORWARD.mirrored()).writes()).isEqualTo(-1);
          assertThatThrownBy(() -> console.move(Console.FORWARD.mirrored())).isNotNull();
          assertThatThrownBy(() -> write(source)).hasMessageContaining("fenced");
          console.lossAcknowledged = true;
          console.move(Console.FORWARD.mirrored());
          write(source);
          // Numbers that green drew are not drawn again.
          assertThat(insert(source)).isGreaterThan(first + 100);
          for (int i = 0; i < 100; i++) {
            insert(source);
          }
          assertThat(number(source, "SELECT nextval('ticket')")).isGreaterThan(ticket);
        } finally {
          green.thaw();
        }
        Await.until(
            "green is closed",
            () -> {
              try {
                write(target);
                return false;
              } catch (java.sql.SQLException e) {
                return "25006".equals(e.getSQLState());
              }
            });
        write(source);
        Await.until("only blue is live", () -> console.plane.live() == Colour.BLUE);
      }
    }
  }

  @Test
  void aSideThatIsLostOnTheWayBackIsGivenUpAndClosedWhenItReturns() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of());
        PostgresServer source = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));
        PostgresServer target = new PostgresServer(Colour.GREEN, green.coordinates("postgres"))) {
      Bank.create(source);
      try (Console console = console(source, target)) {
        console.set();
        console.move(Console.FORWARD);
        Move back = Console.FORWARD.mirrored();
        for (String step : List.of("announce", "fence", "catch-up")) {
          console.run(Phase.CUT_OVER, back, step);
        }
        blue.freeze();
        try {
          assertThatThrownBy(() -> console.run(Phase.CUT_OVER, back, "switch")).isNotNull();
          // Blue may open: green must not.
          assertThatThrownBy(() -> console.undo(Phase.CUT_OVER, back, "switch"))
              .hasMessageContaining("green stays closed");
          assertThatThrownBy(() -> write(target)).hasMessageContaining("fenced");
          console.newSideGivenUp = true;
          console.undo(Phase.CUT_OVER, back, "switch");
          write(target);
        } finally {
          blue.thaw();
        }
        Await.until(
            "blue is closed",
            () -> {
              try {
                write(source);
                return false;
              } catch (java.sql.SQLException e) {
                return "25006".equals(e.getSQLState());
              }
            });
        write(target);
        Await.until("only green is live", () -> console.plane.live() == Colour.GREEN);
      }
    }
  }

  private Console console(PostgresServer source, PostgresServer target) throws Exception {
    Path scripts = java.nio.file.Files.createDirectory(folder.resolve("scripts"));
    return new Console(
        "hang", Map.of(Colour.BLUE, source, Colour.GREEN, target), Bank.migrations(scripts));
  }

  private static dev.signalbox.engine.DatabaseView.Server view(Console console, Colour colour) {
    return java.util.Objects.requireNonNull(console.plane.view().servers().get(colour));
  }

  private static void write(PostgresServer server) throws java.sql.SQLException {
    Guarded.ask(
        server,
        "app",
        Duration.ofSeconds(2),
        c -> {
          Sql.execute(c, "UPDATE account SET name = name || '.' WHERE id = 5");
          return true;
        });
  }

  private static long insert(PostgresServer server) throws java.sql.SQLException {
    return number(
        server,
        "INSERT INTO transfer (request, \"From\", \"to\", amount)"
            + " VALUES (gen_random_uuid(), 1, 2, 3) RETURNING id");
  }

  private static long number(PostgresServer server, String sql) throws java.sql.SQLException {
    return Guarded.ask(server, "app", Duration.ofSeconds(5), c -> Sql.number(c, sql));
  }
}
