package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.signalbox.support.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Against servers that misbehave on purpose.
final class OpenLoopClientTest {
  private final Vertx vertx = Vertx.vertx();
  private final Ledger ledger = new Ledger();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  @Test
  void countsGoodAnswersByStack() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    URI server =
        serve(request -> {
          boolean post = request.path().equals("/api/transfers");
          if (post) {
            posts.incrementAndGet();
          }
          answer(request, post ? 201 : 200);
        });
    try (OpenLoopClient client = new OpenLoopClient(settings(server, 500), ledger)) {
      client.start();
      Await.until("300 answers", () -> client.counts().requests() >= 300);
      client.finish();
      Counts counts = client.counts();
      assertThat(counts.failed()).isZero();
      assertThat(counts.green()).isEqualTo(counts.requests());
      assertThat(client.open()).isZero();
      assertThat(states(Ledger.State.ACKNOWLEDGED)).isEqualTo(posts.get()).isPositive();
      assertThat(states(Ledger.State.OPEN)).isZero();
      assertThat(client.window().ended()).isEqualTo(counts);
      assertThat(client.window().ended()).isEqualTo(Counts.NONE);
      // To two digits.
      assertThat(client.quantile(1)).isCloseTo(counts.longest(), counts.longest().dividedBy(50));
    }
  }

  @Test
  void aPauseIsFeltByEveryRequestThatWasDueInIt() throws Exception {
    AtomicBoolean pause = new AtomicBoolean();
    // Blocks the server's only event loop: it neither accepts, reads nor answers.
    URI server =
        serve(request -> {
          if (pause.compareAndSet(true, false)) {
            hang(Duration.ofMillis(600));
          }
          answer(request, request.path().equals("/api/transfers") ? 201 : 200);
        });
    try (OpenLoopClient client = new OpenLoopClient(settings(server, 200), ledger)) {
      client.start();
      Await.until("a flow of answers", () -> client.counts().requests() >= 50);
      client.beginSwitch("before");
      // Some may have ended since they were counted last.
      long already = client.counts().requests();
      Await.until("more", () -> client.counts().requests() >= 100);
      SwitchWindow before = client.endSwitch();
      client.beginSwitch("pause");
      pause.set(true);
      Await.until("the pause began", () -> !pause.get());
      SwitchWindow felt = client.endSwitch();
      // Ended at once, yet those that were due before its end are waited for.
      assertThat(felt.counts().longest()).isGreaterThan(Duration.ofMillis(550));
      assertThat(felt.took()).isLessThan(felt.counts().longest());
      assertThat(before.counts().requests()).isBetween(100 - already, client.counts().requests());
      Await.until("a flow again", () -> client.counts().requests() >= 400);
      client.finish();
      // 120 requests were due in the pause. A client that waits for answers would have felt it
      // once.
      // From their intended times they waited evenly from 0 to 600 ms: half of them above 300 ms.
      Counts all = client.counts();
      double above = 1 - 50.0 / all.requests();
      assertThat(client.quantile(above)).isGreaterThan(Duration.ofMillis(300));
      assertThat(all.failed()).isZero();
    }
  }

  @Test
  void neverSendsTwiceWhatBroke() throws Exception {
    Map<String, Integer> bodies = new ConcurrentHashMap<>();
    URI server =
        serve(request ->
            request
                .body()
                .onSuccess(body -> {
                  if (body.length() > 0) {
                    bodies.merge(body.toString(), 1, Integer::sum);
                  }
                  request.connection().close();
                }));
    try (OpenLoopClient client = new OpenLoopClient(settings(server, 300), ledger)) {
      client.start();
      Await.until("200 ended", () -> client.counts().requests() >= 200);
      client.finish();
      Counts counts = client.counts();
      assertThat(counts.failed()).isEqualTo(counts.requests());
      assertThat(counts.resets()).isEqualTo(counts.requests());
      assertThat(bodies).isNotEmpty().allSatisfy((body, times) -> assertThat(times).isEqualTo(1));
      assertThat(states(Ledger.State.FAILED)).isEqualTo(ledger.copy().size());
    }
  }

  @Test
  void tellsRefusedTimedOutAndWrongAnswersApart() throws Exception {
    URI wrong = serve(request -> answer(request, 503));
    Counts counts = run(wrong, Duration.ofSeconds(5));
    assertThat(counts.failed()).isEqualTo(counts.requests()).isPositive();
    assertThat(counts.resets() + counts.refused() + counts.timeouts()).isZero();

    URI silent = serve(request -> {});
    counts = run(silent, Duration.ofMillis(200));
    assertThat(counts.timeouts()).isEqualTo(counts.requests()).isPositive();
    assertThat(counts.failed()).isEqualTo(counts.requests());
    assertThat(counts.longest()).isGreaterThanOrEqualTo(Duration.ofMillis(190));

    HttpServer gone = vertx.createHttpServer().requestHandler(request -> {});
    int port = gone.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    gone.close().await(5, TimeUnit.SECONDS);
    counts = run(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(5));
    assertThat(counts.refused()).isEqualTo(counts.requests()).isPositive();
    assertThat(counts.failed()).isEqualTo(counts.requests());
  }

  private Counts run(URI server, Duration timeout) throws InterruptedException {
    LoadSettings settings = new LoadSettings(server, 300, 100, 0.3, 0.1, 0.2, timeout, 1);
    try (OpenLoopClient client = new OpenLoopClient(settings, ledger)) {
      client.start();
      Await.until("some ended", () -> client.counts().requests() >= 50);
      client.finish();
      return client.counts();
    }
  }

  private URI serve(Consumer<HttpServerRequest> handler) throws Exception {
    HttpServer server = vertx.createHttpServer().requestHandler(handler::accept);
    int port = server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  @Test
  void isClosedQuietlyWhileRequestsAreOpen() throws Exception {
    URI silent = serve(request -> {});
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try {
      OpenLoopClient client = new OpenLoopClient(settings(silent, 10_000), ledger);
      client.start();
      Await.until("requests are open", () -> client.open() >= 3_000);
      client.close();
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
  }

  private static void answer(HttpServerRequest request, int status) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("X-Signalbox-Stack", "green")
        .end("{\"id\":1}");
  }

  private static LoadSettings settings(URI server, double rate) {
    return LoadSettings.of(server, rate, 100);
  }

  private int states(Ledger.State state) {
    return Math.toIntExact(ledger.copy().values().stream().filter(l -> l.state() == state).count());
  }

  /// The pause is what is measured here, not a guess at how long something takes.
  private static void hang(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
