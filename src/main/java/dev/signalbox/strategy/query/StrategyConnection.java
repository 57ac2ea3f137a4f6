package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyInterceptor;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.observe.StrategyMetrics;
import dev.signalbox.strategy.report.ClientState;
import dev.signalbox.strategy.report.FleetReporter;
import dev.signalbox.strategy.wire.DryRunRequest;
import dev.signalbox.strategy.wire.GetColumnsV2Request;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.GetTablesV2Request;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// One user's connection to a query cluster, on whichever stack is in use. Thread-safe; any number
/// of queries may be open at once, on both stacks while the cluster changes over. One channel
/// serves it for life.
public final class StrategyConnection implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;
  private static final long KEEP_ALIVE_SECONDS = 30;
  private static final long CLOSE_SECONDS = 5;

  private final ConnectionSettings settings;
  private final StrategyManager manager;
  private final ManagedChannel channel;
  private final Stubs stubs;
  private final Sessions sessions;
  private final QueryCalls calls;
  private final Cleanup cleanup;
  private final Starter starter;
  private final Set<Query> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable FleetReporter> reporter = new AtomicReference<>();
  private volatile boolean closed;

  private StrategyConnection(ConnectionSettings settings, StrategyManager manager) {
    this.settings = settings;
    this.manager = manager;
    StrategyInterceptor interceptor = new StrategyInterceptor(manager, settings.cluster());
    channel = channel(settings);
    stubs = new Stubs(ClientInterceptors.intercept(channel, interceptor));
    sessions = new Sessions(manager, settings, stubs);
    calls = new QueryCalls(stubs);
    cleanup = new Cleanup(manager, sessions, calls);
    starter = new Starter(manager, settings, sessions, calls, cleanup);
  }

  /// Connects and authenticates. Takes up to twice the detection timeout, and what resuming takes.
  ///
  /// @param manager shared by all connections of an application; is not closed with this one
  /// @throws StrategyException when the cluster does not accept the client; the message says why
  /// @throws IllegalArgumentException for settings that cannot work
  public static StrategyConnection open(ConnectionSettings settings, StrategyManager manager) {
    StrategyConnection connection = new StrategyConnection(settings, manager);
    try {
      var _ = connection.sessions.current();
      return connection;
    } catch (RuntimeException | Error e) {
      connection.channel.shutdownNow();
      throw e;
    }
  }

  private static ManagedChannel channel(ConnectionSettings settings) {
    Tls tls = settings.tls();
    ChannelCredentials credentials =
        tls == null ? InsecureChannelCredentials.create() : tls.credentials();
    return Grpc.newChannelBuilder(settings.cluster().target(), credentials)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveWithoutCalls(true)
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .build();
  }

  public ClusterKey cluster() {
    return settings.cluster();
  }

  /// For other services of the same cluster, without the strategy interceptor. Ends with the
  /// connection.
  public Channel channel() {
    return channel;
  }

  /// The id of a session that is open, the one in use if there is one. A capability: never to be
  /// logged.
  public Optional<String> sessionId() {
    return sessions.any().map(Session::id);
  }

  /// Reports this client to the cluster once a second, for consoles to see, until the connection is
  /// closed.
  ///
  /// @param name for a person, for example of the application
  /// @param metrics observe the manager of this connection
  public void report(String name, StrategyMetrics metrics) {
    FleetReporter before =
        reporter.getAndSet(
            FleetReporter.start(
                channel,
                name,
                () ->
                    ClientState.of(
                        sessionId().orElse(""),
                        manager.snapshot(settings.cluster()),
                        metrics.snapshot())));
    if (before != null) {
      before.close();
    }
  }

  /// Starts a query. It must be closed, cleared or cancelled in the end.
  ///
  /// @param sql a trailing `;` is cut off
  /// @throws AmbiguousExecutionException when it is not known whether it was executed
  /// @throws StrategyException when it was not executed; the message says why
  public Query execute(String sql) {
    usable();
    String statement = trimmed(sql);
    Query query = new Query(this, statement, starter.start(statement));
    open.add(query);
    if (closed) {
      query.close();
    }
    return query;
  }

  private static String trimmed(String sql) {
    String text = sql.strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).stripTrailing();
    }
    return text;
  }

  public List<String> schemas() {
    return call(
        "Listing the schemas",
        (stub, session) ->
            List.copyOf(
                stub.getSchemaNamesV2(
                        GetSchemaNamesV2Request.newBuilder()
                            .setSessionId(session.id())
                            .setCatalog(settings.catalog())
                            .build())
                    .getSchemasList()));
  }

  public List<String> tables(String schema) {
    return call(
        "Listing the tables",
        (stub, session) ->
            List.copyOf(
                stub.getTablesV2(
                        GetTablesV2Request.newBuilder()
                            .setSessionId(session.id())
                            .setSchema(schema)
                            .setCatalog(settings.catalog())
                            .build())
                    .getTablesList()));
  }

  public List<Column> columns(String schema, String table) {
    return call(
        "Listing the columns",
        (stub, session) ->
            stub
                .getColumnsV2(
                    GetColumnsV2Request.newBuilder()
                        .setSessionId(session.id())
                        .setSchema(schema)
                        .setTable(table)
                        .setCatalog(settings.catalog())
                        .build())
                .getFieldInfoList()
                .stream()
                .map(field -> new Column(field.getFieldName(), field.getFieldType(), "", ""))
                .toList());
  }

  /// What the cluster would do with a query, without doing it.
  public String dryRun(String sql) {
    return call(
        "The dry run",
        (stub, session) ->
            stub.dryRun(
                    DryRunRequest.newBuilder()
                        .setSessionId(session.id())
                        .setSchema(settings.schema())
                        .setQueryString(trimmed(sql))
                        .build())
                .getDryrunValue());
  }

  /// Forgets which stack is in use: the next query detects it. For an operator who knows better.
  public void invalidate() {
    manager.invalidate(settings.cluster(), InvalidationTrigger.EXPLICIT);
  }

  private <R> R call(String doing, BiFunction<QueryEngineServiceBlockingStub, Session, R> call) {
    usable();
    Recovery recovery = new Recovery(sessions, 0);
    while (true) {
      Session session = sessions.current();
      Strategy strategy = session.strategy();
      try {
        return call.apply(stubs.engine(manager.route(settings.cluster(), strategy)), session);
      } catch (StatusRuntimeException e) {
        recovery.after(e, session, doing);
      }
    }
  }

  private void usable() {
    if (closed) {
      throw new IllegalStateException("The connection to " + settings.cluster() + " is closed.");
    }
  }

  QueryCalls calls() {
    return calls;
  }

  Sessions sessions() {
    return sessions;
  }

  Starter starter() {
    return starter;
  }

  Cleanup cleanup() {
    return cleanup;
  }

  void ended(Query query) {
    open.remove(query);
  }

  /// Clears the queries that are still open, and closes the channel. What cannot be cleared within
  /// a few seconds is left to the cluster.
  @Override
  public void close() {
    closed = true;
    FleetReporter reporting = reporter.getAndSet(null);
    if (reporting != null) {
      reporting.close();
    }
    cleanup.retry();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    List<Thread> closing =
        open.stream().map(query -> Thread.startVirtualThread(query::close)).toList();
    try {
      for (Thread thread : closing) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
      channel.shutdown();
      var _ = channel.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.shutdownNow();
      cleanup.abandon();
      open.forEach(Query::abandon);
    }
  }
}
