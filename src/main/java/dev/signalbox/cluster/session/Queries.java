package dev.signalbox.cluster.session;

import com.google.protobuf.ByteString;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.strategy.Strategy;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// All open queries. Thread-safe.
public final class Queries {
  private final Limits limits;
  private final Map<Strategy, Integer> runningPerSession;
  private final Map<String, ServedQuery> open = new ConcurrentHashMap<>();
  private final Map<Strategy, AtomicInteger> counts = new EnumMap<>(Strategy.class);
  private final Map<Strategy, StackFigures> figures = new EnumMap<>(Strategy.class);

  /// @param runningPerSession how many of a session may run or stream at a time on each stack
  public Queries(Limits limits, Map<Strategy, Integer> runningPerSession) {
    this.limits = limits;
    this.runningPerSession = Map.copyOf(runningPerSession);
    for (Strategy strategy : Strategy.values()) {
      counts.put(strategy, new AtomicInteger());
      figures.put(strategy, new StackFigures());
    }
  }

  public StackFigures figures(Strategy strategy) {
    return Objects.requireNonNull(figures.get(strategy));
  }

  /// How many are open on a stack.
  public int count(Strategy strategy) {
    return counter(strategy).get();
  }

  private AtomicInteger counter(Strategy strategy) {
    return Objects.requireNonNull(counts.get(strategy));
  }

  /// Begins a query, without talking to PostgreSQL.
  ///
  /// @throws StatusRuntimeException RESOURCE_EXHAUSTED when the session or the cluster has too many
  public ServedQuery prepare(ClientSession session, String sql, String schema, Cursor cursor) {
    // Of two threads at the limit both may pass: a few more than allowed do no harm.
    if (open.size() >= limits.queries()) {
      throw CallFailures.of(
          Status.Code.RESOURCE_EXHAUSTED,
          "The cluster has as many open queries as it may ("
              + limits.queries()
              + "). Try again later.");
    }
    if (session.queries.size() >= limits.queriesPerSession()) {
      throw CallFailures.of(
          Status.Code.RESOURCE_EXHAUSTED,
          "The session has "
              + session.queries.size()
              + " open queries, which is as many as it may. Clear some.");
    }
    ServedQuery query = new ServedQuery(QueryIds.next(), session, sql, schema, cursor);
    counter(session.strategy()).incrementAndGet();
    session.queries.put(query.id(), query);
    open.put(query.id(), query);
    figures(session.strategy()).queryStarted();
    return query;
  }

  /// A query of the session's user on the session's stack. It may have begun in another session:
  /// existing connectors authenticate anew between two calls on a query.
  public Optional<ServedQuery> find(ClientSession session, String id) {
    return find(id)
        .filter(query ->
            query.strategy() == session.strategy()
                && query.session().user().equals(session.user()));
  }

  public Optional<ServedQuery> find(String id) {
    return Optional.ofNullable(open.get(id));
  }

  /// Runs the statement of a query; one that fails is no longer open.
  public void execute(ServedQuery query) {
    try {
      query.during(() -> {
        begin(query);
        query.execute();
        return true;
      });
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        end(query, false);
      }
      throw e;
    }
  }

  /// Does a whole query at once; it ends with that.
  public <T> T run(ServedQuery query, Supplier<T> work) {
    boolean well = false;
    try {
      T result =
          query.during(() -> {
            begin(query);
            return work.get();
          });
      well = true;
      return result;
    } finally {
      boolean _ = end(query, well);
    }
  }

  /// One session must not take all connections of an engine.
  private void begin(ServedQuery query) {
    ClientSession session = query.session();
    int most = Objects.requireNonNull(runningPerSession.get(session.strategy()));
    // Of two that begin at a time, the second one sees the first.
    synchronized (session) {
      long running = session.queries.values().stream().filter(ServedQuery::holdsConnection).count();
      if (running >= most && query.state() == ServedQuery.State.PREPARED) {
        throw CallFailures.of(
            Status.Code.RESOURCE_EXHAUSTED,
            CallFailures.NOT_EXECUTED
                + "The session runs as many queries on the "
                + session.strategy()
                + " engine as one may ("
                + most
                + ", half of its connections). Read or clear one first.");
      }
      query.begin();
    }
  }

  /// The next batch of a query; one that fails is no longer open. So is one whose batch nobody
  /// waited for: its rows are lost, and the next batch must not look like the next rows.
  public ByteString fetch(ServedQuery query) {
    try {
      Cursor.Batch batch = query.during(query::fetch);
      if (Context.current().isCancelled()) {
        throw CallFailures.of(
            Status.Code.CANCELLED, "The call was given up while its rows were on the way.");
      }
      figures(query.strategy()).rowsSent(batch.rows());
      return batch.bytes();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        end(query, false);
      }
      throw e;
    }
  }

  /// Ends a query; what PostgreSQL does for it is cancelled. Does not block.
  ///
  /// @return false when it had ended before
  public boolean end(ServedQuery query, boolean well) {
    query.session().queries.remove(query.id());
    if (open.remove(query.id()) == null) {
      return false;
    }
    counter(query.strategy()).decrementAndGet();
    figures(query.strategy()).queryEnded(well);
    query.cursor().close();
    return true;
  }

  /// Ends all that fit.
  public int endIf(Predicate<ServedQuery> which, boolean well) {
    int ended = 0;
    for (ServedQuery query : open.values()) {
      if (which.test(query) && end(query, well)) {
        ended++;
      }
    }
    return ended;
  }

  /// The oldest first.
  public List<ServedQuery> oldest(int most) {
    return open.values().stream().sorted(ServedQuery::byStart).limit(most).toList();
  }

  /// Milliseconds; 0 when none is open.
  public long oldestMillis(Strategy strategy) {
    long oldest = 0;
    for (ServedQuery query : open.values()) {
      if (query.strategy() == strategy) {
        oldest = Math.max(oldest, query.ageMillis());
      }
    }
    return oldest;
  }
}
