package dev.signalbox.app;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.journal.JournalAudit;
import dev.signalbox.engine.journal.PostgresJournal;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal.Draft;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A console that looks on: it creates nothing, and a role that may only read is enough.
class LookingTest {
  private static final String ROLE = "signalbox_looker";
  private static final List<Draft> BEGUN =
      List.of(
          new Draft(
              1,
              new EventPayload.ReleaseStarted("v2", Colour.BLUE, Colour.GREEN),
              Phase.INITIALIZE,
              "",
              "Release 1 begins."));

  @TempDir Path folder;
  private TestDatabases databases;

  @BeforeEach
  void open() throws Exception {
    databases = TestDatabases.create();
    Files.writeString(folder.resolve("password"), "looks-on\n");
    for (Colour colour : Colour.values()) {
      jdbi(databases.asSuperuser(colour))
          .useHandle(h ->
              h.execute(
                  "CREATE ROLE "
                      + ROLE
                      + " LOGIN PASSWORD 'looks-on' IN ROLE pg_monitor, pg_read_all_data"));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (Colour colour : Colour.values()) {
      jdbi(databases.asSuperuser(colour)).useHandle(h -> h.execute("DROP ROLE " + ROLE));
    }
    databases.close();
  }

  /// @param reads whether the console's role may only read; else it may do everything
  private Environment environment(boolean reads) throws IOException {
    Map<Colour, ServerSettings> servers = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      PostgresServer.Coordinates at = databases.get(colour).coordinates();
      Path password = folder.resolve("password");
      if (!reads) {
        password = Files.writeString(folder.resolve(colour + "-password"), at.password() + "\n");
      }
      servers.put(
          colour,
          new ServerSettings(
              at.host(),
              at.port(),
              at.database(),
              reads ? ROLE : at.user(),
              new SecretSource.InFile(password)));
    }
    return new Environment(
        "looked at",
        folder,
        new ReleaseSettings(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(2)),
        null,
        List.of(
            new DatabaseSettings(
                "",
                servers,
                Optional.of(folder),
                List.of("public"),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                List.of())),
        new ApplicationSettings(
            HealthSettings.defaults(),
            new RouterSettings.Entry(
                URI.create("http://127.0.0.1:1"),
                URI.create("http://127.0.0.1:1"),
                new SecretSource.InFile(folder.resolve("password"))),
            Map.of(Colour.BLUE, stack(), Colour.GREEN, stack())),
        null);
  }

  private static StackSettings stack() {
    return new StackSettings(List.of(), List.of());
  }

  /// Everything that a database contains, by name.
  private List<String> contents(Colour colour) {
    return jdbi(databases.get(colour))
        .withHandle(h ->
            h.select(
                    """
                    SELECT 'schema ' || nspname FROM pg_namespace
                    UNION ALL SELECT 'relation ' || oid || relname FROM pg_class
                    UNION ALL SELECT 'function ' || oid || proname FROM pg_proc
                    UNION ALL SELECT 'trigger ' || oid || tgname FROM pg_trigger ORDER BY 1
                    """)
                .mapTo(String.class)
                .list());
  }

  private static boolean seen(EngineSnapshot s) {
    return s.database() != null
        && s.database().servers().values().stream().allMatch(server -> server.reachable());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoEmptyDatabasesStayEmpty(boolean reads) throws Exception {
    Map<Colour, List<String>> before = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      before.put(colour, contents(colour));
    }
    try (Console console = new Console(environment(reads), ReleaseEngine.Role.LOOK_ON)) {
      Await.until("both are seen", () -> seen(console.snapshot()));
      long version = console.snapshot().version();
      // The lease is looked at and the journal followed four times in a lease.
      Await.until(
          "it has looked on for a while", () -> console.snapshot().version() > version + 15);
      Await.until(
          "journal and lease are seen",
          () ->
              console.snapshot().journalReadAt() != null
                  && console.snapshot().lease().silent().equals(List.of("the entry")));
      assertThat(console.snapshot().lease().holder()).isEmpty();
      assertThat(console.snapshot().release()).isNull();
      assertThat(seen(console.snapshot())).isTrue();
    }
    Servers servers = new Servers(environment(reads));
    assertThat(JournalAudit.verify(servers.journal()).empty()).isTrue();
    assertThat(JournalAudit.verify(servers.journal()).sound()).isFalse();
    for (Colour colour : Colour.values()) {
      assertThat(contents(colour)).isEqualTo(before.get(colour));
    }
  }

  @Test
  void aRoleThatMayOnlyReadSeesWhoDrivesAndWhatWasWritten() throws Exception {
    var both = List.of(databases.blue(), databases.green());
    try (PostgresLease lease =
            new PostgresLease(both, "driver", "the driver", Duration.ofMinutes(5));
        PostgresJournal journal = new PostgresJournal(both)) {
      long epoch = lease.acquire(false);
      journal.append(epoch, "the driver", BEGUN);
      try (Console console = new Console(environment(true), ReleaseEngine.Role.LOOK_ON)) {
        Await.until("the release is seen", () -> console.snapshot().release() != null);
        Await.until(
            "the driver is seen", () -> console.snapshot().lease().holder().equals("the driver"));
        assertThat(Objects.requireNonNull(console.snapshot().release()).version()).isEqualTo("v2");
        assertThat(console.snapshot().lease().epoch()).isEqualTo(epoch);
        Await.until(
            "what the driver works at is known",
            () ->
                console
                    .snapshot()
                    .lever(LeverId.RESUME)
                    .there()
                    .locked()
                    .equals("'Work up to the cutover' is under way."));
        assertThat(console.snapshot().lever(LeverId.RESUME).locked())
            .contains("the driver drives this environment");
      }
    }
  }

  @Test
  void aLeaseThatRanOutIsFreeForACommand() throws Exception {
    var both = List.of(databases.blue(), databases.green());
    try (PostgresLease lease =
            new PostgresLease(both, "driver", "the driver", Duration.ofMillis(500));
        PostgresJournal journal = new PostgresJournal(both)) {
      journal.append(lease.acquire(false), "the driver", BEGUN);
      try (Console console = new Console(environment(true), ReleaseEngine.Role.LOOK_ON)) {
        Await.until("the release is seen", () -> console.snapshot().release() != null);
        Await.until(
            "nobody drives",
            () ->
                console.snapshot().journalReadAt() != null
                    && console.snapshot().lever(LeverId.RESUME).locked().contains("Nobody drives"));
        EngineSnapshot seen = console.snapshot();
        assertThat(seen.lever(LeverId.RESUME).there()).isInstanceOf(Lever.Free.class);
        assertThat(Objects.requireNonNull(seen.release()).next())
            .contains("nothing goes on", "'signalbox release resume'");
        assertThat(seen.wayBack().evidence()).contains("nothing to move back");
      }
    }
  }

  /// As a version before batches and chain left it.
  @Test
  void whatAnEarlierVersionWroteIsReadAndUpgradedByWhoDrives() throws Exception {
    for (Colour colour : Colour.values()) {
      jdbi(databases.get(colour))
          .useHandle(h -> {
            h.execute("CREATE SCHEMA signalbox");
            h.execute(
                "CREATE TABLE signalbox.lease (one boolean PRIMARY KEY DEFAULT true CHECK (one),"
                    + " epoch bigint NOT NULL)");
            h.execute("INSERT INTO signalbox.lease (epoch) VALUES (4)");
            h.execute(
                "CREATE TABLE signalbox.lease_holder (one boolean PRIMARY KEY DEFAULT true CHECK"
                    + " (one), epoch bigint NOT NULL, holder text NOT NULL, name text NOT NULL,"
                    + " expires_at timestamptz NOT NULL)");
            h.execute(
                "INSERT INTO signalbox.lease_holder (epoch, holder, name, expires_at) VALUES (4,"
                    + " 'x', 'old', '-infinity')");
            h.execute(
                "CREATE TABLE signalbox.journal (sequence bigint PRIMARY KEY, at timestamptz NOT"
                    + " NULL, release bigint NOT NULL, epoch bigint NOT NULL, actor text NOT NULL,"
                    + " kind text NOT NULL, phase text NOT NULL, step text NOT NULL, text text NOT"
                    + " NULL, data jsonb NOT NULL)");
            h.execute(
                "INSERT INTO signalbox.journal SELECT n, '2026-01-01', 1, 4, 'old', 'NOTE', 'INITIALIZE',"
                    + " '', 'entry ' || n, '{}' FROM generate_series(1, 3) n");
          });
    }
    var both = List.of(databases.blue(), databases.green());
    List<String> before = contents(Colour.BLUE);
    try (PostgresJournal journal = new PostgresJournal(both);
        PostgresLease lease = new PostgresLease(both, "new", "new", Duration.ofMinutes(5))) {
      var reader = journal.reader();
      assertThat(reader.next()).extracting(EngineEvent::text).contains("entry 1", "entry 3");
      assertThat(lease.look().epoch()).isEqualTo(4);
      assertThat(contents(Colour.BLUE)).isEqualTo(before);

      long epoch = lease.acquire(false);
      assertThat(epoch).isEqualTo(5);
      var written =
          journal.append(
              epoch,
              "new",
              List.of(new Draft(1, EventPayload.Plain.NOTE, Phase.INITIALIZE, "", "entry 4")));
      assertThat(written.getFirst().sequence()).isEqualTo(4);
      assertThat(reader.next()).isEqualTo(written);
    }
    var report = JournalAudit.verify(both);
    assertThat(report.sound()).isTrue();
    assertThat(report.beforeTheChain()).isEqualTo(3);
    assertThat(report.headSequence()).isEqualTo(4);
  }
}
