package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.strategy.control.AnnounceCommand;
import dev.signalbox.engine.strategy.control.CancelQueryAnswer;
import dev.signalbox.engine.strategy.control.CancelQueryCommand;
import dev.signalbox.engine.strategy.control.ClientEntry;
import dev.signalbox.engine.strategy.control.ClientList;
import dev.signalbox.engine.strategy.control.ClientsQuery;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.DriveCommand;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.MakeLiveCommand;
import dev.signalbox.engine.strategy.control.OpenQuery;
import dev.signalbox.engine.strategy.control.ProbeAnswer;
import dev.signalbox.engine.strategy.control.ProbeQuery;
import dev.signalbox.engine.strategy.control.StatusQuery;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A query cluster's control interface in memory, over real gRPC on loopback. It obeys as the
/// protocol says, unless a knob says otherwise. Thread-safe; survives [#stop] and [#start].
public final class ScriptedControl extends ClusterControlGrpc.ClusterControlImplBase
    implements AutoCloseable {
  private static final String TOKEN = "a token for tests";

  private final Path tokenFile;
  private final int port;
  private volatile Server server;
  private String live = "blue";
  private String announced = "";
  private long epoch;
  private final List<OpenQuery> open = new ArrayList<>();
  private final Map<String, Long> started = new ConcurrentHashMap<>();

  /// Names of methods, or `*`, that are obeyed by nobody and never answered.
  public final Set<String> hanging = ConcurrentHashMap.newKeySet();

  /// Methods that fail that many times before they do anything.
  public final Map<String, Integer> failing = new ConcurrentHashMap<>();

  /// Methods that do what they should that many times, and the answer is lost.
  public final Map<String, Integer> losing = new ConcurrentHashMap<>();

  /// Sentences with which methods refuse, as a failed precondition.
  public final Map<String, String> refusing = new ConcurrentHashMap<>();

  /// Engines whose probe fails, with the sentence.
  public final Map<String, String> broken = new ConcurrentHashMap<>();

  /// Called with each method before it is obeyed, on the server's thread.
  public volatile Consumer<String> before = method -> {};

  /// Changes what status says.
  public volatile Consumer<ClusterStatus.Builder> status = s -> {};

  public volatile List<ClientEntry> clients = List.of();

  /// What was obeyed, for example `announce green`; looks are not in it.
  public final List<String> commands = new CopyOnWriteArrayList<>();

  /// The last bearer token that came.
  volatile String presented = "";

  public ScriptedControl(Path folder) throws IOException {
    tokenFile = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    server = serve(0);
    port = server.getPort();
  }

  private Server serve(int wanted) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted))
        .addService(this)
        .intercept(new Guard())
        .build()
        .start();
  }

  public StrategySettings settings(Duration drain) {
    return new StrategySettings(
        URI.create("http://127.0.0.1:" + port),
        new SecretSource.InFile(tokenFile),
        drain,
        Duration.ofMillis(100));
  }

  /// From now on the console presents another token.
  void presentToken(String token) throws IOException {
    Files.writeString(tokenFile, token + "\n");
  }

  public void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  public void start() throws IOException {
    server = serve(port);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Guard implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String said = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      presented = said == null ? "" : said;
      if (!presented.equals("Bearer " + TOKEN)) {
        call.close(Status.UNAUTHENTICATED.withDescription("wrong token"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }

  // ---- the world -------------------------------------------------------------------------------

  public synchronized String live() {
    return live;
  }

  public synchronized String announced() {
    return announced;
  }

  synchronized long epoch() {
    return epoch;
  }

  public synchronized void put(String newLive, String newAnnounced, long newEpoch) {
    live = newLive;
    announced = newAnnounced;
    epoch = newEpoch;
  }

  /// A client begins a query.
  public synchronized void begin(String id, Colour colour) {
    open.add(
        OpenQuery.newBuilder()
            .setQueryId(id)
            .setStrategy(colour.id())
            .setUser("anna")
            .setSql("SELECT 'card 4711'\n FROM payments")
            .setAgeMillis(12_345)
            .setState("running")
            .build());
    started.merge(colour.id(), 1L, Long::sum);
  }

  public synchronized void end(String id) {
    open.removeIf(q -> q.getQueryId().equals(id));
  }

  public synchronized boolean isOpen(String id) {
    return open.stream().anyMatch(q -> q.getQueryId().equals(id));
  }

  private synchronized ClusterStatus look() {
    ClusterStatus.Builder now =
        ClusterStatus.newBuilder()
            .setLive(live)
            .setAnnounced(announced)
            .setEpoch(epoch)
            .setBlue(engine("blue"))
            .setGreen(engine("green"))
            .addAllQueries(open)
            .setProtocolVersion(1)
            .setVersion("scripted");
    status.accept(now);
    return now.build();
  }

  private EngineStatus engine(String colour) {
    List<OpenQuery> mine = open.stream().filter(q -> q.getStrategy().equals(colour)).toList();
    return EngineStatus.newBuilder()
        .setReachable(!broken.containsKey(colour))
        .setProblem(broken.getOrDefault(colour, ""))
        .setServerVersion("17.5")
        .setSystemIdentifier("system of " + colour)
        .setOpenQueries(mine.size())
        .setOldestQueryMillis(mine.isEmpty() ? 0 : mine.getFirst().getAgeMillis())
        .setQueriesStarted(started.getOrDefault(colour, 0L))
        .build();
  }

  // ---- the interface ---------------------------------------------------------------------------

  @Override
  public void status(StatusQuery query, StreamObserver<ClusterStatus> answer) {
    obey("status", answer, this::look);
  }

  @Override
  public void clients(ClientsQuery query, StreamObserver<ClientList> answer) {
    obey("clients", answer, () -> ClientList.newBuilder().addAllClients(clients).build());
  }

  @Override
  public void probe(ProbeQuery query, StreamObserver<ProbeAnswer> answer) {
    String problem = broken.get(query.getStrategy());
    obey(
        "probe",
        answer,
        () ->
            ProbeAnswer.newBuilder()
                .setOk(problem == null)
                .setProblem(problem == null ? "" : problem)
                .setMicros(1_500)
                .build());
  }

  @Override
  public void drive(DriveCommand command, StreamObserver<ClusterStatus> answer) {
    obey(
        "drive",
        answer,
        () -> command(command.getEpoch(), "drive " + command.getEpoch(), () -> {}));
  }

  @Override
  public void announce(AnnounceCommand command, StreamObserver<ClusterStatus> answer) {
    obey(
        "announce",
        answer,
        () ->
            command(
                command.getEpoch(),
                "announce " + command.getStrategy(),
                () -> announced = command.getStrategy().equals(live) ? "" : command.getStrategy()));
  }

  @Override
  public void makeLive(MakeLiveCommand command, StreamObserver<ClusterStatus> answer) {
    obey(
        "makeLive",
        answer,
        () ->
            command(
                command.getEpoch(),
                "make live " + command.getStrategy(),
                () -> {
                  boolean done = live.equals(command.getStrategy()) && announced.isEmpty();
                  if (!done && !announced.equals(command.getStrategy())) {
                    throw refused(command.getStrategy() + " is not announced. Announce it first.");
                  }
                  boolean others =
                      open.stream().anyMatch(q -> !q.getStrategy().equals(command.getStrategy()));
                  if (!done && others && !command.getLetEnd()) {
                    throw refused("the other one has open queries");
                  }
                  live = command.getStrategy();
                  announced = "";
                }));
  }

  @Override
  public void cancelQuery(CancelQueryCommand command, StreamObserver<CancelQueryAnswer> answer) {
    obey(
        "cancelQuery",
        answer,
        () -> {
          boolean found = isOpen(command.getQueryId());
          var _ =
              command(
                  command.getEpoch(),
                  "cancel " + command.getQueryId(),
                  () -> end(command.getQueryId()));
          return CancelQueryAnswer.newBuilder().setFound(found).build();
        });
  }

  private synchronized ClusterStatus command(long carried, String name, Runnable change) {
    if (carried < epoch) {
      throw refused("deposed: epoch " + epoch + " commands this cluster, yours is " + carried);
    }
    change.run();
    epoch = carried;
    commands.add(name);
    return look();
  }

  private static RuntimeException refused(String sentence) {
    return Status.FAILED_PRECONDITION.withDescription(sentence).asRuntimeException();
  }

  private <A> void obey(String method, StreamObserver<A> answer, Supplier<A> work) {
    if (hanging.contains(method) || hanging.contains("*")) {
      return;
    }
    if (took(failing, method)) {
      answer.onError(Status.UNAVAILABLE.withDescription("asked to fail").asRuntimeException());
      return;
    }
    String refusal = refusing.get(method);
    if (refusal != null) {
      answer.onError(refused(refusal));
      return;
    }
    A said;
    try {
      before.accept(method);
      said = work.get();
    } catch (io.grpc.StatusRuntimeException e) {
      answer.onError(e);
      return;
    }
    if (took(losing, method)) {
      answer.onError(Status.UNAVAILABLE.withDescription("the answer is lost").asRuntimeException());
      return;
    }
    answer.onNext(said);
    answer.onCompleted();
  }

  private static boolean took(Map<String, Integer> times, String method) {
    boolean[] took = {false};
    times.computeIfPresent(
        method,
        (name, left) -> {
          took[0] = true;
          return left <= 1 ? null : left - 1;
        });
    return took[0];
  }
}
