package dev.signalbox.engine.journal;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal.Draft;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalAuditTest {
  private TestDatabases databases;
  private List<PostgresServer> both;
  private PostgresJournal journal;
  private PostgresLease lease;
  private long epoch;

  @BeforeEach
  void open() throws SQLException, InterruptedException {
    databases = TestDatabases.create();
    both = List.of(databases.blue(), databases.green());
    journal = new PostgresJournal(both);
    lease = new PostgresLease(both, "a", "a", Duration.ofMinutes(1));
    epoch = lease.acquire(false);
    for (int i = 1; i <= 5; i++) {
      append(journal, epoch, "entry " + i);
    }
    // One that was slow to answer is given its entries later.
    for (PostgresServer server : both) {
      Await.until(
          "all entries on " + server.colour(),
          () -> {
            journal.reconcile(epoch);
            return count(server) == 5;
          });
    }
  }

  private static int count(PostgresServer server) {
    return jdbi(server)
        .withHandle(
            h -> h.createQuery("SELECT count(*) FROM signalbox.journal").mapTo(int.class).one());
  }

  @AfterEach
  void close() throws Exception {
    lease.close();
    journal.close();
    databases.close();
  }

  private static void append(PostgresJournal to, long epoch, String text) {
    to.append(
        epoch,
        "ängström \u0000\ud800",
        List.of(
            new Draft(
                1,
                new ReleaseStarted("v\u0000\ud800", Colour.BLUE, Colour.GREEN),
                Phase.INITIALIZE,
                "s",
                text)));
  }

  private static void execute(PostgresServer server, String sql) {
    jdbi(server).useHandle(h -> h.execute(sql));
  }

  private void inBoth(String sql) {
    both.forEach(server -> execute(server, sql));
  }

  private void assertMisfit(long sequence, String what) {
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.sound()).as("%s", report.notes()).isFalse();
    AuditReport.Misfit misfit = Objects.requireNonNull(report.misfit());
    assertThat(misfit.what()).contains(what);
    assertThat(misfit.sequence()).isEqualTo(sequence);
  }

  /// Written out by hand: other programs can check the chain too.
  @Test
  void theTextThatIsHashedIsAsDocumented() throws Exception {
    UUID batch = UUID.fromString("00000000-0000-0000-0000-000000000001");
    UUID other = UUID.fromString("00000000-0000-0000-0000-000000000002");
    JournalEntry entry =
        new JournalEntry(
            new EngineEvent(
                7,
                Instant.parse("1970-01-01T00:00:01.000002Z"),
                1,
                3,
                "ä",
                Plain.NOTE,
                Phase.WATCH,
                "",
                "text"),
            Map.of("k", "v", "a", "1"),
            batch,
            Set.of(other),
            "ff",
            "");
    String text =
        "19:signalbox journal 12:ff1:77:10000021:11:32:ä4:NOTE5:WATCH0:4:text36:"
            + batch
            + "1:136:"
            + other
            + "1:21:a1:11:k1:v";
    byte[] hash =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(text.getBytes(StandardCharsets.UTF_8));
    assertThat(Chain.hash(entry)).isEqualTo(java.util.HexFormat.of().formatHex(hash));
  }

  @Test
  void anUntouchedJournalFitsAndItsHeadIsTold() {
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.sound()).isTrue();
    assertThat(report.notes()).isEmpty();
    assertThat(report.entries()).isEqualTo(5);
    assertThat(report.headSequence()).isEqualTo(5);
    assertThat(report.headHash())
        .isEqualTo(
            jdbi(databases.green())
                .<String, RuntimeException>withHandle(h ->
                    h.select("SELECT hash FROM signalbox.journal WHERE sequence = 5")
                        .mapTo(String.class)
                        .one()));
  }

  @Test
  void changedContentIsNamed() {
    inBoth("UPDATE signalbox.journal SET text = 'nothing happened' WHERE sequence = 3");
    assertMisfit(3, "was changed");
  }

  @Test
  void contentThatCannotBeUnderstoodIsNamed() {
    execute(databases.green(), "UPDATE signalbox.journal SET kind = 'NOVEL' WHERE sequence = 4");
    assertMisfit(4, "on green was changed");
  }

  @Test
  void differentContentUnderOneNumberIsNamed() {
    execute(
        databases.green(),
        "UPDATE signalbox.journal SET data = jsonb_set(data, '{version}', '\"v9\"') WHERE sequence = 2");
    assertMisfit(2, "on green was changed");
    // With a hash that fits it.
    JournalEntry forged = forge(2, 2, "forged");
    store(databases.green(), forged, "DELETE FROM signalbox.journal WHERE sequence = 2");
    assertMisfit(2, "different content");
  }

  @Test
  void aRemovedEntryIsNoticedAtTheNextOneAndTheLastOneToo() {
    inBoth("DELETE FROM signalbox.journal WHERE sequence = 5");
    assertMisfit(5, "removed");
    inBoth("DELETE FROM signalbox.journal WHERE sequence = 3");
    assertMisfit(4, "changed or removed");
  }

  @Test
  void anInsertedEntryIsNamed() {
    inBoth("UPDATE signalbox.journal_head SET sequence = 9");
    JournalEntry forged = forge(2, 9, "it was allowed");
    both.forEach(server -> store(server, forged, "SELECT 1"));
    assertMisfit(9, "it was inserted");
  }

  private String hash(long sequence) {
    return jdbi(databases.blue())
        .<String, RuntimeException>withHandle(h ->
            h.select("SELECT hash FROM signalbox.journal WHERE sequence = ?", sequence)
                .mapTo(String.class)
                .one());
  }

  /// An entry with a hash that fits, after entry `after`.
  private JournalEntry forge(long after, long sequence, String text) {
    EngineEvent event =
        new EngineEvent(
            sequence,
            Instant.parse("2026-01-01T00:00:00Z"),
            1,
            epoch,
            "me",
            Plain.NOTE,
            Phase.WATCH,
            "",
            text);
    return JournalEntry.unhashed(event, UUID.randomUUID(), Set.of(), hash(after)).hashed();
  }

  private void store(PostgresServer server, JournalEntry entry, String before) {
    jdbi(server)
        .useHandle(h -> {
          h.execute(before);
          h.execute("SELECT signalbox.copy(?, ?::jsonb)", epoch, EntryRows.json(List.of(entry)));
        });
  }

  /// Its data stays as it is: it is read for what it says, and copied and hashed as it stands.
  @Test
  void anEntryWithMillisecondsOfAnEarlierVersionIsReadAndFitsItsHash() {
    EngineEvent event =
        new EngineEvent(
            6,
            Instant.parse("2026-01-01T00:00:00Z"),
            1,
            epoch,
            "me",
            new StepDone(Duration.ofNanos(41_200_000), 1),
            Phase.CUT_OVER,
            "database.fence",
            "Closed.");
    Map<String, String> data = Map.of("ms", "41.2", "epoch", "1");
    JournalEntry earlier =
        new JournalEntry(event, data, UUID.randomUUID(), Set.of(), hash(5), "").hashed();
    store(databases.blue(), earlier, "SELECT 1");
    try (PostgresJournal next = new PostgresJournal(both)) {
      next.reconcile(epoch);
      append(next, epoch, "after it");
      assertThat(next.reader().next()).contains(event);
    }
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.sound()).isTrue();
    assertThat(report.entries()).isEqualTo(7);
  }

  @Test
  void anEntryWhoseDataDoesNotSayWhatItsKindNeedsCannotBeUnderstood() {
    inBoth("UPDATE signalbox.journal SET kind = 'MOVE_DONE' WHERE sequence = 3");
    assertMisfit(3, "cannot understand it");
    inBoth("UPDATE signalbox.journal SET kind = 'NOTE', data = '{\"a\": null}' WHERE sequence = 3");
    assertMisfit(3, "cannot understand it");
  }

  @Test
  void driversThatSawOneDatabaseEachLeaveAForkAndNoSuspicion() {
    try (PostgresJournal blue = alone(databases.blue());
        PostgresJournal green = alone(databases.green())) {
      append(blue, epoch, "blue alone");
      append(blue, epoch, "blue alone");
      epoch = lease.acquire(true);
      append(green, epoch, "green alone");
    }
    try (PostgresJournal next = new PostgresJournal(both)) {
      next.reconcile(epoch);
      append(next, epoch, "both again");
    }
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.misfit()).isNull();
    assertThat(report.entries()).isEqualTo(9);
    assertThat(report.notes())
        .singleElement()
        .asString()
        .contains("forks after entry 5 into 1000000 (epoch 1) and 2000000");
  }

  /// A journal whose other database does not answer.
  private static PostgresJournal alone(PostgresServer server) {
    return new PostgresJournal(
        List.of(
            server,
            new PostgresServer(
                server.colour().other(),
                new PostgresServer.Coordinates("127.0.0.1", 1, "none", "none", "none"))));
  }

  @Test
  void aVoidBatchIsAForkAndNoSuspicion() {
    JournalEntry lost = forge(5, 6, "in doubt");
    both.forEach(server -> store(server, lost, "SELECT 1"));
    JournalEntry late = forge(5, 7, "after it");
    JournalEntry voiding =
        JournalEntry.unhashed(
                late.event(),
                Objects.requireNonNull(late.batch()),
                Set.of(Objects.requireNonNull(lost.batch())),
                late.previous())
            .hashed();
    both.forEach(server -> store(server, voiding, "SELECT 1"));
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.misfit()).isNull();
    assertThat(report.notes()).singleElement().asString().contains("6 (epoch 1, void)");
    assertThat(report.headSequence()).isEqualTo(7);
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsSaid() {
    PostgresServer nowhere =
        new PostgresServer(
            Colour.GREEN, new PostgresServer.Coordinates("127.0.0.1", 1, "none", "none", "none"));
    AuditReport report = JournalAudit.verify(List.of(databases.blue(), nowhere));
    assertThat(report.sound()).isFalse();
    assertThat(report.misfit()).isNull();
    assertThat(report.silent()).singleElement().asString().contains("green");
  }

  @Test
  void entriesOfEarlierVersionsAreBeforeTheChain() {
    inBoth("UPDATE signalbox.journal SET hash = '', previous = '', batch = NULL");
    try (PostgresJournal next = new PostgresJournal(both)) {
      append(next, epoch, "the first with a hash");
    }
    AuditReport report = JournalAudit.verify(both);
    assertThat(report.sound()).isTrue();
    assertThat(report.beforeTheChain()).isEqualTo(5);
    inBoth("UPDATE signalbox.journal SET hash = '', previous = '' WHERE sequence = 6");
    assertThat(JournalAudit.verify(both).sound()).isTrue();
    try (PostgresJournal next = new PostgresJournal(both)) {
      append(next, epoch, "the chain begins");
      append(next, epoch, "and goes on");
    }
    inBoth("UPDATE signalbox.journal SET hash = '', previous = '' WHERE sequence = 8");
    assertMisfit(8, "has no hash");
  }
}
