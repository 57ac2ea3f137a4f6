package dev.signalbox.driver;

import dev.signalbox.driver.DriverException.Cause;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The resident driver's engine, as a command sees it. Closing it leaves the driver, which goes on
/// with what it was asked to do. Events begin with the first state. Every method throws a
/// [DriverException] once the driver is gone.
public final class DriverClient implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(DriverClient.class);

  /// A driver says something several times a second.
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final Wire wire;
  private final Duration silence;
  private final ConcurrentSkipListMap<Long, EngineEvent> events = new ConcurrentSkipListMap<>();
  private final Map<Long, CompletableFuture<Outcome>> asked = new ConcurrentHashMap<>();
  private final List<Consumer<EngineSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final AtomicLong ids = new AtomicLong();

  /// Held while a state is told, so that nobody is told an older one after a newer one.
  private final Object telling = new Object();

  private final CountDownLatch greeted = new CountDownLatch(1);
  private volatile @Nullable EngineSnapshot snapshot;
  private volatile String version = "";
  private volatile long heard = System.nanoTime();
  private volatile boolean gone;

  private DriverClient(Wire wire, Duration silence) {
    this.wire = wire;
    this.silence = silence;
  }

  /// @return empty when no driver runs
  /// @throws DriverException when one is there that cannot be used
  public static Optional<Engine> connect(DriverSocket socket) throws IOException {
    return connect(socket, FIRST_WORD, SILENCE);
  }

  /// @param silence after which a driver that says nothing counts as gone
  static Optional<Engine> connect(DriverSocket socket, Duration firstWord, Duration silence)
      throws IOException {
    if (!Files.exists(socket.path())) {
      return Optional.empty();
    }
    SocketChannel channel;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
    } catch (ConnectException e) {
      LOG.debug("{} was left by a driver that is gone", socket.path(), e);
      return Optional.empty();
    }
    DriverClient client = new DriverClient(new Wire(channel), silence);
    try {
      if (!socket.sameUser(channel)) {
        throw unusable("The resident driver belongs to another user. Run the command as that one.");
      }
      client.greet(socket, firstWord);
      if (client.snapshot != null) {
        return Optional.of(client);
      }
      client.close();
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static DriverException unusable(String sentence) {
    return new DriverException(Cause.UNUSABLE, sentence);
  }

  /// Leaves no state when the driver ended meanwhile.
  private void greet(DriverSocket socket, Duration firstWord) {
    Thread.ofPlatform().name("signalbox-driver").daemon().start(this::read);
    boolean spoke;
    try {
      spoke = greeted.await(firstWord.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      spoke = false;
    }
    if (!version.isEmpty() && !version.equals(Wire.version())) {
      throw unusable(
          "The resident driver is Signalbox "
              + version
              + ", this is "
              + Wire.version()
              + ". Nothing was asked of it. Start the driver anew.");
    } else if (snapshot == null && gone && !Files.exists(socket.path())) {
      LOG.debug("the driver ended before it said anything");
    } else if (!spoke || snapshot == null) {
      throw new DriverException(Cause.SILENT, silent(socket));
    }
  }

  private static String silent(DriverSocket socket) {
    String pid = socket.pid().orElse("");
    return "The resident driver"
        + (pid.isEmpty() ? "" : " (process " + pid + ")")
        + " is there, but does not answer. Nothing was asked of it. End it ("
        + (pid.isEmpty() ? "kill -9 its process" : "kill -9 " + pid)
        + " if it is frozen), then give the command again; without it the command drives itself.";
  }

  private void read() {
    try {
      for (Line line = wire.read(); line != null; line = wire.read()) {
        heard = System.nanoTime();
        take(line);
      }
    } catch (IOException e) {
      LOG.debug("the connection to the driver broke", e);
    } finally {
      gone = true;
      greeted.countDown();
      EngineSnapshot last = snapshot;
      if (last != null) {
        // They look, and are told that it is gone.
        observers.forEach(observer -> observer.accept(last));
      }
    }
  }

  private void take(Line line) throws IOException {
    switch (line) {
      case Line.Hello(String theirs) -> {
        version = theirs;
        if (!theirs.equals(Wire.version())) {
          throw new IOException("the driver is of version " + theirs);
        }
      }
      case Line.State(EngineSnapshot newer) -> {
        synchronized (telling) {
          snapshot = newer;
          greeted.countDown();
          observers.forEach(observer -> observer.accept(newer));
        }
      }
      case Line.Event(EngineEvent event) -> events.put(event.sequence(), event);
      case Line.Answer(long id, Outcome outcome) -> {
        CompletableFuture<Outcome> waiting = asked.remove(id);
        if (waiting != null) {
          waiting.complete(outcome);
        }
      }
      case Line.Order _ -> throw new IOException("a driver gives no orders");
    }
  }

  private void check() {
    boolean silent = System.nanoTime() - heard > silence.toNanos();
    if (gone || silent) {
      throw new DriverException(
          Cause.GONE,
          "The resident driver "
              + (gone ? "ended" : "does not answer any more")
              + (asked.isEmpty()
                  ? "."
                  : " before it told how this came out. Whoever drives next takes up what was under"
                      + " way: the driver when it is started again, or 'signalbox release resume'.")
              + " 'signalbox release status' shows where the release stands.");
    }
  }

  @Override
  public EngineSnapshot snapshot() {
    check();
    return Objects.requireNonNull(snapshot);
  }

  @Override
  public Subscription observe(Consumer<EngineSnapshot> observer) {
    synchronized (telling) {
      observer.accept(snapshot());
      observers.add(observer);
    }
    return () -> observers.remove(observer);
  }

  @Override
  public List<EngineEvent> events(long after, int limit) {
    return events.tailMap(after, false).values().stream().limit(limit).toList();
  }

  @Override
  public CompletionStage<Outcome> submit(Command command) {
    check();
    long id = ids.incrementAndGet();
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    asked.put(id, outcome);
    try {
      wire.write(new Line.Order(id, command));
    } catch (IOException e) {
      LOG.debug("the order did not go out", e);
      gone = true;
    }
    return outcome;
  }

  @Override
  public void close() {
    wire.close();
  }
}
