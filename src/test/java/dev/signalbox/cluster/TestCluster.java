package dev.signalbox.cluster;

import dev.signalbox.cluster.access.PasswordHash;
import dev.signalbox.cluster.settings.ClusterSettings;
import dev.signalbox.cluster.settings.ClusterSettings.EngineSettings;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.Literals;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.strategy.control.AnnounceCommand;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.MakeLiveCommand;
import dev.signalbox.engine.strategy.control.StatusQuery;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.support.TestDatabases;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/// A cluster in this JVM, on the databases of a test, with the users `alice` (password `secret`)
/// and `bob` (password `other`), who is an operator.
public final class TestCluster implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef0123456789abcdef";
  static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int CONNECTIONS = 8;
  private static final int ITERATIONS = 10_000;

  private final Cluster cluster;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ClusterControlGrpc.ClusterControlBlockingStub control;

  public TestCluster(Path folder, TestDatabases databases) throws IOException {
    this(settings(folder, databases, Limits.defaults()));
  }

  TestCluster(ClusterSettings settings) throws IOException {
    cluster = new Cluster(settings);
    cluster.start();
    control =
        ClusterControlGrpc.newBlockingStub(channel(cluster.controlPort()))
            .withCallCredentials(bearer(TOKEN));
  }

  static ClusterSettings settings(Path folder, TestDatabases databases, Limits limits)
      throws IOException {
    return settings(folder, databases, limits, CONNECTIONS);
  }

  /// @param connections of each engine
  static ClusterSettings settings(
      Path folder, TestDatabases databases, Limits limits, int connections) throws IOException {
    return settings(
        folder,
        limits,
        engine(folder, databases.blue(), TIMEOUT, connections),
        engine(folder, databases.green(), TIMEOUT, connections));
  }

  static ClusterSettings settings(
      Path folder, Limits limits, EngineSettings blue, EngineSettings green) throws IOException {
    return new ClusterSettings(
        loopback(),
        loopback(),
        secret(folder, "token", TOKEN),
        null,
        folder.resolve("state"),
        folder.resolve("ready"),
        Strategy.BLUE,
        users(folder),
        Literals.BACKSLASH,
        Map.of(Strategy.BLUE, blue, Strategy.GREEN, green),
        limits);
  }

  static Path users(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("users"),
        "# who may query\n\nalice:"
            + PasswordHash.of("secret".toCharArray(), ITERATIONS).text()
            + "\nbob:"
            + PasswordHash.of("other".toCharArray(), ITERATIONS).text()
            + ":operator\n");
  }

  public static EngineSettings engine(
      Path folder, PostgresServer server, Duration statementTimeout, int connections)
      throws IOException {
    PostgresServer.Coordinates at = server.coordinates();
    return new EngineSettings(
        at.host(),
        at.port(),
        at.database(),
        at.user(),
        secret(folder, server.colour() + ".password", at.password()),
        statementTimeout,
        connections);
  }

  static SecretSource secret(Path folder, String name, String text) throws IOException {
    return new SecretSource.InFile(Files.writeString(folder.resolve(name), text + "\n"));
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static CallCredentials bearer(String token) {
    return new CallCredentials() {
      @Override
      public void applyRequestMetadata(
          RequestInfo info, Executor executor, MetadataApplier applier) {
        Metadata headers = new Metadata();
        headers.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        applier.apply(headers);
      }
    };
  }

  ManagedChannel channel(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    channels.add(channel);
    return channel;
  }

  int port() {
    return cluster.port();
  }

  public int controlPort() {
    return cluster.controlPort();
  }

  ClusterControlGrpc.ClusterControlBlockingStub control() {
    return control;
  }

  ClusterStatus status() {
    return control.status(StatusQuery.getDefaultInstance());
  }

  ClusterStatus announce(Strategy strategy) {
    return control.announce(
        AnnounceCommand.newBuilder().setEpoch(1).setStrategy(strategy.wire()).build());
  }

  ClusterStatus makeLive(Strategy strategy, boolean force) {
    return control.makeLive(
        MakeLiveCommand.newBuilder()
            .setEpoch(1)
            .setStrategy(strategy.wire())
            .setForce(force)
            .build());
  }

  /// A client on a channel of its own.
  TestClient client() {
    return new TestClient(channel(cluster.port()));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    cluster.close();
  }
}
