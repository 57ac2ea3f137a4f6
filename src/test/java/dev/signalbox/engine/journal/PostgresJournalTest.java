package dev.signalbox.engine.journal;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Journal.Draft;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.support.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresJournalTest {
  private TestDatabases databases;
  private PostgresJournal journal;
  private PostgresLease lease;

  @BeforeEach
  void open() throws SQLException {
    databases = TestDatabases.create();
    journal = new PostgresJournal(List.of(databases.blue(), databases.green()));
    lease = lease("first");
  }

  private PostgresLease lease(String holder) {
    return lease(holder, Duration.ofMillis(400));
  }

  private PostgresLease lease(String holder, Duration duration) {
    return new PostgresLease(
        List.of(databases.blue(), databases.green()), holder, holder, duration);
  }

  @AfterEach
  void close() throws Exception {
    lease.close();
    journal.close();
    databases.close();
  }

  private static Draft draft(String text) {
    return new Draft(
        1, new ReleaseStarted("v2", Colour.BLUE, Colour.GREEN), Phase.INITIALIZE, "", text);
  }

  @Test
  void writesToBothAndReadsBackWhatItWrote() {
    long epoch = lease.acquire(false);
    List<EngineEvent> written = journal.append(epoch, "me", List.of(draft("one"), draft("two")));
    Journal.Reader reader = journal.reader();
    assertThat(reader.next()).isEqualTo(written);
    assertThat(reader.next()).isEmpty();
    List<EngineEvent> more = journal.append(epoch, "me", List.of(draft("three")));
    assertThat(reader.next()).isEqualTo(more);
    for (var server : List.of(databases.blue(), databases.green())) {
      assertThat(count(jdbi(server))).isEqualTo(3);
    }
  }

  private static int count(org.jdbi.v3.core.Jdbi jdbi) {
    return jdbi.withHandle(
        h -> h.select("SELECT count(*) FROM signalbox.journal").mapTo(Integer.class).one());
  }

  @Test
  void copiesToTheOtherDatabaseWhatItMissed() {
    long epoch = lease.acquire(false);
    journal.append(epoch, "me", List.of(draft("one"), draft("two")));
    jdbi(databases.green())
        .useHandle(h -> h.execute("DELETE FROM signalbox.journal WHERE sequence = 2"));
    jdbi(databases.blue())
        .useHandle(h -> h.execute("DELETE FROM signalbox.journal WHERE sequence = 1"));
    assertThat(journal.reader().next()).hasSize(2);
    try (PostgresJournal next = new PostgresJournal(List.of(databases.blue(), databases.green()))) {
      next.reconcile(epoch);
    }
    assertThat(count(jdbi(databases.blue()))).isEqualTo(2);
    assertThat(count(jdbi(databases.green()))).isEqualTo(2);
  }

  @Test
  void refusesAnEpochThatIsNotTheNewest() {
    long old = lease.acquire(false);
    long epoch = lease.acquire(false);
    assertThat(epoch).isGreaterThan(old);
    assertThatThrownBy(() -> journal.append(old, "me", List.of(draft("late"))))
        .isInstanceOf(DeposedException.class);
    assertThat(journal.reader().next()).isEmpty();
    assertThat(journal.append(epoch, "me", List.of(draft("in time")))).hasSize(1);
  }

  @Test
  void anotherConsoleTakesTheLeaseOnlyWhenItRanOutOrByForce() throws Exception {
    try (PostgresLease held = lease("first", Duration.ofMinutes(1));
        PostgresLease other = lease("second")) {
      long first = held.acquire(false);
      assertThatThrownBy(() -> other.acquire(false))
          .isInstanceOf(Lease.HeldException.class)
          .hasMessageContaining("first drives");
      assertThat(other.look().mine()).isFalse();
      assertThat(other.look().holder()).isEqualTo("first");
      for (PostgresServer server : List.of(databases.blue(), databases.green())) {
        jdbi(server)
            .useHandle(
                h -> h.execute("UPDATE signalbox.lease_holder SET expires_at = clock_timestamp()"));
      }
      assertThat(other.look().holder()).as("it ran out").isEmpty();
      long second = other.acquire(false);
      assertThat(second).isGreaterThan(first);
      assertThatThrownBy(() -> held.renew(first)).isInstanceOf(DeposedException.class);
      assertThat(held.acquire(true)).isGreaterThan(second);
    }
  }

  @Test
  void whatAFrozenConsoleHoldsOpenIsEndedWhenItIsDeposed() throws Exception {
    long first = lease.acquire(false);
    try (Connection frozen = databases.blue().open("fence", Duration.ofSeconds(20));
        PostgresLease other = lease("second")) {
      frozen.setAutoCommit(false);
      try (var statement = frozen.createStatement()) {
        statement.execute("SELECT signalbox.assert_epoch(" + first + ")");
      }
      assertThat(other.acquire(true)).isGreaterThan(first);
      assertThatThrownBy(frozen::commit).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void raisesTheEpochInADatabaseThatMissedIt() {
    long epoch = lease.acquire(false);
    jdbi(databases.green())
        .useHandle(h -> {
          h.execute("UPDATE signalbox.lease SET epoch = 0");
          h.execute("UPDATE signalbox.lease_holder SET epoch = 0, holder = ''");
        });
    lease.renew(epoch);
    assertThat(
            jdbi(databases.green())
                .<Long, RuntimeException>withHandle(
                    h -> h.select("SELECT epoch FROM signalbox.lease").mapTo(Long.class).one()))
        .isEqualTo(epoch);
  }
}
