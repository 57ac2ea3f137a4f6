package dev.signalbox.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.OpenLoop;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.application.router.EntryWitness;
import dev.signalbox.engine.application.router.RouterRefusedException;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.support.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The entry's process under load, while traffic moves.
@Tag("rig")
@Timeout(60)
class SwitchTest {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchTest.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private TestStack blue;
  private TestStack green;
  private EntryProcess entry;
  private EntryRouter router;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() throws Exception {
    blue = new TestStack(Colour.BLUE);
    green = new TestStack(Colour.GREEN);
    entry = new EntryProcess(folder, blue, green);
    router = entry.client();
  }

  @AfterEach
  void stop() throws Exception {
    http.shutdownNow();
    router.close();
    entry.close();
    blue.close();
    green.close();
  }

  @Test
  void noRequestFailsOrRunsTwiceWhileTrafficMovesBothWays() throws Exception {
    List<String> stalls = new ArrayList<>();
    List<String> failures;
    HashSet<String> acknowledged;
    try (OpenLoop load = new OpenLoop(entry.address(), 300)) {
      // A stack that has served for a while, as in a release.
      until(() -> load.sent.get() > 300);
      Colour to = Colour.GREEN;
      for (int i = 0; i < 10; i++) {
        TestStack target = to == Colour.BLUE ? blue : green;
        router.announce(1, to, 16);
        long before = target.writes.size();
        load.takeLongestNanos();
        long start = System.nanoTime();
        RouterState held = router.hold(1, LONG, DRAIN);
        long drained = System.nanoTime();
        assertThat(held.inFlight()).isEmpty();
        RouterState routed = router.route(1, to, held.generation(), true);
        long end = System.nanoTime();
        assertThat(routed.route()).isEqualTo(to);
        assertThat(routed.stack(to.other()).sinceRoute()).isZero();
        stalls.add(
            "hold %d µs, route %d µs, held %d µs (%d released)"
                .formatted(
                    (drained - start) / 1000,
                    (end - drained) / 1000,
                    routed.held().toNanos() / 1000,
                    routed.released()));
        until(() -> target.writes.size() > before + 10);
        stalls.add("  longest request " + load.takeLongestNanos() / 1000 + " µs");
        to = to.other();
      }
      failures = load.stop();
      acknowledged = new HashSet<>(load.written);
    }
    for (int i = 0; i < 10; i++) {
      Colour to = i % 2 == 0 ? Colour.GREEN : Colour.BLUE;
      router.announce(1, to, 0);
      RouterState held = router.hold(1, LONG, DRAIN);
      RouterState routed = router.route(1, to, held.generation(), true);
      stalls.add("without load: held " + routed.held().toNanos() / 1000 + " µs");
    }
    stalls.forEach(LOG::info);
    assertThat(failures).isEmpty();
    HashSet<String> carriedOut = new HashSet<>(blue.writes);
    assertThat(carriedOut.retainAll(green.writes)).isTrue();
    assertThat(carriedOut).as("carried out on both stacks").isEmpty();
    carriedOut.addAll(blue.writes);
    carriedOut.addAll(green.writes);
    assertThat(carriedOut).containsExactlyInAnyOrderElementsOf(acknowledged);
    assertThat(blue.doubled.get() + green.doubled.get()).isZero();
    RouterState last = router.state();
    for (Colour colour : Colour.values()) {
      assertThat(last.stack(colour).errors()).isZero();
      assertThat(last.stack(colour).resets()).isZero();
    }
  }

  /// A folder that cannot be removed is where the file would be written.
  @Test
  void whatCouldNotBeWrittenIsNotObeyedAndNotGrantedLater() throws Exception {
    Path state = entry.stateFile();
    Path inTheWay = Files.createDirectories(folder.resolve(state.getFileName() + ".next/x"));
    assertThatThrownBy(() -> router.release(5)).hasMessageContaining("could not do it");
    assertThatThrownBy(() -> router.release(5)).hasMessageContaining("could not do it");
    assertThatThrownBy(() -> router.route(5, Colour.GREEN, router.state().generation(), true))
        .hasMessageContaining("could not do it");
    assertThat(router.state().epoch()).isLessThan(5);
    assertThat(router.state().route()).isEqualTo(Colour.BLUE);
    Files.delete(inTheWay);

    Path lease = folder.resolve(state.getFileName() + ".lease");
    inTheWay = Files.createDirectories(folder.resolve(lease.getFileName() + ".next/x"));
    EntryWitness witness =
        new EntryWitness(entry.control(), new SecretSource.InFile(entry.tokenFile()));
    Duration ttl = Duration.ofSeconds(30);
    assertThatThrownBy(() -> witness.claim(6, "me", "me", ttl, false))
        .hasMessageContaining("could not do it");
    assertThatThrownBy(() -> witness.renew(6, "me", "me", ttl))
        .hasMessageContaining("could not do it");
    assertThat(witness.look().holder()).isEmpty();
    assertThat(Files.exists(lease)).isFalse();
    Files.delete(inTheWay);
    assertThat(witness.renew(6, "me", "me", ttl).granted()).isTrue();
    assertThat(Files.readString(lease)).contains("\"me\"");
    assertThat(Files.readString(state)).contains("\"epoch\":6");
  }

  @Test
  void holdsUntilTheOldStackHasAnsweredAndSaysWhatIsLeft() throws Exception {
    CompletableFuture<HttpResponse<String>> read = send("/api/slow?ms=150&secret=1");
    until(() -> blue.running.get() == 1);
    RouterState held = router.hold(1, LONG, Duration.ofSeconds(10));
    assertThat(blue.running).hasValue(0);
    assertThat(held.inFlight()).isEmpty();
    assertThat(held.drained()).isEqualTo(1);
    assertThat(read.get().statusCode()).isEqualTo(200);
    router.release(1);

    CompletableFuture<HttpResponse<String>> download = send("/api/slow?ms=1500&secret=1");
    until(() -> blue.running.get() == 1);
    held = router.hold(1, LONG, Duration.ofMillis(20));
    assertThat(held.holding()).isTrue();
    assertThat(held.inFlight()).hasSize(1);
    assertThat(held.inFlight().getFirst().request()).isEqualTo("GET /api/slow");
    assertThat(held.inFlight().getFirst().writes()).isFalse();
    router.route(1, Colour.GREEN, held.generation(), true);
    assertThat(send("/api/health").get().headers().firstValue("X-Signalbox-Stack"))
        .hasValue("green");
    assertThat(download.get().headers().firstValue("X-Signalbox-Stack")).hasValue("blue");
  }

  @Test
  void aHoldThatNobodyReleasesEndsByItself() throws Exception {
    router.hold(1, Duration.ofMillis(1500), DRAIN);
    CompletableFuture<HttpResponse<String>> waiting = send("/api/health");
    until(() -> router.state().waiting() == 1);
    assertThat(waiting.get(10, TimeUnit.SECONDS).headers().firstValue("X-Signalbox-Stack"))
        .hasValue("blue");
    RouterState state = router.state();
    assertThat(state.holding()).isFalse();
    assertThat(state.holdExpired()).isTrue();
    // The way on is still open.
    assertThat(router.route(1, Colour.GREEN, state.generation(), true).route())
        .isEqualTo(Colour.GREEN);
  }

  @Test
  void aKilledEntryComesBackWithItsRouteAndEpoch() throws Exception {
    router.announce(7, Colour.GREEN, 0);
    router.route(7, Colour.GREEN, 0, true);
    router.hold(7, LONG, DRAIN);
    entry.kill();
    entry.restart();
    RouterState state = router.state();
    assertThat(state.route()).isEqualTo(Colour.GREEN);
    assertThat(state.generation()).isEqualTo(1);
    assertThat(state.epoch()).isEqualTo(7);
    assertThat(state.holding()).isFalse();
    assertThat(send("/api/health").get().headers().firstValue("X-Signalbox-Stack"))
        .hasValue("green");
    assertThatThrownBy(() -> router.hold(6, LONG, DRAIN)).isInstanceOf(DeposedException.class);
  }

  @Test
  void whatWasOnlyAnnouncedIsNotTheRouteAfterAKill() throws Exception {
    router.announce(3, Colour.GREEN, 0);
    entry.kill();
    entry.restart();
    assertThat(router.state().route()).isEqualTo(Colour.BLUE);
    assertThat(router.state().epoch()).isEqualTo(3);
  }

  @Test
  void refusesADeposedConsoleAndALateCommand() throws Exception {
    router.announce(5, Colour.GREEN, 0);
    assertThatThrownBy(() -> router.announce(4, Colour.GREEN, 0))
        .isInstanceOf(DeposedException.class)
        .hasMessageContaining("epoch is 4")
        .hasMessageContaining("obeyed 5");
    assertThatThrownBy(() -> router.hold(4, LONG, DRAIN)).isInstanceOf(DeposedException.class);
    assertThatThrownBy(() -> router.route(4, Colour.GREEN, 0, true))
        .isInstanceOf(DeposedException.class);
    assertThatThrownBy(() -> router.release(4)).isInstanceOf(DeposedException.class);
    RouterState state = router.state();
    assertThat(state.holding()).isFalse();
    assertThat(state.route()).isEqualTo(Colour.BLUE);

    router.route(5, Colour.BLUE, 0, true);
    assertThatThrownBy(() -> router.route(5, Colour.GREEN, 0, true))
        .isInstanceOf(RouterRefusedException.class)
        .hasMessageContaining("generation 0");
    assertThat(router.state().route()).isEqualTo(Colour.BLUE);
  }

  @Test
  void waitingRequestsGoOnInTheOrderInWhichTheyCame() throws Exception {
    // On one connection to the stack the order is there to see.
    entry.restartWith(1);
    router.hold(1, LONG, DRAIN);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(post("/api/write", "in-order-" + i));
      int expected = i + 1;
      until(() -> router.state().waiting() == expected);
    }
    RouterState routed = router.route(1, Colour.GREEN, 0, true);
    assertThat(routed.released()).isEqualTo(20);
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).isEqualTo(201);
    }
    assertThat(green.order)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 20).mapToObj(i -> "in-order-" + i).toList());
    assertThat(blue.writes).isEmpty();
  }

  @Test
  void aClientThatGaveUpIsNotServedAfterTheSwitch() throws Exception {
    router.hold(1, LONG, DRAIN);
    CompletableFuture<HttpResponse<String>> gone = post("/api/write", "given-up");
    until(() -> router.state().waiting() == 1);
    gone.cancel(true);
    until(() -> router.state().waiting() == 0);
    router.route(1, Colour.GREEN, 0, true);
    assertThat(post("/api/write", "later").get().statusCode()).isEqualTo(201);
    assertThat(green.writes).containsExactly("later");
  }

  private CompletableFuture<HttpResponse<String>> send(String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> post(String path, String body) {
    return http.sendAsync(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return entry.address().resolve(path);
  }

  private static void until(Callable<Boolean> condition) throws InterruptedException {
    Await.until("what the test waits for here", condition);
  }
}
