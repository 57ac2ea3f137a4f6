package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Verbatim;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// One kept connection to one database, for short work that must not wait for a database that
/// hangs. Thread-safe: one call at a time; another waits for it no longer than one may take.
final class Link implements AutoCloseable {
  /// What a call may take beside its timeout: to connect, and for the network.
  private static final Duration MORE = Duration.ofSeconds(3);

  private static final String SCHEMA = read("schema.sql");

  private final PostgresServer server;
  private final String purpose;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable PostgresSession session;
  private volatile boolean closed;

  /// What the connection was last seen to have. Guarded by the lock.
  private Layout layout = Layout.NONE;

  private final Suspicion suspicion = new Suspicion(System::nanoTime);

  Link(PostgresServer server, String purpose, Duration timeout) {
    this.server = server;
    this.purpose = purpose;
    this.timeout = timeout;
  }

  PostgresServer server() {
    return server;
  }

  /// Whether the last call failed a moment ago, or one is under way that takes long.
  boolean suspect() {
    return suspicion.suspect();
  }

  /// @param work begins in autocommit mode, and ends in it
  /// @throws SQLException when the work fails, the call before it does not end, or the link is
  ///   closed
  <T> T call(PostgresSession.Work<T> work) throws SQLException {
    turn();
    suspicion.begins();
    try {
      PostgresSession open = session;
      if (open == null || open.closed()) {
        open = PostgresSession.open(server, purpose, timeout);
        session = open;
        layout = Layout.NONE;
      }
      T result = open.ask(work);
      suspicion.well();
      return result;
    } catch (SQLException e) {
      if (!refused(e)) {
        suspicion.failed();
        abandon();
      }
      throw e;
    } finally {
      suspicion.ends();
      lock.unlock();
    }
  }

  private void turn() throws SQLException {
    boolean mine;
    try {
      mine = lock.tryLock(timeout.plus(MORE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while " + server.name() + " was asked", "57014", e);
    }
    if (!mine) {
      throw new SQLException(
          server.name() + " has not answered what it was asked before.", "08006");
    }
    if (closed) {
      lock.unlock();
      throw new SQLException("The connection to " + server.name() + " was closed.", "08003");
    }
  }

  /// An answer from a database that is well: the connection stays.
  private static boolean refused(SQLException e) {
    String state = Objects.requireNonNullElse(e.getSQLState(), "");
    return state.equals(Refusal.DEPOSED)
        || state.equals(Refusal.BEHIND)
        || state.equals(Refusal.TOO_LATE)
        || state.startsWith("23")
        || state.equals(SqlState.LOCK_TIMEOUT);
  }

  /// What of the schema is there. Only within [#call].
  Layout layout(Handle h) {
    if (layout != Layout.CURRENT) {
      layout = Layout.of(h);
    }
    return layout;
  }

  /// Installs or upgrades the schema when it is not as this version wants it. Only for a console
  /// that drives or is about to; only within [#call], and not within a transaction.
  void install(Handle h) throws SQLException {
    if (layout(h) != Layout.CURRENT) {
      h.useTransaction(t -> {
        t.execute("SELECT pg_advisory_xact_lock(hashtextextended('signalbox schema', 0))");
        Verbatim.run(t, SCHEMA);
      });
    }
  }

  private void abandon() {
    PostgresSession broken = session;
    session = null;
    if (broken != null) {
      broken.abandon();
    }
  }

  /// Waits for the call that is under way; those that wait for it fail.
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      abandon();
    } finally {
      lock.unlock();
    }
  }

  private static String read(String resource) {
    try (InputStream in = Objects.requireNonNull(Link.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
