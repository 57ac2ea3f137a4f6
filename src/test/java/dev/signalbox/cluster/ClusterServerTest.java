package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.cluster.state.ClusterState;
import dev.signalbox.cluster.state.StateFile;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.strategy.control.AnnounceCommand;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc.ClusterControlBlockingStub;
import dev.signalbox.engine.strategy.control.StatusQuery;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.support.Await;
import dev.signalbox.support.ChildJvm;
import dev.signalbox.support.TestDatabases;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cluster in a process of its own, with TLS for clients.
@Tag("long")
class ClusterServerTest {
  @TempDir Path folder;
  private TestDatabases databases;
  private @Nullable Process process;
  private @Nullable ManagedChannel channel;

  @BeforeEach
  void files() throws Exception {
    databases = TestDatabases.create();
    certificate();
    Files.writeString(folder.resolve("token"), TestCluster.TOKEN + "\n");
    PostgresServer.Coordinates blue = databases.blue().coordinates();
    PostgresServer.Coordinates green = databases.green().coordinates();
    Files.writeString(folder.resolve("blue"), blue.password() + "\n");
    Files.writeString(folder.resolve("green"), green.password() + "\n");
    for (String secret : new String[] {"token", "blue", "green"}) {
      Files.setPosixFilePermissions(
          folder.resolve(secret), PosixFilePermissions.fromString("rw-------"));
    }
    var _ = TestCluster.users(folder);
    String engine = "{ host: %s, port: %d, database: %s, user: %s, password: { file: %s } }\n";
    Files.writeString(
        folder.resolve("cluster.yaml"),
        """
        listen: 127.0.0.1:0
        control: { listen: "127.0.0.1:0", token: { file: token } }
        tls: { certificate: cert.pem, key: key.pem }
        stateFile: state
        readyFile: ready
        users: users
        engines:
        """
            + "  blue: "
            + engine.formatted(blue.host(), blue.port(), blue.database(), blue.user(), "blue")
            + "  green: "
            + engine.formatted(
                green.host(), green.port(), green.database(), green.user(), "green"));
  }

  private void certificate() throws Exception {
    Path store = folder.resolve("store");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "c",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("c").getEncoded());
    pem("key.pem", "PRIVATE KEY", keys.getKey("c", "changeit".toCharArray()).getEncoded());
  }

  private void pem(String name, String kind, byte[] bytes) throws Exception {
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\n-----END "
            + kind
            + "-----\n");
  }

  private ClusterControlBlockingStub start() throws Exception {
    Files.deleteIfExists(folder.resolve("ready"));
    Process started =
        builder(
                folder.resolve("cluster.yaml"),
                "-Dsignalbox.log=" + folder.resolve("log.file"),
                "-Dsignalbox.log.level=DEBUG")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    process = started;
    Await.until(
        "the cluster listens", () -> !started.isAlive() || Files.exists(folder.resolve("ready")));
    assertThat(started.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
    JsonNode ready = ready();
    assertThat(ready.required("pid").longValue()).isEqualTo(started.pid());
    if (channel != null) {
      channel.shutdownNow();
    }
    ManagedChannel opened =
        NettyChannelBuilder.forAddress("127.0.0.1", ready.required("controlPort").intValue())
            .usePlaintext()
            .build();
    channel = opened;
    return ClusterControlGrpc.newBlockingStub(opened)
        .withCallCredentials(TestCluster.bearer(TestCluster.TOKEN));
  }

  private JsonNode ready() throws Exception {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve("ready")));
  }

  private ManagedChannel channel(int port) throws Exception {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .sslContext(
            GrpcSslContexts.forClient().trustManager(folder.resolve("cert.pem").toFile()).build())
        .build();
  }

  private Process process() {
    return java.util.Objects.requireNonNull(process);
  }

  @AfterEach
  void end() throws Exception {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (process != null) {
      process.destroyForcibly().onExit().get(10, TimeUnit.SECONDS);
    }
    databases.close();
  }

  @Test
  void whatWasAnsweredSurvivesAKill() throws Exception {
    StateFile file = new StateFile(folder.resolve("state"));
    AtomicLong answered = new AtomicLong();
    for (int round = 0; round < 3; round++) {
      ClusterControlBlockingStub control = start();
      long first = answered.get() + 1;
      // Another state with each command: its epoch.
      var console =
          CompletableFuture.runAsync(() -> {
            for (long epoch = first; ; epoch++) {
              Strategy strategy = epoch % 2 == 0 ? Strategy.BLUE : Strategy.GREEN;
              try {
                var _ =
                    control.announce(
                        AnnounceCommand.newBuilder()
                            .setEpoch(epoch)
                            .setStrategy(strategy.wire())
                            .build());
              } catch (StatusRuntimeException e) {
                return;
              }
              answered.set(epoch);
            }
          });
      long enough = first + 20;
      Await.until("commands are obeyed", () -> answered.get() > enough);
      var _ = process().destroyForcibly().onExit().get(10, TimeUnit.SECONDS);
      console.get(10, TimeUnit.SECONDS);
      ClusterState state = file.read().orElseThrow();
      assertThat(state.epoch()).isBetween(answered.get(), answered.get() + 1);
      assertThat(state.announced()).isEqualTo(state.epoch() % 2 == 0 ? null : Strategy.GREEN);
      answered.set(state.epoch());
    }
  }

  @Test
  void clientsComeWithTlsAndTheConsoleWithout() throws Exception {
    ClusterControlBlockingStub control = start();
    assertThat(control.status(StatusQuery.getDefaultInstance()).getLive()).isEqualTo("blue");
    ManagedChannel clients =
        NettyChannelBuilder.forAddress("127.0.0.1", ready().required("port").intValue())
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(folder.resolve("cert.pem").toFile())
                    .build())
            .build();
    try {
      assertThat(new TestClient(clients).authenticate("blue").getSessionId()).isNotEmpty();
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aSignalEndsItAndItsQueries() throws Exception {
    var _ = start();
    process().destroy();
    assertThat(process().waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(process().exitValue()).isEqualTo(143);
    assertThat(Files.readString(folder.resolve("log")))
        .doesNotContain("Exception", TestCluster.TOKEN, databases.blue().coordinates().password());
  }

  @Test
  void whatAPeerSendsIsNoStackTrace() throws Exception {
    var _ = start();
    JsonNode ready = JsonMapper.shared().readTree(Files.readString(folder.resolve("ready")));
    byte[] junk = new byte[10_000];
    new Random(7).nextBytes(junk);
    for (String port : new String[] {"port", "controlPort"}) {
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), ready.required(port).intValue())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(junk);
        assertThat(socket.getInputStream().readAllBytes().length).isLessThan(1_000);
      } catch (IOException e) {
        // It closed the connection while we wrote.
        assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
      }
    }
    ManagedChannel wire = channel(ready.required("port").intValue());
    try {
      assertThatThrownBy(() -> authenticate(wire, RawMessage.UNREADABLE))
          .hasMessageStartingWith("UNKNOWN");
      assertThatThrownBy(() -> authenticate(wire, new byte[5 << 20]))
          .hasMessageStartingWith("RESOURCE_EXHAUSTED");
    } finally {
      wire.shutdownNow();
    }
    Path file = folder.resolve("log.file");
    Await.until(
        "it is said in one line",
        () -> Files.readString(file).contains("QueryEngineService/authenticate cannot be read:"));
    process().destroy();
    assertThat(process().waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(folder.resolve("log"))).doesNotContain("ERROR", "SEVERE", "\tat ");
    assertThat(Files.readString(file)).doesNotContain("ERROR", "at io.grpc.");
  }

  private static void authenticate(ManagedChannel wire, byte[] message) {
    byte[] _ =
        ClientCalls.blockingUnaryCall(
            wire,
            RawMessage.method(QueryEngineServiceGrpc.getAuthenticateMethod()),
            CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
            message);
  }

  @Test
  void aConfigurationThatIsWrongIsSaid() throws Exception {
    Path config = folder.resolve("cluster.yaml");
    Files.writeString(config, Files.readString(config).replace("users: users", "users: nobody"));
    Process started =
        builder(config)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = started;
    assertThat(started.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(started.exitValue()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("log")))
        .contains("cluster.yaml:6:8: The file", "cannot be read.");
  }

  private static ProcessBuilder builder(Path config, String... options) throws IOException {
    List<String> words = ChildJvm.command(ClusterServer.class, options);
    words.addAll(List.of("--config", config.toString()));
    return new ProcessBuilder(words);
  }
}
