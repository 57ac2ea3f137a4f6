package dev.signalbox.cluster;

import dev.signalbox.cluster.access.BearerToken;
import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.Users;
import dev.signalbox.cluster.fleet.FleetRegistry;
import dev.signalbox.cluster.fleet.FleetService;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.settings.ClusterSettings;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.cluster.state.StateFile;
import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.fleet.FleetGrpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The whole cluster: two engines, and a server each for clients and for the console. Thread-safe.
public final class Cluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final long CLOSE_SECONDS = 5;

  /// Existing connectors ping every 30 s, also without calls.
  private static final long LEAST_PING_SECONDS = 10;

  private static final int MOST_CALLS_PER_CONNECTION = 1_000;
  private static final int MOST_CONTROL_MESSAGE = 64 << 10;

  private final ClusterSettings settings;
  private final Map<Strategy, QueryEngine> engines = new EnumMap<>(Strategy.class);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queries queries;
  private final ClientSessions sessions;
  private final FleetRegistry fleet = new FleetRegistry();
  private final Server wire;
  private final Server control;
  private @Nullable Thread sweeper;

  /// Listens nowhere yet.
  ///
  /// @throws IOException with a sentence, when a file cannot be read or understood
  /// @throws IllegalStateException with a sentence, when a secret is not there
  public Cluster(ClusterSettings settings) throws IOException {
    this.settings = settings;
    BearerToken token = new BearerToken(settings.controlToken().read());
    Users users = Users.read(settings.users());
    StackSwitch stackSwitch =
        new StackSwitch(new StateFile(settings.stateFile()), settings.initial());
    settings
        .engines()
        .forEach((strategy, engine) ->
            engines.put(
                strategy,
                new QueryEngine(strategy, engine, settings.literals(), settings.limits())));
    Map<Strategy, Integer> running = new EnumMap<>(Strategy.class);
    settings
        .engines()
        .forEach((strategy, engine) -> running.put(strategy, engine.connectionsPerSession()));
    this.queries = new Queries(settings.limits(), running);
    this.sessions = new ClientSessions(settings.limits(), queries);
    RateMeter rates = new RateMeter();
    StatusAnswer answer = new StatusAnswer(sessions, queries, engines, fleet, rates);
    NettyServerBuilder clients = builder(settings.listen());
    ClusterSettings.Tls tls = settings.tls();
    if (tls != null) {
      clients.useTransportSecurity(tls.certificate().toFile(), tls.key().toFile());
    }
    this.wire =
        clients
            .maxInboundMessageSize(settings.limits().messageBytes())
            .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
            .callExecutor(new FleetOnTheNetwork())
            .intercept(CallFacts.interceptor())
            .addService(new QueryService(stackSwitch, users, sessions, queries, engines, rates))
            .addService(new SuspendService(stackSwitch, users))
            .addService(new FleetService(sessions, fleet))
            .build();
    this.control =
        builder(settings.control())
            .maxInboundMessageSize(MOST_CONTROL_MESSAGE)
            .intercept(token)
            .addService(new ControlService(stackSwitch, queries, engines, fleet, answer))
            .build();
  }

  private NettyServerBuilder builder(InetSocketAddress address) {
    return NettyServerBuilder.forAddress(address)
        .executor(threads)
        .addStreamTracerFactory(new FailedCalls())
        .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        // Finds out about clients that vanished without a word.
        .keepAliveTime(1, TimeUnit.MINUTES);
  }

  /// Reports come ten thousand a second and never block: no thread of their own.
  private static final class FleetOnTheNetwork implements ServerCallExecutorSupplier {
    @Override
    public <A, B> @Nullable Executor getExecutor(ServerCall<A, B> call, Metadata headers) {
      boolean fleet = FleetGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
      return fleet ? Runnable::run : null;
    }
  }

  /// Listens from now on, and writes the ready file.
  ///
  /// @throws IOException with a sentence, when an address is taken or the file cannot be written
  public void start() throws IOException {
    start(wire, settings.listen());
    start(control, settings.control());
    sweeper = Thread.ofVirtual().name("sweeper").start(this::sweep);
    Path ready = settings.readyFile();
    if (ready != null) {
      publish(ready);
    }
    LOG.info("Listening on {}, control on {}", wire.getListenSockets(), control.getListenSockets());
  }

  private static void start(Server server, InetSocketAddress address) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException("The cluster cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  private void publish(Path file) throws IOException {
    String line =
        JsonMapper.shared()
            .createObjectNode()
            .put("type", "cluster")
            .put("host", settings.listen().getHostString())
            .put("port", port())
            .put("controlHost", settings.control().getHostString())
            .put("controlPort", controlPort())
            .put("pid", ProcessHandle.current().pid())
            .toString();
    new AtomicFile(file).write(line + "\n");
  }

  private void sweep() {
    try {
      while (true) {
        Thread.sleep(1_000);
        sessions.sweep();
        fleet.sweep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where clients reach it, once it listens.
  public int port() {
    return wire.getPort();
  }

  /// Where the console reaches it, once it listens.
  public int controlPort() {
    return control.getPort();
  }

  /// Waits until it is closed.
  public void awaitClosed() throws InterruptedException {
    wire.awaitTermination();
    control.awaitTermination();
  }

  /// Ends open queries and stops listening; takes some seconds at most.
  @Override
  public void close() {
    wire.shutdown();
    control.shutdown();
    if (sweeper != null) {
      sweeper.interrupt();
    }
    int ended = queries.endIf(query -> true, false);
    LOG.info("Ending; {} open queries were cancelled", ended);
    try {
      if (!wire.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        wire.shutdownNow();
      }
      control.shutdownNow();
    } catch (InterruptedException e) {
      wire.shutdownNow();
      control.shutdownNow();
      Thread.currentThread().interrupt();
    }
    engines.values().forEach(QueryEngine::close);
    threads.shutdown();
  }
}
