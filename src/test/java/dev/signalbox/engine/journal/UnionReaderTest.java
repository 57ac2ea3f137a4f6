package dev.signalbox.engine.journal;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Journal.Draft;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UnionReaderTest {
  @TempDir Path folder;

  private static List<Draft> drafts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Draft(1, Plain.NOTE, Phase.INITIALIZE, "", "note " + i))
        .toList();
  }

  private static List<EngineEvent> all(Journal.Reader reader) {
    List<EngineEvent> all = new ArrayList<>();
    for (var page = reader.next(); !page.isEmpty(); page = reader.next()) {
      all.addAll(page);
    }
    return all;
  }

  @Test
  void readsALongJournalPageByPage() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      var both = List.of(databases.blue(), databases.green());
      try (PostgresJournal journal = new PostgresJournal(both);
          PostgresLease lease = new PostgresLease(both, "a", "a", Duration.ofMinutes(1))) {
        List<EngineEvent> written = journal.append(lease.acquire(false), "me", drafts(2500));
        Journal.Reader reader = journal.reader();
        List<EngineEvent> page = reader.next();
        assertThat(page).hasSize(1000).isEqualTo(written.subList(0, 1000));
        assertThat(all(reader)).isEqualTo(written.subList(1000, 2500));
        assertThat(reader.next()).isEmpty();
        assertThat(reader.voided()).isEmpty();
      }
    }
  }

  @Test
  @Timeout(120)
  void entriesOfADatabaseThatWasAwayComeLateAndAreNotMissed() throws Exception {
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of());
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of())) {
      meet(
          blue,
          green,
          new PostgresServer(Colour.BLUE, blue.coordinates("postgres")),
          new PostgresServer(Colour.GREEN, green.coordinates("postgres")));
    }
  }

  private static void meet(
      EmbeddedPostgres blue, EmbeddedPostgres green, PostgresServer one, PostgresServer other)
      throws Exception {
    try (PostgresJournal journal = new PostgresJournal(List.of(one, other));
        PostgresJournal viewer = new PostgresJournal(List.of(one, other));
        PostgresLease lease =
            new PostgresLease(List.of(one, other), "a", "a", Duration.ofMinutes(1))) {
      long epoch = lease.acquire(false);
      Journal.Reader reader = viewer.reader();
      List<EngineEvent> first = journal.append(epoch, "me", drafts(1));
      assertThat(all(reader)).isEqualTo(first);
      green.crash();
      // Only blue has these, and it dies before green comes back.
      List<EngineEvent> onlyBlue = journal.append(epoch, "me", drafts(2));
      blue.stop();
      green.start();
      List<EngineEvent> onlyGreen = new ArrayList<>();
      Await.until(
          "green takes entries", () -> onlyGreen.addAll(journal.append(epoch, "me", drafts(1))));
      List<EngineEvent> seen = new ArrayList<>();
      Await.until("the viewer reads green", () -> seen.addAll(all(reader)));
      assertThat(seen).isEqualTo(onlyGreen);
      assertThat(onlyGreen.getFirst().sequence()).isGreaterThan(onlyBlue.getLast().sequence());

      blue.start();
      List<EngineEvent> late = new ArrayList<>();
      Await.until("the viewer reads blue again", () -> late.addAll(all(reader)));
      assertThat(late).isEqualTo(onlyBlue);

      // Copied to green, where they arrive after a higher number.
      journal.reconcile(epoch);
      Await.until(
          "both have all",
          () -> {
            journal.reconcile(epoch);
            return count(one) == count(other);
          });
      assertThat(all(reader)).isEmpty();
      try (PostgresJournal alone = new PostgresJournal(List.of(other))) {
        Journal.Reader green2 = alone.reader();
        assertThat(all(green2)).extracting(EngineEvent::sequence).contains(2L, 3L);
      }
      green.stop();
      blue.stop();
      assertThatThrownBy(reader::next).isInstanceOf(Journal.JournalException.class);
    }
  }

  private static int count(PostgresServer server) {
    return jdbi(server)
        .withHandle(
            h -> h.select("SELECT count(*) FROM signalbox.journal").mapTo(Integer.class).one());
  }

  /// A reader sees an arrival only when no lower one can come any more.
  @Test
  void arrivalsAreInTheOrderOfCommits() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      var both = List.of(databases.blue(), databases.green());
      try (PostgresJournal journal = new PostgresJournal(both);
          PostgresJournal alone = new PostgresJournal(List.of(databases.blue()));
          PostgresLease lease = new PostgresLease(both, "a", "a", Duration.ofMinutes(1));
          var open = databases.blue().open("copy", Duration.ofSeconds(20))) {
        long epoch = lease.acquire(false);
        List<EngineEvent> written = journal.append(epoch, "me", drafts(1));
        // A reconciliation that has taken its arrival number and is not committed yet.
        open.setAutoCommit(false);
        try (var statement = open.createStatement()) {
          statement.execute(
              "SELECT signalbox.copy("
                  + epoch
                  + ", (SELECT jsonb_agg(to_jsonb(j) || '{\"sequence\": 77}') FROM"
                  + " signalbox.journal j))");
        }
        Journal.Reader reader = alone.reader();
        assertThat(all(reader)).isEqualTo(written);
        Thread append = Thread.ofVirtual().start(() -> journal.append(epoch, "me", drafts(1)));
        Await.until(
            "the append waits",
            () ->
                jdbi(databases.blue())
                        .<Integer, RuntimeException>withHandle(h ->
                            h.select(
                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                        + " 'signalbox journal' AND wait_event_type = 'Lock'")
                                .mapTo(Integer.class)
                                .one())
                    == 1);
        assertThat(all(reader)).isEmpty();
        open.commit();
        append.join();
        assertThat(all(reader)).extracting(EngineEvent::sequence).contains(77L);
      }
    }
  }
}
