package dev.signalbox.cluster.session;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.strategy.Strategy;
import io.grpc.Context;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// One query from prepare until it ends. It is open all that time, also when its last row was sent:
/// then it waits to be cleared. Thread-safe.
public final class ServedQuery {
  private final String id;
  private final ClientSession session;
  private final String sql;
  private final String schema;
  private final Cursor cursor;
  private final long startedAt = System.nanoTime();
  private final AtomicReference<State> state = new AtomicReference<>(State.PREPARED);
  private final AtomicInteger calls = new AtomicInteger();
  private volatile long usedAt = startedAt;
  private final AtomicLong sent = new AtomicLong();

  /// How far it is.
  public enum State {
    PREPARED,
    RUNNING,
    FETCHING,
    DONE
  }

  ServedQuery(String id, ClientSession session, String sql, String schema, Cursor cursor) {
    this.id = id;
    this.session = session;
    this.sql = sql;
    this.schema = schema;
    this.cursor = cursor;
  }

  public String id() {
    return id;
  }

  public ClientSession session() {
    return session;
  }

  public Strategy strategy() {
    return session.strategy();
  }

  public String sql() {
    return sql;
  }

  public String schema() {
    return schema;
  }

  public Cursor cursor() {
    return cursor;
  }

  public State state() {
    return Objects.requireNonNull(state.get());
  }

  /// The one that was prepared first is the smaller one. An age would not do: it grows between two
  /// comparisons.
  static int byStart(ServedQuery one, ServedQuery other) {
    return Long.signum(one.startedAt - other.startedAt);
  }

  public long ageMillis() {
    return (System.nanoTime() - startedAt) / 1_000_000;
  }

  /// Rows that were sent.
  public long rows() {
    return sent.get();
  }

  /// Whether it holds a connection of its engine, or is about to.
  boolean holdsConnection() {
    State now = state();
    return (now == State.RUNNING || now == State.FETCHING) && !cursor.exhausted();
  }

  /// From here on it runs.
  ///
  /// @throws io.grpc.StatusRuntimeException when it was run before
  void begin() {
    if (!state.compareAndSet(State.PREPARED, State.RUNNING)) {
      throw CallFailures.of(
          Status.Code.FAILED_PRECONDITION, "The query was executed already. Prepare it again.");
    }
  }

  /// Runs the statement. Blocks.
  ///
  /// @throws io.grpc.StatusRuntimeException what went wrong
  void execute() {
    cursor.open();
    state.set(State.FETCHING);
  }

  /// The next batch. Blocks.
  Cursor.Batch fetch() {
    requireResult();
    Cursor.Batch batch = cursor.next();
    long _ = sent.addAndGet(batch.rows());
    if (batch.rows() == 0) {
      state.set(State.DONE);
    }
    return batch;
  }

  /// @throws io.grpc.StatusRuntimeException when it was not executed, or is not done with it
  public void requireResult() {
    State now = state();
    if (now == State.PREPARED || now == State.RUNNING) {
      throw CallFailures.of(
          Status.Code.FAILED_PRECONDITION,
          now == State.PREPARED
              ? "The query was prepared and not executed. Execute it first."
              : "The query still runs. Ask again when it is done.");
    }
  }

  /// Runs a call on this query. When the client gives the call up, the query is cancelled.
  <T> T during(Supplier<T> call) {
    Context context = Context.current();
    Context.CancellationListener listener = given -> cursor.cancel();
    calls.incrementAndGet();
    context.addListener(listener, Runnable::run);
    try {
      return call.get();
    } finally {
      context.removeListener(listener);
      usedAt = System.nanoTime();
      calls.decrementAndGet();
    }
  }

  /// Nanoseconds since its last call ended; 0 during one.
  long idleNanos() {
    return calls.get() > 0 ? 0 : System.nanoTime() - usedAt;
  }
}
