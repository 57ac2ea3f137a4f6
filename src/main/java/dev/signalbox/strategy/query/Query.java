package dev.signalbox.strategy.query;

import com.google.protobuf.ByteString;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.ErrorClassifier;
import dev.signalbox.strategy.QueryEnding;
import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.wire.StatusResponse;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One query: all its calls go to the stack that prepared it, until it is cleared or cancelled.
///
/// Thread-safe: batches are fetched one after the other, and [#cancel], [#status] and [#clear] may
/// be called meanwhile. A query of which nothing was read yet is started anew when its stack gives
/// it up; afterwards it is interrupted instead.
public final class Query implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Query.class);
  private static final int MOST_RESTARTS = 2;

  private final StrategyConnection connection;
  private final String sql;
  private final ReentrantLock fetching = new ReentrantLock();

  private volatile Pin pin;
  private volatile @Nullable QueryEnding ending;
  // Guarded by `fetching`.
  private @Nullable List<Column> columns;
  // Rises under `fetching` alone; a failure may be told from another thread.
  private final AtomicLong delivered = new AtomicLong();
  private boolean exhausted;
  private int restarts;
  private @Nullable StrategyException broken;

  Query(StrategyConnection connection, String sql, Pin pin) {
    this.connection = connection;
    this.sql = sql;
    this.pin = pin;
  }

  /// As its stack names it. Another one after a restart.
  public String id() {
    return pin.handle().queryId();
  }

  /// The stack it runs on.
  public Strategy strategy() {
    return pin.handle().strategy();
  }

  /// @throws StrategyException when they cannot be had
  public List<Column> columns() {
    fetching.lock();
    try {
      List<Column> known = columns;
      if (known == null) {
        known = metadata().columns();
        columns = known;
      }
      return known;
    } finally {
      fetching.unlock();
    }
  }

  /// As far as the cluster knows it: asks each time.
  public long rowCount() {
    return metadata().rows();
  }

  private ResultMetadata metadata() {
    return ResultMetadata.read(call("Reading the result's columns", QueryCalls::metadata));
  }

  public QueryStatus status() {
    StatusResponse answer = call("Asking for the query's status", QueryCalls::status);
    return new QueryStatus(answer.getStatus(), answer.getRowCount());
  }

  /// The plan.
  public String explain() {
    return call("Explaining the query", QueryCalls::explain);
  }

  /// The plan with what it took.
  public String explainAnalyze() {
    return call("Analysing the query", QueryCalls::explainAnalyze);
  }

  /// The next rows, waiting for them if need be.
  ///
  /// @return empty at the end of the result
  /// @throws QueryInterruptedException when the rest cannot be had; each later call says the same
  /// @throws StrategyException when the query failed
  public Optional<Batch> nextBatch() {
    fetching.lock();
    try {
      if (broken != null) {
        throw broken;
      }
      return exhausted ? Optional.empty() : fetch();
    } finally {
      fetching.unlock();
    }
  }

  private Optional<Batch> fetch() {
    while (true) {
      open();
      // Before the pin: reading them may start the query anew.
      int width = columns().size();
      Pin asked = pin;
      try {
        ByteString bytes = connection.calls().nextBatch(asked.handle());
        Batch batch = bytes.isEmpty() ? null : Batch.read(bytes, width);
        if (batch == null || batch.rowCount() == 0) {
          exhausted = true;
          return Optional.empty();
        }
        delivered.addAndGet(batch.rowCount());
        return Optional.of(batch);
      } catch (StatusRuntimeException e) {
        recover(e, asked, "Fetching rows", true);
      } catch (MalformedAnswerException e) {
        throw broken(e);
      }
    }
  }

  /// A batch that was lost must not be skipped in silence by the next call.
  private StrategyException broken(StrategyException e) {
    broken = e;
    return e;
  }

  private <R> R call(String doing, BiFunction<QueryCalls, QueryHandle, R> call) {
    while (true) {
      open();
      Pin asked = pin;
      try {
        return call.apply(connection.calls(), asked.handle());
      } catch (StatusRuntimeException e) {
        recover(e, asked, doing, false);
      }
    }
  }

  private void open() {
    QueryEnding over = ending;
    if (over != null) {
      throw new IllegalStateException("The query is " + over.label() + ".");
    }
  }

  /// Starts the query anew when that is safe.
  ///
  /// @param rows whether rows may have been lost with the answer; then `fetching` is held
  private void recover(StatusRuntimeException e, Pin asked, String doing, boolean rows) {
    ErrorClass kind = ErrorClassifier.classify(e.getStatus());
    if (ending != null) {
      throw interrupted(kind, "it was ended meanwhile.", e);
    }
    StrategyException failure =
        switch (kind) {
          case WRONG_STRATEGY, SESSION_GONE -> null;
          case SUSPENDED, TRANSIENT, TIMEOUT, CANCELLED ->
              rows ? interrupted(kind, "a batch was lost, " + why(e), e) : Failures.of(doing, e);
          case BAD_CREDENTIALS, PERMANENT -> Failures.of(doing, e);
        };
    if (failure == null) {
      restart(asked, kind, e);
    } else {
      throw rows ? broken(failure) : failure;
    }
  }

  private QueryInterruptedException interrupted(
      ErrorClass kind, String why, StatusRuntimeException e) {
    return new QueryInterruptedException(kind, delivered.get(), why, e);
  }

  private static String why(StatusRuntimeException e) {
    return ErrorClassifier.sentence(e.getStatus()) + ".";
  }

  private void restart(Pin asked, ErrorClass kind, StatusRuntimeException e) {
    fetching.lock();
    try {
      if (!asked.equals(pin)) {
        // Another thread has started it anew already.
        return;
      }
      if (delivered.get() > 0 || exhausted || restarts >= MOST_RESTARTS) {
        throw broken(interrupted(kind, "its stack has given it up, " + why(e), e));
      }
      restarts++;
      LOG.info("{} is started anew: its stack has given it up ({})", asked.handle(), kind);
      connection.sessions().gone(asked.session());
      connection.cleanup().later(asked);
      Pin anew = again();
      pin = anew;
      columns = null;
      if (ending != null) {
        // Ended meanwhile: whoever did that saw the old one.
        connection.cleanup().later(anew);
      }
    } finally {
      fetching.unlock();
    }
  }

  private Pin again() {
    try {
      return connection.starter().start(sql);
    } catch (StrategyException failed) {
      throw broken(failed);
    }
  }

  /// Ends the query on its stack. May be called again after a failure, and does nothing once it
  /// went well.
  ///
  /// @throws StrategyException when the stack could not be told; the query stays pinned
  public void clear() {
    end(QueryEnding.CLEARED, "Clearing the query");
  }

  /// As [#clear], also while another thread waits for rows: that one is interrupted.
  public void cancel() {
    end(QueryEnding.CANCELLED, "Cancelling the query");
  }

  private void end(QueryEnding how, String doing) {
    if (ending != null) {
      return;
    }
    try {
      Pin asked = pin;
      connection.cleanup().end(asked, how);
      ended(how, asked);
    } catch (StatusRuntimeException e) {
      throw Failures.of(doing, e);
    }
  }

  /// Clears it; when its stack cannot be told now, that is tried again in the background.
  @Override
  public void close() {
    if (ending != null) {
      return;
    }
    try {
      clear();
    } catch (StrategyException e) {
      LOG.warn("{} could not be cleared yet: {}", pin.handle(), e.getMessage());
      abandon();
    }
  }

  /// Leaves it to the clean-up.
  void abandon() {
    ending = QueryEnding.ABANDONED;
    connection.ended(this);
    connection.cleanup().later(pin);
  }

  private void ended(QueryEnding how, Pin asked) {
    ending = how;
    connection.ended(this);
    Pin now = pin;
    if (!asked.equals(now)) {
      // Started anew while the old one was ended.
      connection.cleanup().later(now);
    }
  }

  @Override
  public String toString() {
    return pin.handle().toString();
  }
}
