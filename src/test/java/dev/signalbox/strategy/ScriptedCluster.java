package dev.signalbox.strategy;

import com.google.protobuf.ByteString;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.AuthenticateResponse;
import dev.signalbox.strategy.wire.CancelQueryRequest;
import dev.signalbox.strategy.wire.CancelQueryResponse;
import dev.signalbox.strategy.wire.ClearOrCancelQueryRequest;
import dev.signalbox.strategy.wire.ClearOrCancelQueryResponse;
import dev.signalbox.strategy.wire.ClusterServiceGrpc;
import dev.signalbox.strategy.wire.ClusterStatusRequest;
import dev.signalbox.strategy.wire.ClusterStatusResponse;
import dev.signalbox.strategy.wire.DryRunRequest;
import dev.signalbox.strategy.wire.DryRunResponse;
import dev.signalbox.strategy.wire.ExecuteStatementRequest;
import dev.signalbox.strategy.wire.ExecuteStatementResponse;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.ExplainAnalyzeRequest;
import dev.signalbox.strategy.wire.ExplainAnalyzeResponse;
import dev.signalbox.strategy.wire.ExplainRequest;
import dev.signalbox.strategy.wire.ExplainResponse;
import dev.signalbox.strategy.wire.GFieldInfo;
import dev.signalbox.strategy.wire.GetColumnsResponse;
import dev.signalbox.strategy.wire.GetColumnsV2Request;
import dev.signalbox.strategy.wire.GetNextResultBatchRequest;
import dev.signalbox.strategy.wire.GetNextResultBatchResponse;
import dev.signalbox.strategy.wire.GetResultMetadataRequest;
import dev.signalbox.strategy.wire.GetResultMetadataResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.GetTablesResponse;
import dev.signalbox.strategy.wire.GetTablesV2Request;
import dev.signalbox.strategy.wire.PrepareStatementRequest;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementV2Request;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.ResumeRequest;
import dev.signalbox.strategy.wire.ResumeResponse;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.StatusResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cluster of two stacks behind one port that does as a test tells it, the way no real gateway
/// can be made to. Over real gRPC on loopback. It keeps a list of all that no client may do: see
/// [#violations].
///
/// A query `rows N` has N rows of (strategy, number), ten in a batch; anything else has three.
public final class ScriptedCluster implements AutoCloseable {
  public static final Status WRONG = Status.UNKNOWN.withDescription("status: 456");
  public static final Status GONE = Status.INTERNAL.withDescription("Access denied");
  public static final String USER = "ada";
  public static final String PASSWORD = "secret";

  private static final int BATCH = 10;
  private static final Context.Key<Headers> HEADERS = Context.key("headers");

  /// One call as it came in. Each of the headers is empty when it was absent.
  public record Seen(String method, String strategy, String cluster, String planner) {}

  private record Headers(String method, String strategy, String cluster, String planner) {}

  private record Script(
      String method,
      @Nullable Strategy on,
      AtomicInteger times,
      boolean afterwards,
      @Nullable Status status) {}

  /// A call that waits until the test lets it go.
  public static final class Held {
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    public void awaitArrival() throws InterruptedException {
      if (!arrived.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the call did not come");
      }
    }

    public void release() {
      released.countDown();
    }
  }

  private static final class Running {
    final Strategy strategy;
    final String session;
    final int rows;
    final AtomicInteger next = new AtomicInteger();
    volatile boolean executed;

    Running(Strategy strategy, String session, int rows) {
      this.strategy = strategy;
      this.session = session;
      this.rows = rows;
    }
  }

  private final Server server;
  private final Map<String, Strategy> sessions = new ConcurrentHashMap<>();
  private final Map<String, Running> queries = new ConcurrentHashMap<>();
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final Map<String, Held> holds = new ConcurrentHashMap<>();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /// Which stacks answer authenticate and prepare with something else than 456.
  public volatile List<Strategy> accepting = List.of(Strategy.BLUE);

  /// What a response of a stack carries as `new_strategy`; null for nothing.
  public volatile Function<Strategy, @Nullable String> announcement = _ -> null;

  /// The planner's address that prepare names instead of the right one; null for the right one.
  public volatile @Nullable String namedPlanner;

  public volatile boolean suspended;

  /// What the cluster says of itself when it is told to resume.
  public volatile String resumption = "active";

  public ScriptedCluster() throws IOException {
    this(InsecureServerCredentials.create());
  }

  public ScriptedCluster(ServerCredentials credentials) throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, credentials)
            .addService(new Engine())
            .addService(new Control())
            .intercept(new Reader())
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build()
            .start();
  }

  public String target() {
    return "localhost:" + server.getPort();
  }

  public ClusterKey key() {
    return new ClusterKey(target(), "main");
  }

  /// Only `now` answers from here on: an unannounced change-over.
  public void live(Strategy now) {
    accepting = List.of(now);
  }

  public void announce(@Nullable Strategy strategy) {
    String word = strategy == null ? null : strategy.wire();
    announcement = _ -> word;
  }

  /// The next `times` calls fail without having been done.
  public void refuse(String method, @Nullable Strategy on, int times, Status status) {
    scripts.add(new Script(method, on, new AtomicInteger(times), false, status));
  }

  /// The next `times` calls are done, and fail nevertheless.
  public void lose(String method, int times, Status status) {
    scripts.add(new Script(method, null, new AtomicInteger(times), true, status));
  }

  /// The next `times` calls are never answered.
  public void hang(String method, @Nullable Strategy on, int times) {
    scripts.add(new Script(method, on, new AtomicInteger(times), false, null));
  }

  /// The next call waits before it is done.
  public Held hold(String method) {
    Held held = new Held();
    holds.put(method, held);
    return held;
  }

  /// All sessions are forgotten, as by a restart.
  public void forgetSessions() {
    sessions.clear();
    queries.clear();
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  public List<Seen> seen(String method) {
    return seen.stream().filter(call -> call.method().equals(method)).toList();
  }

  /// Strategies of the calls of a method, in their order.
  public List<String> strategies(String method) {
    return seen(method).stream().map(Seen::strategy).toList();
  }

  /// Mixed stacks, wrong planners, calls about a query that was never there.
  public List<String> violations() {
    return List.copyOf(violations);
  }

  public int openQueries() {
    return queries.size();
  }

  public long openQueries(Strategy strategy) {
    return queries.values().stream().filter(query -> query.strategy == strategy).count();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      var _ = server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Reader implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      Headers read =
          new Headers(
              String.valueOf(call.getMethodDescriptor().getBareMethodName()),
              header(headers, "strategy"),
              header(headers, "cluster-name"),
              header(headers, "plannerip"));
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, read), call, headers, next);
    }

    private static String header(Metadata headers, String name) {
      String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      return value == null ? "" : value;
    }
  }

  private <R> void answer(StreamObserver<R> out, boolean entry, Supplier<R> work) {
    Headers headers = HEADERS.get();
    seen.add(new Seen(headers.method(), headers.strategy(), headers.cluster(), headers.planner()));
    waitFor(holds.remove(headers.method()));
    Script script = script(headers);
    Status failure = script == null ? null : script.status();
    if (script != null && failure == null) {
      // It hangs.
      return;
    }
    if (script != null && failure != null && !script.afterwards()) {
      out.onError(failure.asRuntimeException());
      return;
    }
    if (suspended) {
      out.onError(
          Status.UNAVAILABLE
              .withDescription("Received http2 header with status: 503")
              .asRuntimeException());
      return;
    }
    Strategy strategy = Strategy.parse(headers.strategy()).orElse(null);
    if (entry && (strategy == null || !accepting.contains(strategy))) {
      out.onError(WRONG.asRuntimeException());
      return;
    }
    R response;
    try {
      response = work.get();
    } catch (io.grpc.StatusRuntimeException e) {
      out.onError(e);
      return;
    }
    if (failure != null) {
      out.onError(failure.asRuntimeException());
      return;
    }
    out.onNext(response);
    out.onCompleted();
  }

  private static void waitFor(@Nullable Held held) {
    if (held == null) {
      return;
    }
    held.arrived.countDown();
    try {
      if (!held.released.await(20, TimeUnit.SECONDS)) {
        throw Status.ABORTED.withDescription("never released").asRuntimeException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Script script(Headers headers) {
    for (Script script : scripts) {
      if (script.method().equals(headers.method())
          && (script.on() == null || script.on().wire().equals(headers.strategy()))
          && script.times().getAndDecrement() > 0) {
        return script;
      }
    }
    return null;
  }

  private Strategy sent() {
    return Strategy.parse(HEADERS.get().strategy()).orElseThrow();
  }

  private @Nullable String announced() {
    return announcement.apply(sent());
  }

  private void session(String id) {
    Strategy strategy = sessions.get(id);
    if (strategy == null) {
      throw GONE.asRuntimeException();
    }
    if (strategy != sent()) {
      violations.add(HEADERS.get() + " carries a session of " + strategy);
    }
  }

  private Running query(String id, String session, String engineIp) {
    Running query = queries.get(id);
    session(session);
    if (query == null) {
      throw Status.NOT_FOUND.withDescription("no such query").asRuntimeException();
    }
    if (query.strategy != sent()) {
      violations.add(HEADERS.get() + " is about a query of " + query.strategy);
    }
    if (!query.session.equals(session)) {
      violations.add(HEADERS.get() + " is about a query of another session");
    }
    String planner = planner(query.strategy);
    if (namedPlanner == null
        && (!HEADERS.get().planner().equals(planner) || !engineIp.equals(planner))) {
      violations.add(HEADERS.get() + " goes to " + engineIp + " instead of " + planner);
    }
    return query;
  }

  public static String planner(Strategy strategy) {
    return strategy == Strategy.BLUE ? "10.0.0.1" : "10.0.0.2";
  }

  private static int rows(String sql) {
    return sql.startsWith("rows ") ? Integer.parseInt(sql.substring(5)) : 3;
  }

  private PrepareStatementResponse prepare(String session, String sql) {
    session(session);
    String id = "q" + numbers.incrementAndGet();
    Strategy strategy = sent();
    String named = namedPlanner;
    queries.put(id, new Running(strategy, session, rows(sql)));
    PrepareStatementResponse.Builder response =
        PrepareStatementResponse.newBuilder()
            .setQueryId(id)
            .setEngineIP(named == null ? planner(strategy) : named)
            .setSessionId(session);
    String announced = announced();
    return (announced == null ? response : response.setNewStrategy(announced)).build();
  }

  private ExecuteStatementResponse executeQuery(String id, String session, String engineIp) {
    query(id, session, engineIp).executed = true;
    ExecuteStatementResponse.Builder response = ExecuteStatementResponse.newBuilder();
    String announced = announced();
    return (announced == null ? response : response.setNewStrategy(announced)).build();
  }

  private ByteString batch(Running query) {
    int from = query.next.getAndAdd(BATCH);
    int count = Math.min(BATCH, query.rows - from);
    if (count <= 0) {
      return ByteString.EMPTY;
    }
    long[] values = new long[count];
    Arrays.setAll(values, i -> (long) from + i);
    return ChunkWriter.chunk(
        count,
        List.of(
            ChunkWriter.vector(
                count,
                7,
                new boolean[1],
                15,
                true,
                out -> {
                  ChunkWriter.field(out, 11, 1);
                  ChunkWriter.text(out, query.strategy.wire());
                }),
            ChunkWriter.vector(count, 6, new boolean[count], 3, false, ChunkWriter.longs(values))));
  }

  private final class Engine extends QueryEngineServiceGrpc.QueryEngineServiceImplBase {
    @Override
    public void authenticate(
        AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
      answer(
          out,
          true,
          () -> {
            AuthenticateResponse.Builder response = AuthenticateResponse.newBuilder();
            if (request.getUser().equals(USER) && request.getPassword().equals(PASSWORD)) {
              String id = "s" + numbers.incrementAndGet();
              sessions.put(id, sent());
              response.setSessionId(id);
            }
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void prepareStatement(
        PrepareStatementRequest request, StreamObserver<PrepareStatementResponse> out) {
      answer(out, true, () -> prepare(request.getSessionId(), request.getQueryString()));
    }

    @Override
    public void prepareStatementV2(
        PrepareStatementV2Request request, StreamObserver<PrepareStatementResponse> out) {
      answer(out, true, () -> prepare(request.getSessionId(), request.getQueryString()));
    }

    @Override
    public void executeStatement(
        ExecuteStatementRequest request, StreamObserver<ExecuteStatementResponse> out) {
      answer(
          out,
          false,
          () -> executeQuery(request.getQueryId(), request.getSessionId(), request.getEngineIP()));
    }

    @Override
    public void executeStatementV2(
        ExecuteStatementV2Request request, StreamObserver<ExecuteStatementResponse> out) {
      answer(
          out,
          false,
          () -> executeQuery(request.getQueryId(), request.getSessionId(), request.getEngineIP()));
    }

    @Override
    public void getResultMetadata(
        GetResultMetadataRequest request, StreamObserver<GetResultMetadataResponse> out) {
      answer(
          out,
          false,
          () -> {
            Running query =
                query(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            GetResultMetadataResponse.Builder response =
                GetResultMetadataResponse.newBuilder()
                    .setResultMetaData(
                        ChunkWriter.metadata(
                            query.rows, List.of("strategy", "STRING", "number", "LONG")));
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void getNextResultBatch(
        GetNextResultBatchRequest request, StreamObserver<GetNextResultBatchResponse> out) {
      answer(
          out,
          false,
          () -> {
            Running query =
                query(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            GetNextResultBatchResponse.Builder response =
                GetNextResultBatchResponse.newBuilder().setResultBatch(batch(query));
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      answer(
          out,
          false,
          () -> {
            Running query =
                query(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            StatusResponse.Builder response =
                StatusResponse.newBuilder().setStatus(query.executed).setRowCount(query.rows);
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void cancelQuery(CancelQueryRequest request, StreamObserver<CancelQueryResponse> out) {
      answer(
          out,
          false,
          () -> {
            end(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            CancelQueryResponse.Builder response = CancelQueryResponse.newBuilder();
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void clearOrCancelQuery(
        ClearOrCancelQueryRequest request, StreamObserver<ClearOrCancelQueryResponse> out) {
      answer(
          out,
          false,
          () -> {
            end(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            ClearOrCancelQueryResponse.Builder response = ClearOrCancelQueryResponse.newBuilder();
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    /// Idempotent, as the protocol asks.
    private void end(String id, String session, String engineIp) {
      if (queries.containsKey(id)) {
        query(id, session, engineIp);
        queries.remove(id);
      } else {
        session(session);
      }
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> out) {
      answer(
          out,
          false,
          () -> {
            query(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            return ExplainResponse.newBuilder().setExplain("Scan").build();
          });
    }

    @Override
    public void explainAnalyze(
        ExplainAnalyzeRequest request, StreamObserver<ExplainAnalyzeResponse> out) {
      answer(
          out,
          false,
          () -> {
            query(request.getQueryId(), request.getSessionId(), request.getEngineIP());
            return ExplainAnalyzeResponse.newBuilder().setExplainAnalyze("Scan in 1 ms").build();
          });
    }

    @Override
    public void dryRun(DryRunRequest request, StreamObserver<DryRunResponse> out) {
      answer(
          out,
          true,
          () -> {
            session(request.getSessionId());
            return DryRunResponse.newBuilder().setDryrunValue("fine").build();
          });
    }

    @Override
    public void getSchemaNamesV2(
        GetSchemaNamesV2Request request, StreamObserver<GetSchemaNamesResponse> out) {
      answer(
          out,
          true,
          () -> {
            session(request.getSessionId());
            GetSchemaNamesResponse.Builder response =
                GetSchemaNamesResponse.newBuilder().addSchemas("public");
            String announced = announced();
            return (announced == null ? response : response.setNewStrategy(announced)).build();
          });
    }

    @Override
    public void getTablesV2(GetTablesV2Request request, StreamObserver<GetTablesResponse> out) {
      answer(
          out,
          true,
          () -> {
            session(request.getSessionId());
            return GetTablesResponse.newBuilder().addTables(request.getSchema() + ".t").build();
          });
    }

    @Override
    public void getColumnsV2(GetColumnsV2Request request, StreamObserver<GetColumnsResponse> out) {
      answer(
          out,
          true,
          () -> {
            session(request.getSessionId());
            return GetColumnsResponse.newBuilder()
                .addFieldInfo(GFieldInfo.newBuilder().setFieldName("id").setFieldType("LONG"))
                .build();
          });
    }
  }

  private final class Control extends ClusterServiceGrpc.ClusterServiceImplBase {
    @Override
    public void resume(ResumeRequest request, StreamObserver<ResumeResponse> out) {
      if (seeAndFail(out)) {
        return;
      }
      suspended = false;
      out.onNext(ResumeResponse.newBuilder().setStatus(resumption).build());
      out.onCompleted();
    }

    @Override
    public void status(ClusterStatusRequest request, StreamObserver<ClusterStatusResponse> out) {
      if (seeAndFail(out)) {
        return;
      }
      out.onNext(ClusterStatusResponse.newBuilder().setStatus(resumption).build());
      out.onCompleted();
    }

    private boolean seeAndFail(StreamObserver<?> out) {
      Headers headers = HEADERS.get();
      seen.add(
          new Seen(headers.method(), headers.strategy(), headers.cluster(), headers.planner()));
      Script script = script(headers);
      if (script != null && script.status() != null) {
        out.onError(script.status().asRuntimeException());
      }
      return script != null;
    }
  }
}
