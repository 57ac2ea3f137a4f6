package dev.signalbox.engine.database.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.PgBouncerProcess;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.route.RouteSight;
import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two real PgBouncers in front of two real databases.
@Timeout(60)
class PgBouncerRouteTest {
  @TempDir Path folder;
  private TestDatabases databases;
  private PgBouncerProcess.Application application;
  private PgBouncerProcess one;
  private PgBouncerProcess two;
  private PgBouncerRoute route;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    for (Colour colour : Colour.values()) {
      TestDatabases.jdbi(databases.get(colour))
          .useHandle(h -> h.execute("CREATE TABLE side AS SELECT '" + colour.id() + "' AS name"));
    }
    application = PgBouncerProcess.Application.in(databases);
    one = new PgBouncerProcess(folder.resolve("one"), databases.blue(), application);
    two = new PgBouncerProcess(folder.resolve("two"), databases.blue(), application);
    route = new PgBouncerRoute(List.of(one.settings(), two.settings()), sides(databases));
  }

  @AfterEach
  void stop() throws Exception {
    route.close();
    two.close();
    one.close();
    databases.close();
  }

  static Map<Colour, SideAddress> sides(TestDatabases databases) {
    Map<Colour, SideAddress> sides = new EnumMap<>(Colour.class);
    databases
        .servers()
        .forEach((colour, server) -> {
          PostgresServer.Coordinates at = server.coordinates();
          sides.put(colour, new SideAddress(at.host(), at.port(), at.database()));
        });
    return sides;
  }

  private RouteSight look() throws InterruptedException {
    return route.look(colour -> Optional.empty());
  }

  private static Instant in(int millis) {
    return Instant.now().plusMillis(millis);
  }

  private String side(Connection c) throws SQLException {
    try (Statement statement = c.createStatement();
        var rows = statement.executeQuery("SELECT name FROM side")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private Connection application(PgBouncerProcess through) throws SQLException {
    return through.connect(application);
  }

  /// Whoever asks while it is held is answered by the new side, over the same connection.
  @Test
  void allAreHeldLedAndResumedTogetherAndNobodySeesAnError() throws Exception {
    String before = Files.readString(one.ini());
    try (Connection a = application(one);
        Connection b = application(two)) {
      assertThat(side(a) + side(b)).isEqualTo("blueblue");
      assertThat(look().leads()).contains(Colour.BLUE);
      assertThat(look().objection(Colour.BLUE)).isEmpty();
      assertThat(look().objection(Colour.GREEN)).contains("leads to blue, not to green");

      route.hold(in(5000));
      assertThat(look().paused()).isTrue();
      CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> asked(a));
      route.hold(in(5000));
      assertThat(route.point(Colour.GREEN, 1)).contains("leads to 127.0.0.1:");
      assertThat(look().paused()).isTrue();
      assertThat(waiting).isNotDone();
      route.resume(Colour.GREEN);
      assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo("green");
      assertThat(side(b)).isEqualTo("green");
      assertThat(look().objection(Colour.GREEN)).isEmpty();
      assertThat(route.point(Colour.GREEN, 1)).contains("leads to 127.0.0.1:");

      route.point(Colour.BLUE, 2);
      assertThat(side(a) + side(b)).as("without a hold").isEqualTo("blueblue");
    }
    // 'host' and 'dbname' of both sides are the same: their quotes and blanks are kept.
    assertThat(Files.readString(one.ini())).isEqualTo(before);
  }

  private String asked(Connection c) {
    try {
      return side(c);
    } catch (SQLException e) {
      return e.toString();
    }
  }

  @Test
  void aHoldThatTakesTooLongIsGivenUpByUsAndNamesWhatIsInTheWay() throws Exception {
    try (Connection busy = application(one);
        Connection other = application(one)) {
      busy.setAutoCommit(false);
      side(busy);
      long start = System.nanoTime();
      assertThatThrownBy(() -> route.hold(in(400)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not come to rest")
          .hasMessageContaining("a transaction of app_test_")
          .hasMessageContaining("Everything goes on.");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(look().paused()).isFalse();
      assertThat(side(busy) + side(other)).isEqualTo("blueblue");
      busy.commit();

      // #715: the pause that was left behind is in nobody's way.
      route.hold(in(5000));
      assertThat(look().paused()).isTrue();
      route.resume(Colour.BLUE);
      assertThat(side(busy) + side(other)).isEqualTo("blueblue");
    }
  }

  @Test
  void oneThatHangsKeepsNothingPausedAndIsMendedWhenItGoesOn() throws Exception {
    assertThat(look().objection(Colour.BLUE)).isEmpty();
    two.freeze();
    long start = System.nanoTime();
    RouteSight hung = look();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(hung.possible()).isFalse();
    assertThat(hung.problem()).contains("did not answer");
    assertThatThrownBy(() -> route.hold(in(500))).hasMessageContaining("resumed as soon as");
    assertThat(pausedNow(one)).isFalse();

    // What it was told while it hung, a pause, is done when it goes on.
    try (AdminConsole late = frozen()) {
      two.thaw();
      late.run("PAUSE \"" + PgBouncerProcess.ENTRY + "\"", Duration.ofSeconds(5));
      assertThat(pausedNow(two)).isTrue();
    }
    route.mend();
    assertThat(pausedNow(two)).isFalse();
    assertThat(look().objection(Colour.BLUE)).isEmpty();
  }

  private AdminConsole frozen() throws Exception {
    two.thaw();
    AdminConsole console = AdminConsole.open(two.settings(), Duration.ofSeconds(2));
    two.freeze();
    return console;
  }

  @Test
  void oneThatHangsWhileItIsLedFollowsLater() throws Exception {
    route.hold(in(5000));
    two.freeze();
    assertThatThrownBy(() -> route.point(Colour.GREEN, 1)).hasMessageContaining("did not answer");
    two.thaw();
    Await.until(
        "it is mended",
        () -> {
          route.mend();
          return !pausedNow(two);
        });
    route.resume(Colour.GREEN);
    assertThat(look().objection(Colour.GREEN)).isEmpty();
  }

  private static boolean pausedNow(PgBouncerProcess which) throws IOException {
    try (AdminConsole console = AdminConsole.open(which.settings(), Duration.ofSeconds(2))) {
      return console.show("SHOW DATABASES", Duration.ofSeconds(2)).stream()
          .anyMatch(row ->
              PgBouncerProcess.ENTRY.equals(row.get("name")) && "1".equals(row.get("paused")));
    }
  }

  @Test
  void oneThatDoesNotRunLeadsToTheNewSideWhenItStarts() throws Exception {
    two.end();
    assertThat(look().problem()).contains("does not run: nothing listens there");
    assertThat(look().possible()).isTrue();
    route.hold(in(5000));
    assertThat(route.point(Colour.GREEN, 1)).contains("leads to green when it starts");
    route.resume(Colour.GREEN);
    two.start();
    assertThat(look().objection(Colour.GREEN)).isEmpty();
    try (Connection b = application(two)) {
      assertThat(side(b)).isEqualTo("green");
    }
  }

  @Test
  void whatCannotBeSwitchedIsSaidBefore() throws Exception {
    String text = Files.readString(one.ini());
    Files.writeString(one.ini(), text.replace("port = ", "port = 1"));
    assertThat(look().problem()).contains("which is neither blue (").contains("Write host, port");

    Files.writeString(
        one.ini(),
        text.replace(
            "port = " + databases.blue().coordinates().port(),
            "port = " + databases.green().coordinates().port()));
    assertThat(look().problem()).contains("leads to blue, but its file").contains("says green");

    Files.writeString(one.ini(), text.replace("\nbank-1", "\nbank-2"));
    assertThat(look().problem()).contains("has no entry 'bank-1' in [databases]");
    assertThat(look().possible()).isFalse();

    Files.delete(one.ini());
    assertThat(look().problem()).contains("There is no file " + one.ini());
    Files.writeString(one.ini(), text);
    assertThat(look().objection(Colour.BLUE)).isEmpty();
  }

  /// A folder cannot be locked for root, but a file in the place of ours is in everybody's way.
  @Test
  void aFileThatCannotBeReplacedIsFoundBeforeAnythingWaits() throws Exception {
    Files.createDirectories(one.ini().resolveSibling("pgbouncer.ini.next/full"));
    assertThatThrownBy(() -> route.ready()).hasMessageContaining("cannot be replaced");
    Files.delete(one.ini().resolveSibling("pgbouncer.ini.next/full"));
    route.ready();
    assertThat(one.ini().resolveSibling("pgbouncer.ini.next")).doesNotExist();
  }

  @Test
  void theFileKeepsItsOwnerAndMode() throws Exception {
    Files.setPosixFilePermissions(one.ini(), PosixFilePermissions.fromString("rw-r-----"));
    if (System.getProperty("user.name").equals("root")) {
      Files.setAttribute(one.ini(), "unix:uid", 65534);
      Files.setAttribute(one.ini(), "unix:gid", 65534);
    }
    Object owner = Files.getAttribute(one.ini(), "unix:uid");
    Object group = Files.getAttribute(one.ini(), "unix:gid");
    Path link = Files.createSymbolicLink(folder.resolve("link.ini"), one.ini());
    new IniFile(link, PgBouncerProcess.ENTRY)
        .lead(java.util.Objects.requireNonNull(sides(databases).get(Colour.GREEN)));
    assertThat(one.says(databases.green())).isTrue();
    assertThat(link).isSymbolicLink();
    assertThat(Files.getAttribute(one.ini(), "unix:uid")).isEqualTo(owner);
    assertThat(Files.getAttribute(one.ini(), "unix:gid")).isEqualTo(group);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.ini())))
        .isEqualTo("rw-r-----");
  }
}
