package dev.signalbox.cluster.query;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.result.BatchBuilder;
import dev.signalbox.cluster.result.ResultColumn;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One statement on an engine, read through a cursor of the server: rows are pulled when a batch is
/// asked for, and the first batch ahead. It holds a connection from its start until its last row is
/// read, it fails, or it is closed. Thread-safe; calls but [#cancel] and [#close] wait for each
/// other.
public final class Cursor {
  private static final Logger LOG = LoggerFactory.getLogger(Cursor.class);
  private static final int FIRST_ROWS = 16;
  private static final int MOST_ROWS = 256;
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final long CANCEL_NANOS = 5_000_000_000L;
  private static final long CANCEL_PAUSE_MILLIS = 100;

  private final Connections connections;
  private final String name;
  private final Duration statementTimeout;
  private final Limits limits;
  private final String sql;
  private final String schema;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile boolean cancelled;
  private volatile boolean cancelSent;
  private volatile boolean overdue;

  /// Not null while PostgreSQL may be at work for this cursor.
  private volatile @Nullable Statement running;

  private volatile @Nullable Connection connection;
  private volatile List<ResultColumn> columns = List.of();
  private volatile boolean exhausted;
  private volatile long rowCount;
  private volatile long waitedMillis;

  // Guarded by the lock.
  private @Nullable Statement statement;
  private @Nullable Thread timer;
  private @Nullable ResultSet rows;
  private @Nullable Batch ahead;
  private @Nullable String @Nullable [] pending;
  private int fetched;
  private long read;
  private int fetchSize = FIRST_ROWS;
  private long widest = 1;

  Cursor(
      Connections connections,
      String name,
      Duration statementTimeout,
      Limits limits,
      String sql,
      String schema) {
    this.connections = connections;
    this.name = name;
    this.statementTimeout = statementTimeout;
    this.limits = limits;
    this.sql = sql;
    this.schema = schema;
  }

  /// Runs the statement and reads the first batch. Blocks.
  ///
  /// @throws StatusRuntimeException with what went wrong; nothing is held any more
  public void open() {
    guarded(() -> {
      start();
      Batch first = build();
      ahead = first;
      long _ = connections.waiting.addAndGet(first.bytes().size());
      return true;
    });
  }

  /// Runs the statement and returns its first rows as texts. Blocks.
  public List<@Nullable String[]> texts(int most) {
    return guarded(() -> {
      start();
      List<@Nullable String[]> result = new ArrayList<>();
      while (result.size() < most && pull()) {
        result.add(Objects.requireNonNull(pending));
        pending = null;
      }
      finish();
      return result;
    });
  }

  /// The columns of the result, once it is open.
  public List<ResultColumn> columns() {
    return columns;
  }

  /// Whether no row is left in PostgreSQL.
  public boolean exhausted() {
    return exhausted;
  }

  /// The rows of the whole result, once it is [#exhausted].
  public long rows() {
    return rowCount;
  }

  /// How long it waited for a connection of its engine, once it was started; milliseconds.
  public long waitedMillis() {
    return waitedMillis;
  }

  /// @param bytes as the protocol wants it; empty behind the last row
  public record Batch(ByteString bytes, int rows) {}

  /// The next rows. Blocks.
  ///
  /// @throws StatusRuntimeException with what went wrong; nothing is held any more. CANCELLED when
  ///   it failed or was cancelled before: never the end of a result that was not read to its end
  public Batch next() {
    return guarded(() -> {
      if (cancelled || (connection == null && !exhausted)) {
        throw SqlFailures.cancelled();
      }
      Batch batch = takeAhead();
      if (batch == null) {
        Statement open = statement;
        if (open != null) {
          work(open);
        }
        batch = build();
      }
      return batch;
    });
  }

  private @Nullable Batch takeAhead() {
    Batch batch = ahead;
    ahead = null;
    if (batch != null) {
      long _ = connections.waiting.addAndGet(-batch.bytes().size());
    }
    return batch;
  }

  /// Ends what PostgreSQL does for this cursor, now or as soon as it begins. Does not block. What
  /// waits for it fails with CANCELLED.
  public void cancel() {
    cancelled = true;
    if (running != null) {
      Thread.ofVirtual().name("cancel").start(this::pursue);
    }
  }

  /// Ends it and gives back what it holds. Does not block.
  public void close() {
    cancel();
    Thread.ofVirtual()
        .name("close")
        .start(() -> {
          lock.lock();
          try {
            finish();
          } finally {
            lock.unlock();
          }
        });
  }

  /// A cancellation that comes a moment before PostgreSQL begins has no effect, so it is repeated;
  /// and when the server does not react, the connection is cut.
  private void pursue() {
    long end = System.nanoTime() + CANCEL_NANOS;
    try {
      while (System.nanoTime() < end) {
        // Before the look at what runs: a connection that this may hit later is not used again.
        cancelSent = true;
        Connection at = connection;
        if (running == null || at == null) {
          return;
        }
        // Not Statement.cancel(), which does nothing while further rows are fetched.
        at.unwrap(PgConnection.class).cancelQuery();
        Thread.sleep(CANCEL_PAUSE_MILLIS);
      }
    } catch (SQLException e) {
      LOG.debug("A cancellation did not reach PostgreSQL", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Connection held = connection;
    if (running != null && held != null) {
      LOG.warn("The {} engine does not cancel a statement: its connection is cut", name);
      connections.cut(held);
    }
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T guarded(Work<T> work) {
    lock.lock();
    boolean well = false;
    try {
      T result = work.run();
      well = true;
      return result;
    } catch (SQLException e) {
      throw SqlFailures.of(e, name, statementTimeout, cancelled && !overdue);
    } catch (IllegalArgumentException e) {
      throw CallFailures.of(
          Status.Code.INVALID_ARGUMENT, Objects.requireNonNullElse(e.getMessage(), "bad value"));
    } finally {
      running = null;
      if (timer != null) {
        timer.interrupt();
        timer = null;
      }
      if (!well || exhausted || cancelled) {
        finish();
      }
      lock.unlock();
    }
  }

  private void start() throws SQLException {
    long from = System.nanoTime();
    Connection lent = connections.lend(schema);
    connection = lent;
    waitedMillis = (System.nanoTime() - from) / 1_000_000;
    Statement created = lent.createStatement();
    statement = created;
    created.setEscapeProcessing(false);
    created.setFetchSize(fetchSize);
    work(created);
    if (created.execute(sql)) {
      ResultSet result = created.getResultSet();
      columns = ColumnTypes.of(result, lent.unwrap(PgConnection.class));
      rows = result;
    } else {
      exhausted = true;
    }
  }

  /// From here on a cancellation finds the statement, or is found here.
  private void work(Statement at) {
    running = at;
    if (cancelled) {
      throw SqlFailures.cancelled();
    }
    timer = Thread.ofVirtual().name("timer").start(this::expire);
  }

  /// The server's own timeout comes first, unless the statement switched it off with set_config; so
  /// this one does before the driver leaves a server that hangs.
  private void expire() {
    try {
      Thread.sleep(statementTimeout.plus(GRACE));
    } catch (InterruptedException e) {
      return;
    }
    overdue = true;
    cancelled = true;
    pursue();
  }

  private Batch build() throws SQLException {
    BatchBuilder batch = new BatchBuilder(columns);
    while (batch.rows() < limits.batchRows() && batch.bytes() < limits.batchBytes() && pull()) {
      if (!batch.add(Objects.requireNonNull(pending))) {
        break;
      }
      pending = null;
    }
    // One row further, so that the connection is free as soon as the last one is read.
    pull();
    return batch.rows() == 0
        ? new Batch(ByteString.EMPTY, 0)
        : new Batch(UnsafeByteOperations.unsafeWrap(batch.encode()), batch.rows());
  }

  /// Makes sure that a row is pending, unless there is none left.
  private boolean pull() throws SQLException {
    ResultSet from = rows;
    if (pending != null) {
      return true;
    }
    if (exhausted || from == null) {
      return false;
    }
    if (fetched == fetchSize) {
      fetched = 0;
      // What is fetched at a time grows as far as rows as wide as the widest allow.
      long room = limits.bufferedBytes() / 2 / widest;
      fetchSize = Math.clamp(room, 1, Math.min(MOST_ROWS, fetchSize * 2));
      from.setFetchSize(fetchSize);
    }
    if (!from.next()) {
      rowCount = read;
      exhausted = true;
      return false;
    }
    fetched++;
    read++;
    @Nullable String[] row = new String[columns.size()];
    long width = 0;
    for (int i = 0; i < row.length; i++) {
      String text = from.getString(i + 1);
      row[i] = text;
      // A char is three bytes of UTF-8 at most.
      width += text == null ? 4 : text.length() * 3L + 4;
    }
    widest = Math.max(widest, width);
    pending = row;
    return true;
  }

  /// Gives the connection back, or closes it when nobody knows what state it is in.
  private void finish() {
    Connection held = connection;
    connection = null;
    rows = null;
    statement = null;
    pending = null;
    if (cancelled) {
      // Nobody gets it any more.
      var _ = takeAhead();
    }
    if (held == null) {
      return;
    }
    try {
      if (cancelSent) {
        // A cancellation under way could hit the next statement on it.
        connections.drop(held);
      } else {
        Connections.giveBack(held);
      }
    } catch (SQLException e) {
      LOG.debug("A connection was not given back in order", e);
      connections.drop(held);
    }
  }
}
