package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.support.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against real servers on loopback.
@Timeout(120)
final class WarmUpTest {
  private static final Duration WINDOW = Duration.ofMillis(200);
  private static final int ASKED = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> told = new ArrayList<>();
  private volatile boolean broken;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  @Test
  void aServiceThatCannotCarryTheRateIsLoadedWithLessAndCountedFromThenOn() throws Exception {
    // At most one each 5 ms: 200 a second.
    Queue<HttpServerRequest> waiting = new ArrayDeque<>();
    URI server = serve(waiting::add);
    vertx.setPeriodic(
        5,
        timer -> {
          HttpServerRequest next = waiting.poll();
          if (next != null) {
            answer(next);
          }
        });
    try (OpenLoopClient client = client(server)) {
      WarmUp warmUp = new WarmUp(client, ASKED, WINDOW);
      assertThat(warmUp.run(told::add)).isEmpty();
      LoadRate found = warmUp.rate();
      assertThat(found.asked()).isEqualTo(ASKED);
      assertThat(found.rate()).isBetween(1, 200);
      assertThat(told)
          .singleElement()
          .asString()
          .contains(
              "this machine carries about %d of 1,000 requests/s; the demo goes on at %d"
                  .formatted(found.carried(), found.rate()));
      Await.until("some were counted", () -> client.counts().requests() >= 50);
      client.finish();
      assertThat(client.counts().failed()).isZero();
      // Those of the warm-up waited for an overloaded service.
      assertThat(client.uncounted().longest()).isGreaterThan(client.counts().longest());
    }
  }

  @Test
  void whatFailsAfterTheWarmUpIsCountedAndWhatFailedInItIsTold() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    URI server =
        serve(request -> {
          if (seen.incrementAndGet() <= 20 || broken) {
            request.response().setStatusCode(503).end();
          } else {
            answer(request);
          }
        });
    try (OpenLoopClient client = client(server)) {
      WarmUp warmUp = new WarmUp(client, ASKED, WINDOW);
      assertThat(warmUp.run(told::add)).isEmpty();
      Receipt.Load load = Receipt.Load.of(warmUp.rate(), client.uncounted());
      assertThat(load.warmUpFailed()).isGreaterThanOrEqualTo(20);
      assertThat(client.counts().failed()).isZero();
      broken = true;
      Await.until("a failure counts", () -> client.counts().failed() > 0);
      client.finish();
      assertThat(client.counts().requests() + client.uncounted().requests()).isEqualTo(seen.get());
    }
  }

  @Test
  void aServiceThatDoesNotAnswerIsTold() throws Exception {
    URI silent = serve(request -> {});
    try (OpenLoopClient client = client(silent)) {
      assertThat(new WarmUp(client, ASKED, WINDOW).run(told::add))
          .hasValueSatisfying(
              problem -> assertThat(problem).startsWith("The service answered nothing within"));
      assertThat(told).isEmpty();
      assertThat(client.counts()).isEqualTo(Counts.NONE);
    }
  }

  @Test
  void endsWithItsClient() throws Exception {
    URI silent = serve(request -> {});
    OpenLoopClient client = client(silent);
    CompletableFuture<Object> ended =
        CompletableFuture.supplyAsync(() -> {
          try {
            return new WarmUp(client, ASKED, WINDOW).run(told::add);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Await.until("some wait", () -> client.open() > 10);
    client.close();
    assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("The load was ended while it warmed up");
  }

  private static OpenLoopClient client(URI server) {
    return new OpenLoopClient(LoadSettings.of(server, ASKED, 100), new Ledger());
  }

  private URI serve(Consumer<HttpServerRequest> handler) throws Exception {
    var server = vertx.createHttpServer().requestHandler(handler::accept);
    int port = server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  private static void answer(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(request.path().equals("/api/transfers") ? 201 : 200)
        .putHeader("X-Signalbox-Stack", "green")
        .end("{\"id\":1}");
  }
}
