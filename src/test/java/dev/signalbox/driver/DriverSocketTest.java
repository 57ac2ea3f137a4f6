package dev.signalbox.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.driver.DriverException.Cause;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.support.Await;
import dev.signalbox.ui.Samples;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DriverSocketTest {
  @TempDir Path folder;
  private DriverSocket socket = new DriverSocket(Path.of("nowhere"));

  @BeforeEach
  void place() {
    socket = new DriverSocket(folder.resolve("drivers").resolve("one.sock"));
  }

  /// Answers everything at once.
  private static final class Willing implements Engine {
    @Override
    public EngineSnapshot snapshot() {
      return Samples.ready();
    }

    @Override
    public Subscription observe(Consumer<EngineSnapshot> observer) {
      observer.accept(snapshot());
      return () -> {};
    }

    @Override
    public List<EngineEvent> events(long after, int limit) {
      return List.of();
    }

    @Override
    public CompletionStage<Outcome> submit(Command command) {
      return CompletableFuture.completedFuture(new Outcome.Done(command.toString()));
    }

    @Override
    public void close() {}
  }

  private static String ask(Engine engine) throws Exception {
    return engine
        .submit(new Command.Resume())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS)
        .text();
  }

  @Test
  void onlyItsUserCanReachIt() throws Exception {
    try (DriverServer server = DriverServer.claim(socket)) {
      server.serve(new Willing());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path())))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.folder())))
          .isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.lock())))
          .isEqualTo("rw-------");
      try (Engine client = DriverClient.connect(socket).orElseThrow()) {
        assertThat(ask(client)).isEqualTo("Resume[]");
      }
    }
    assertThat(socket.path()).doesNotExist();
    assertThat(DriverClient.connect(socket)).isEmpty();
  }

  @Test
  void aFolderThatIsOpenIsClosed() throws Exception {
    Files.createDirectories(
        socket.folder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    try (DriverServer _ = DriverServer.claim(socket)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.folder())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void thereIsOneDriver() throws Exception {
    try (DriverServer first = DriverServer.claim(socket)) {
      first.serve(new Willing());
      assertThatThrownBy(() -> DriverServer.claim(socket))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.why()).isEqualTo(Cause.RUNS_ALREADY));
      try (Engine client = DriverClient.connect(socket).orElseThrow()) {
        assertThat(ask(client)).isEqualTo("Resume[]");
      }
    }
    DriverServer.claim(socket).close();
  }

  @Test
  void whatADriverLeftThatWasKilledIsInNobodysWay() throws Exception {
    Files.createDirectories(socket.folder());
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket.path()));
    }
    assertThat(socket.path()).exists();
    assertThat(DriverClient.connect(socket)).isEmpty();
    try (DriverServer server = DriverServer.claim(socket)) {
      server.serve(new Willing());
      try (Engine client = DriverClient.connect(socket).orElseThrow()) {
        assertThat(ask(client)).isEqualTo("Resume[]");
      }
    }
  }

  @Test
  void aDriverThatSaysNothingIsNotAsked() throws Exception {
    Files.createDirectories(socket.folder());
    try (ServerSocketChannel frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      frozen.bind(UnixDomainSocketAddress.of(socket.path()));
      Files.writeString(socket.lock(), "4711\n");
      assertThatThrownBy(
              () -> DriverClient.connect(socket, Duration.ofMillis(200), Duration.ofSeconds(9)))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.why()).isEqualTo(Cause.SILENT))
          .hasMessageContaining("process 4711")
          .hasMessageContaining("kill -9 4711");
    }
  }

  @Test
  void aDriverThatEndsIsNotFoundAnyMoreWhileItsCommandsHearTheirAnswers() throws Exception {
    try (DriverServer server = DriverServer.claim(socket)) {
      assertThat(Files.readString(socket.lock()).strip())
          .isEqualTo(Long.toString(ProcessHandle.current().pid()));
      server.serve(new Willing());
      try (Engine client = DriverClient.connect(socket).orElseThrow()) {
        server.stopListening();
        assertThat(DriverClient.connect(socket)).isEmpty();
        assertThat(ask(client)).isEqualTo("Resume[]");
        assertThatThrownBy(() -> DriverServer.claim(socket)).isInstanceOf(DriverException.class);
      }
    }
  }

  @Test
  void aDriverOfAnotherVersionIsNotAsked() throws Exception {
    assertThatThrownBy(() -> connectAfter(new Line.Hello("0.0.1")))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.why()).isEqualTo(Cause.UNUSABLE))
        .hasMessageContaining("0.0.1");
  }

  @Test
  void aDriverThatFallsSilentIsGone() throws Exception {
    Engine client = connectAfter(new Line.Hello(Wire.version()), Wire.state(Samples.ready()));
    assertThat(client.snapshot().environment()).isEqualTo(Samples.ready().environment());
    Await.until(
        "silence is noticed",
        () -> {
          try {
            client.snapshot();
            return false;
          } catch (DriverException e) {
            return e.why() == Cause.GONE;
          }
        });
    client.close();
  }

  @Test
  void whoBeginsToObserveIsToldNoOlderStateAfterANewerOne() throws Exception {
    EngineSnapshot older = Samples.ready();
    EngineSnapshot newer = Samples.after();
    CountDownLatch observing = new CountDownLatch(1);
    CountDownLatch newerTold = new CountDownLatch(1);
    Engine client =
        connectTo(wire -> {
          wire.write(new Line.Hello(Wire.version()));
          wire.write(Wire.state(older));
          assertThat(observing.await(20, TimeUnit.SECONDS)).isTrue();
          wire.write(Wire.state(newer));
        });
    List<Optional<Colour>> told = new CopyOnWriteArrayList<>();
    Engine.Subscription subscription =
        client.observe(snapshot -> {
          if (observing.getCount() > 0) {
            observing.countDown();
            // The newer one would overtake here.
            try {
              newerTold.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
          told.add(Optional.ofNullable(snapshot.live()));
          if (told.size() > 1 || !Objects.equals(snapshot.live(), older.live())) {
            newerTold.countDown();
          }
        });
    assertThat(newerTold.await(20, TimeUnit.SECONDS)).isTrue();
    Await.until("both were told", () -> told.size() >= 2);
    assertThat(told.subList(0, 2))
        .containsExactly(Optional.ofNullable(older.live()), Optional.ofNullable(newer.live()))
        .doesNotHaveDuplicates();
    subscription.close();
    client.close();
  }

  /// A driver that says this and nothing more.
  private Engine connectAfter(Line... lines) throws Exception {
    return connectTo(wire -> {
      for (Line line : lines) {
        wire.write(line);
      }
    });
  }

  private interface Driver {
    void speak(Wire wire) throws Exception;
  }

  private Engine connectTo(Driver speaking) throws Exception {
    Files.createDirectories(socket.folder());
    ServerSocketChannel driver = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    driver.bind(UnixDomainSocketAddress.of(socket.path()));
    Thread.ofVirtual()
        .start(() -> {
          try {
            speaking.speak(new Wire(driver.accept()));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    return DriverClient.connect(socket, Duration.ofSeconds(5), Duration.ofMillis(300))
        .orElseThrow();
  }

  @Test
  void nonsenseEndsItsOwnConnectionAlone() throws Exception {
    try (DriverServer server = DriverServer.claim(socket)) {
      server.serve(new Willing());
      for (String nonsense :
          List.of(
              "nonsense\n",
              Wire.text(new Line.Answer(1, new Outcome.Done(""))) + "\n",
              "x".repeat(5 << 20))) {
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
          ByteBuffer bytes = ByteBuffer.wrap(nonsense.getBytes(StandardCharsets.UTF_8));
          ByteBuffer said = ByteBuffer.allocate(1 << 20);
          try {
            while (bytes.hasRemaining()) {
              raw.write(bytes);
            }
            while (raw.read(said.clear()) >= 0) {}
          } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
          }
        }
      }
      try (Engine client = DriverClient.connect(socket).orElseThrow()) {
        assertThat(ask(client)).isEqualTo("Resume[]");
      }
    }
  }
}
