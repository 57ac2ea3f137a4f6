package dev.signalbox.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.application.router.EntryWitness;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.entry.EntryProcess;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two consoles, of which one sees only blue and the other only green; real databases and a real
/// entry.
@Timeout(120)
@Tag("long")
class MajorityTest {
  private static final Duration TTL = Duration.ofSeconds(3);

  @TempDir Path folder;
  private TestDatabases databases;

  @BeforeEach
  void open() throws Exception {
    databases = TestDatabases.create();
  }

  @AfterEach
  void close() throws Exception {
    databases.close();
  }

  /// A database at an address where nothing listens.
  private static PostgresServer away(Colour colour) {
    return new PostgresServer(
        colour, new PostgresServer.Coordinates("127.0.0.1", 1, "none", "none", "none"));
  }

  private List<PostgresServer> onlyBlue() {
    return List.of(databases.blue(), away(Colour.GREEN));
  }

  private List<PostgresServer> onlyGreen() {
    return List.of(away(Colour.BLUE), databases.green());
  }

  private List<PostgresServer> both() {
    return List.of(databases.blue(), databases.green());
  }

  private static PostgresLease lease(List<PostgresServer> servers, String name) {
    return new PostgresLease(servers, name, name, TTL);
  }

  private static PostgresLease lease(
      List<PostgresServer> servers, EntryProcess entry, String name) {
    return lease(servers, entry, name, TTL);
  }

  private static PostgresLease lease(
      List<PostgresServer> servers, EntryProcess entry, String name, Duration ttl) {
    return new PostgresLease(
        servers,
        List.of(),
        new EntryWitness(entry.control(), new SecretSource.InFile(entry.tokenFile())),
        name,
        name,
        ttl);
  }

  @Test
  void withoutAWitnessNeitherDrives() {
    try (PostgresLease a = lease(onlyBlue(), "a");
        PostgresLease b = lease(onlyGreen(), "b");
        PostgresLease c = lease(both(), "c")) {
      assertThatThrownBy(() -> a.acquire(false))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("2 of blue, green, and green did not answer");
      assertThatThrownBy(() -> b.acquire(true)).hasMessageContaining("blue did not answer");
      assertThat(a.look().silent()).containsExactly("green");
      // Neither has left anything that keeps a console with a majority away.
      assertThat(c.acquire(false)).isPositive();
    }
  }

  @Test
  void withTheEntryExactlyOneDrivesAndAfterItsEndTheOther() throws Exception {
    try (TestStack one = new TestStack(Colour.BLUE);
        TestStack two = new TestStack(Colour.GREEN);
        EntryProcess entry = new EntryProcess(folder, one, two);
        PostgresLease a = lease(onlyBlue(), entry, "a");
        PostgresLease b = lease(onlyGreen(), entry, "b")) {
      long first = acquire(a);
      assertThatThrownBy(() -> acquire(b)).isInstanceOf(Lease.HeldException.class);
      a.renew(first);
      assertThat(b.look().holder()).isEqualTo("a");
      // The entry is started again: it has not forgotten who claimed the lease.
      entry.kill();
      entry.restart();
      Await.until(
          "a is renewed by the new entry",
          () -> {
            a.renew(first);
            return true;
          });
      assertThatThrownBy(() -> acquire(b)).isInstanceOf(Lease.HeldException.class);

      long second = acquireWhenFree(b);
      assertThat(second).isGreaterThan(first);
      assertThatThrownBy(() -> a.renew(first)).isInstanceOf(DeposedException.class);
      b.renew(second);
    }
  }

  /// Some voters have heard of the new epoch, others have not, and the old one is renewed
  /// meanwhile.
  @Test
  void whoTakesANewerEpochHimselfIsNotDeposedByIt() throws Exception {
    try (TestStack one = new TestStack(Colour.BLUE);
        TestStack two = new TestStack(Colour.GREEN);
        EntryProcess entry = new EntryProcess(folder, one, two);
        // However long it takes to take the newer one.
        PostgresLease whole = lease(both(), entry, "a", Duration.ofMinutes(1));
        PostgresLease half = lease(onlyGreen(), entry, "a", Duration.ofMinutes(1));
        PostgresLease other = lease(both(), entry, "b")) {
      long first = acquire(whole);
      assertThat(acquire(half)).isGreaterThan(first);
      whole.renew(first);

      long forced = other.acquire(true);
      assertThat(forced).isGreaterThan(first);
      assertThatThrownBy(() -> whole.renew(first)).isInstanceOf(DeposedException.class);
    }
  }

  @Test
  void withTheEntryDeadBothDatabasesSufficeAndOneDoesNot() throws Exception {
    try (TestStack one = new TestStack(Colour.BLUE);
        TestStack two = new TestStack(Colour.GREEN);
        EntryProcess entry = new EntryProcess(folder, one, two);
        PostgresLease a = lease(both(), entry, "a");
        PostgresLease b = lease(onlyGreen(), entry, "b")) {
      long epoch = acquire(a);
      entry.kill();
      Await.until(
          "a is renewed without the entry",
          () -> {
            a.renew(epoch);
            return true;
          });
      assertThatThrownBy(() -> b.acquire(true))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the entry and blue did not answer");
    }
  }

  @Test
  void whoLosesTheMajorityStopsWhenTheLeaseHasRunOut() throws Exception {
    try (TestStack one = new TestStack(Colour.BLUE);
        TestStack two = new TestStack(Colour.GREEN);
        EntryProcess entry = new EntryProcess(folder, one, two);
        PostgresLease a = lease(onlyBlue(), entry, "a")) {
      long epoch = acquire(a);
      entry.kill();
      assertThatThrownBy(() -> a.renew(epoch))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("did not answer");
      Await.until(
          "it must stop",
          () -> {
            try {
              a.renew(epoch);
              return false;
            } catch (DeposedException e) {
              return true;
            } catch (IllegalStateException e) {
              return false;
            }
          });
    }
  }

  @Test
  void aloneWantsTheWordsAndThatTheOtherSideTakesNoConnections() {
    try (PostgresLease a = lease(onlyBlue(), "a");
        PostgresLease again = lease(onlyBlue(), "again");
        PostgresLease c = lease(both(), "c");
        PostgresLease hung =
            lease(List.of(databases.blue(), wrongPassword(databases.green())), "hung")) {
      assertThatThrownBy(() -> a.acquireAlone("yes")).hasMessageContaining(Lease.OTHER_SIDE_CLOSED);
      assertThatThrownBy(() -> hung.acquireAlone(Lease.OTHER_SIDE_CLOSED))
          .hasMessageContaining("still takes connections at the address of green");
      assertThat(a.look().majority()).isFalse();
      assertThat(a.look().silence()).isEqualTo("green does not answer");
      assertThat(c.look().majority()).isTrue();
      long epoch = a.acquireAlone(Lease.OTHER_SIDE_CLOSED);
      assertThat(a.look().majority()).isTrue();
      a.renew(epoch);
      a.release(epoch);
      // Another console of this side need not say it again.
      long next = again.acquire(false);
      assertThat(next).isGreaterThan(epoch);
      again.renew(next);
      again.release(next);
      // Green is back: it counts again, and knows the epoch.
      long last = c.acquire(false);
      assertThat(last).isGreaterThan(next);
      c.release(last);
      assertThatThrownBy(() -> again.acquire(false)).hasMessageContaining("green did not answer");
    }
  }

  private static PostgresServer wrongPassword(PostgresServer server) {
    var at = server.coordinates();
    return new PostgresServer(
        server.colour(),
        new PostgresServer.Coordinates(at.host(), at.port(), at.database(), at.user(), "wrong"));
  }

  /// The first call to an entry that has just started may take longer than is waited.
  private static long acquire(PostgresLease lease) throws InterruptedException {
    long[] epoch = new long[1];
    RuntimeException[] held = new RuntimeException[1];
    Await.until(
        "the voters answer",
        () -> {
          try {
            epoch[0] = lease.acquire(false);
          } catch (Lease.HeldException e) {
            held[0] = e;
          }
          return true;
        });
    if (held[0] != null) {
      throw held[0];
    }
    return epoch[0];
  }

  private static long acquireWhenFree(PostgresLease lease) throws InterruptedException {
    long[] epoch = new long[1];
    Await.until(
        "the lease is free",
        () -> {
          epoch[0] = lease.acquire(false);
          return true;
        });
    return epoch[0];
  }
}
