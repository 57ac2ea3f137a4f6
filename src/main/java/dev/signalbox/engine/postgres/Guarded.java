package dev.signalbox.engine.postgres;

import dev.signalbox.engine.postgres.PostgresSession.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;

/// Changes that only the console with the newest epoch may make, and questions, each in a session
/// that nobody else uses at that time. When the work fails, the session is abandoned.
public final class Guarded {
  private Guarded() {}

  /// Begins a transaction with the assertion of the epoch: it fails with SQLSTATE `SB001` when
  /// another console has taken the lease. Until the transaction ends nobody can take it.
  public static void begin(Handle h, long epoch) {
    h.begin();
    h.execute("SELECT signalbox.assert_epoch(?)", epoch);
  }

  /// Runs `work` in a transaction that begins with the assertion of the epoch.
  public static <T> T transaction(
      PostgresServer server, String purpose, Duration timeout, long epoch, Work<T> work)
      throws SQLException {
    return within(server, purpose, timeout, epoch, work, Handle::commit);
  }

  /// The same for a command.
  public static void run(
      PostgresServer server,
      String purpose,
      Duration timeout,
      long epoch,
      HandleConsumer<SQLException> work)
      throws SQLException {
    boolean _ =
        transaction(
            server,
            purpose,
            timeout,
            epoch,
            h -> {
              work.useHandle(h);
              return true;
            });
  }

  /// A question in a transaction that begins with the assertion of the epoch, and is rolled back:
  /// it leaves nothing that would have to reach a disk or a standby.
  public static <T> T question(
      PostgresServer server, String purpose, Duration timeout, long epoch, Work<T> work)
      throws SQLException {
    return within(server, purpose, timeout, epoch, work, Handle::rollback);
  }

  private static <T> T within(
      PostgresServer server,
      String purpose,
      Duration timeout,
      long epoch,
      Work<T> work,
      Consumer<Handle> end)
      throws SQLException {
    return ask(
        server,
        purpose,
        timeout,
        h -> {
          begin(h, epoch);
          T result = work.on(h);
          end.accept(h);
          return result;
        });
  }

  /// Runs a command that cannot run in a transaction, while a transaction on `keeper` holds the
  /// assertion. Creating a slot waits for every transaction of its server, so the keeper must then
  /// be the other server.
  public static <T> T outside(
      PostgresServer keeper,
      PostgresServer server,
      String purpose,
      Duration timeout,
      long epoch,
      Work<T> work)
      throws SQLException {
    return transaction(
        keeper,
        "guard",
        timeout,
        epoch,
        held -> {
          // Ends the snapshot of the assertion: its portal stays open in the transaction until the
          // next statement, and CREATE INDEX CONCURRENTLY would wait for it.
          held.execute("SET LOCAL application_name = 'signalbox guard'");
          return ask(server, purpose, timeout, work);
        });
  }

  /// A question that changes nothing, or a change that needs no epoch.
  public static <T> T ask(PostgresServer server, String purpose, Duration timeout, Work<T> work)
      throws SQLException {
    PostgresSession session = PostgresSession.borrow(server, purpose, timeout);
    try {
      T result = session.ask(work);
      session.close();
      return result;
    } catch (SQLException | RuntimeException e) {
      session.abandon();
      throw e;
    }
  }
}
