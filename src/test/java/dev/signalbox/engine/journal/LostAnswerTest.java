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
import dev.signalbox.engine.release.Journal.JournalException;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Appends whose outcome their writer does not learn, on two servers of its own.
@Timeout(120)
@Tag("long")
class LostAnswerTest {
  @TempDir Path folder;
  private EmbeddedPostgres blue;
  private EmbeddedPostgres green;
  private LossyProxy blueProxy;
  private LossyProxy greenProxy;
  private List<PostgresServer> direct;
  private List<PostgresServer> proxied;
  private PostgresJournal journal;
  private long epoch;

  @BeforeEach
  void open() throws Exception {
    blue = EmbeddedPostgres.start(folder, "blue", Map.of());
    green = EmbeddedPostgres.start(folder, "green", Map.of());
    blueProxy = new LossyProxy(blue.port());
    greenProxy = new LossyProxy(green.port());
    direct =
        List.of(
            new PostgresServer(Colour.BLUE, blue.coordinates("postgres")),
            new PostgresServer(Colour.GREEN, green.coordinates("postgres")));
    proxied =
        List.of(
            new PostgresServer(Colour.BLUE, at(blue, blueProxy.port())),
            new PostgresServer(Colour.GREEN, at(green, greenProxy.port())));
    journal = new PostgresJournal(proxied);
    try (PostgresLease lease = new PostgresLease(direct, "a", "a", Duration.ofMinutes(10))) {
      epoch = lease.acquire(false);
    }
    append("first");
  }

  private static PostgresServer.Coordinates at(EmbeddedPostgres server, int port) {
    var c = server.coordinates("postgres");
    return new PostgresServer.Coordinates(c.host(), port, c.database(), c.user(), c.password());
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
    blueProxy.close();
    greenProxy.close();
    blue.close();
    green.close();
  }

  private List<EngineEvent> append(String text) {
    return journal.append(
        epoch,
        "me",
        List.of(
            new Draft(1, Plain.NOTE, Phase.INITIALIZE, "", text),
            new Draft(1, Plain.NOTE, Phase.INITIALIZE, "", text + " too")));
  }

  private List<String> stored(int server) {
    return jdbi(direct.get(server))
        .withHandle(h ->
            h.select("SELECT sequence || ' ' || text FROM signalbox.journal ORDER BY sequence")
                .mapTo(String.class)
                .list());
  }

  private static List<String> read(Journal.Reader reader) {
    List<String> all = new ArrayList<>();
    for (var page = reader.next(); !page.isEmpty(); page = reader.next()) {
      page.forEach(e -> all.add(e.sequence() + " " + e.text()));
    }
    return all;
  }

  @Test
  void anAppendWhoseAnswerIsLostIsTriedAgainAndThereOnce() {
    blueProxy.lose("signalbox.append", 1);
    greenProxy.lose("signalbox.append", 1);
    append("second");
    assertThat(stored(0)).containsExactly("1 first", "2 first too", "3 second", "4 second too");
    assertThat(stored(1)).isEqualTo(stored(0));
  }

  @Test
  void whatIsInDoubtAfterTheSecondTryIsVoidForEverybody() throws Exception {
    try (PostgresJournal viewer = new PostgresJournal(direct)) {
      Journal.Reader early = viewer.reader();
      assertThat(read(early)).hasSize(2);
      blueProxy.lose("signalbox.append", 2);
      greenProxy.lose("signalbox.append", 2);
      assertThatThrownBy(() -> append("lost")).isInstanceOf(JournalException.class);
      // It was committed all the same, and nobody has said yet that it is void.
      assertThat(stored(0)).contains("3 lost", "4 lost too");
      assertThat(read(early)).containsExactly("3 lost", "4 lost too");

      Await.until("the journal is written again", () -> append("after").size() == 2);
      List<String> rest = read(early);
      assertThat(early.voided()).containsExactlyInAnyOrder(3L, 4L);
      assertThat(rest).doesNotContain("3 lost").noneMatch(s -> s.startsWith("3 "));
      assertThat(rest).hasSize(2);
      assertAllAgree(rest);
    }
  }

  @Test
  void aFrozenServerThatCommitsLateDoesNotBringItBack() throws Exception {
    try (PostgresJournal viewer = new PostgresJournal(direct)) {
      Journal.Reader early = viewer.reader();
      assertThat(read(early)).hasSize(2);
      blue.freeze();
      green.freeze();
      assertThatThrownBy(() -> append("frozen")).isInstanceOf(JournalException.class);
      blue.thaw();
      green.thaw();
      // As soon as anybody answers, and perhaps before the frozen ones have committed.
      List<String> after = new ArrayList<>();
      Await.until(
          "the journal is written again",
          () -> {
            append("after").forEach(e -> after.add(e.sequence() + " " + e.text()));
            return true;
          });
      assertThat(after).noneMatch(s -> s.startsWith("3 ") || s.startsWith("4 "));
      Await.until("nothing is under way any more", () -> sessions(0) == 0 && sessions(1) == 0);
      read(early);
      assertAllAgree(after);
    }
  }

  /// Sessions in the middle of an append that nobody waits for.
  private int sessions(int server) throws SQLException {
    return jdbi(direct.get(server))
        .withHandle(h ->
            h.select(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'signalbox"
                        + " journal' AND state <> 'idle' AND query LIKE '%append%'")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void aBatchThatSurfacesInOneDatabaseOnlyIsVoidInBoth() throws Exception {
    // Not frozen: a frozen one commits when it goes on.
    green.crash();
    blueProxy.lose("signalbox.append", 2);
    assertThatThrownBy(() -> append("blue's")).isInstanceOf(JournalException.class);
    assertThat(stored(0)).contains("3 blue's");
    blue.freeze();
    green.start();
    List<String> after = new ArrayList<>();
    Await.until(
        "green takes entries",
        () -> {
          append("green's").forEach(e -> after.add(e.sequence() + " " + e.text()));
          return true;
        });
    assertThat(stored(1)).noneMatch(s -> s.startsWith("3 ") || s.startsWith("4 "));
    blue.thaw();
    assertAllAgree(after);
  }

  /// Both databases hold the same after they were reconciled, a reader of each sees the first two
  /// entries and `after`, and so does a reader of both.
  private void assertAllAgree(List<String> after) throws Exception {
    Await.until(
        "both hold the same",
        () -> {
          try (PostgresJournal fresh = new PostgresJournal(direct)) {
            fresh.reconcile(epoch);
          }
          return stored(0).equals(stored(1));
        });
    List<String> expected = new ArrayList<>(List.of("1 first", "2 first too"));
    expected.addAll(after);
    for (List<PostgresServer> servers :
        List.of(direct, List.of(direct.get(0)), List.of(direct.get(1)))) {
      try (PostgresJournal fresh = new PostgresJournal(servers)) {
        assertThat(read(fresh.reader())).isEqualTo(expected);
      }
    }
    // No number stands for two things.
    assertThat(stored(0)).doesNotHaveDuplicates();
    assertThat(stored(0).stream().map(s -> s.split(" ", 2)[0])).doesNotHaveDuplicates();
  }
}
