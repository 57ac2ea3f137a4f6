package dev.signalbox.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the entry does with input of every kind: long, slow, endless, broken and ill-meant.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class HostileTest {
  private static final int BODY = 4 << 20;

  private TestStack blue;
  private TestStack green;
  private EntryProcess entry;
  private EntryRouter router;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    blue = new TestStack(Colour.BLUE);
    green = new TestStack(Colour.GREEN);
    EntryConfig.Limits limits =
        new EntryConfig.Limits(200, 64, 5, 1 << 20, 8 << 10, BODY, 1_000, 4_000, 1_500, 1_500);
    entry = new EntryProcess(folder, blue, green, limits);
    router = entry.client();
  }

  @AfterAll
  void stop() throws IOException {
    assertThat(entry.log()).doesNotContain("Exception");
    http.shutdownNow();
    router.close();
    entry.close();
    blue.close();
    green.close();
  }

  @Test
  void refusesHeadersThatAreTooLong() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(20_000) + "\r\n\r\n"))
        .contains(" 431 ");
    assertThat(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains(" 414 ");
  }

  @Test
  void refusesRequestsThatTwoServersCouldReadDifferently() throws Exception {
    String both =
        head(
                "POST /api/length HTTP/1.1",
                "Host: x",
                "Connection: close",
                "Content-Length: 4",
                "Transfer-Encoding: chunked")
            + head("0")
            + head("GET /api/smuggled HTTP/1.1");
    assertThat(raw(both)).containsOnlyOnce("HTTP/1.1 ");
    String twice =
        head("POST /api/length HTTP/1.1", "Host: x", "Content-Length: 1", "Content-Length: 2");
    assertThat(raw(twice + "ab")).startsWith("HTTP/1.1 400");
    assertThat(raw("POST /api/length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n\r\nab"))
        .doesNotContain(" 200 ");
    assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(raw("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n")).startsWith("HTTP/1.1 405");
    assertThat(raw("\u0000\u0001\u0002 nonsense\r\n\r\n")).doesNotContain(" 200 ");
    assertThat(get("/api/health").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesBodiesThatAreTooLong() throws Exception {
    assertThat(raw("POST /api/length HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    HttpRequest chunked =
        HttpRequest.newBuilder(uri("/api/length"))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[BODY + (1 << 20)])))
            .build();
    try {
      assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(413);
    } catch (IOException closed) {
      // The entry may close while the client still sends; then it never sees the answer.
      assertThat(closed).isNotNull();
    }
    assertThat(get("/api/health").statusCode()).isEqualTo(200);
  }

  @Test
  void closesConnectionsThatAreTooSlow() throws Exception {
    try (Socket header = socket("GET / HTTP/1.1\r\nHost");
        Socket body =
            socket("POST /api/length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");
        Socket idle = socket("GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")) {
      assertThat(header.getInputStream().read()).isEqualTo(-1);
      assertThat(new String(body.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .doesNotContain(" 200 ");
      assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void clientsThatGoAwayInTheMiddleAreNoNews() throws Exception {
    try (Socket _ = socket("GET /api/slow?ms=700 HTTP/1.1\r\nHost: x\r\n\r\n");
        Socket _ =
            socket("POST /api/slow?ms=700 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab")) {
      Await.until("both are at the stack", () -> blue.running.get() == 2);
    }
    Await.until("the entry has let go of them", () -> router.state().inFlight().isEmpty());
    Await.until("the stack has, too", () -> blue.running.get() == 0);
    assertThat(entry.log()).doesNotContain("Stream reset", "ERROR");
  }

  @Test
  void streamsLargeBodiesBothWays() throws Exception {
    HttpRequest upload =
        HttpRequest.newBuilder(uri("/api/length"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY]))
            .build();
    assertThat(http.send(upload, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo(Integer.toString(BODY));
    HttpResponse<InputStream> download =
        http.send(
            HttpRequest.newBuilder(uri("/api/big?bytes=100000000")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    long length = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream stream = download.body()) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        length += count;
      }
    }
    assertThat(length).isEqualTo(100_000_000L);
  }

  @Test
  void passesOnWhatBelongsToTheRequestAndNothingElse() throws Exception {
    String answer =
        raw(
            head(
                "GET http://shop.example/api/headers?q=1 HTTP/1.1",
                "Host: shop.example",
                "Connection: close, X-Secret",
                "X-Secret: 1",
                "Keep-Alive: 5",
                "TE: trailers",
                "Proxy-Authorization: x",
                "X-Forwarded-For: 10.0.0.9",
                "X-Kept: 1"));
    assertThat(answer)
        .contains("GET /api/headers?q=1\n")
        .containsIgnoringCase("host: shop.example\n")
        .containsIgnoringCase("x-kept: 1\n")
        .containsIgnoringCase("x-forwarded-for: 10.0.0.9, 127.0.0.1\n")
        .containsIgnoringCase("x-forwarded-proto: http\n")
        .containsIgnoringCase("x-forwarded-host: shop.example\n")
        .doesNotContainIgnoringCase("x-secret: 1")
        .doesNotContainIgnoringCase("te: trailers")
        .doesNotContainIgnoringCase("proxy-authorization: x")
        .doesNotContainIgnoringCase("x-private")
        .doesNotContainIgnoringCase("keep-alive: timeout=9");
  }

  @Test
  void aBrokenOrSilentStackIsReportedAndNotAskedTwice() throws Exception {
    long resets = router.state().stack(Colour.BLUE).resets();
    HttpResponse<String> broken = get("/api/break");
    assertThat(broken.statusCode()).isEqualTo(502);
    assertThat(broken.body()).contains("Whether the request was carried out is not known");
    HttpResponse<String> late = get("/api/slow?ms=10000");
    assertThat(late.statusCode()).isEqualTo(504);
    RouterState state = router.state();
    assertThat(state.stack(Colour.BLUE).resets()).isEqualTo(resets + 2);
  }

  @Test
  void fullQueueIsAClearAnswer() throws Exception {
    router.hold(1, Duration.ofSeconds(20), Duration.ZERO);
    try {
      java.util.List<CompletableFuture<HttpResponse<String>>> waiting = new java.util.ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(
            http.sendAsync(
                HttpRequest.newBuilder(uri("/api/health")).build(),
                HttpResponse.BodyHandlers.ofString()));
      }
      until(() -> router.state().waiting() == 5);
      HttpResponse<String> refused = get("/api/health");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("too many requests wait");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      router.release(1);
      for (CompletableFuture<HttpResponse<String>> answer : waiting) {
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    } finally {
      router.release(1);
    }
  }

  @Test
  void webSocketsAndEventStreamsPassAndDoNotKeepAHoldWaiting() throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    WebSocket socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + entry.address().getPort() + "/api/socket"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(WebSocket s, CharSequence text, boolean last) {
                    echoed.complete(text.toString());
                    return CompletableFuture.completedFuture(null);
                  }
                })
            .get(10, TimeUnit.SECONDS);
    socket.sendText("hello", true).get();
    assertThat(echoed.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
    HttpResponse<InputStream> events =
        http.send(
            HttpRequest.newBuilder(uri("/api/events")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream stream = events.body()) {
      assertThat(new String(stream.readNBytes(11), StandardCharsets.UTF_8))
          .isEqualTo("data: first");
      assertThat(router.state().stack(Colour.BLUE).inFlight()).isEqualTo(2);
      RouterState held = router.hold(1, Duration.ofSeconds(20), Duration.ofSeconds(15));
      router.release(1);
      assertThat(held.inFlight()).isEmpty();
      assertThat(new String(stream.readNBytes(30), StandardCharsets.UTF_8)).contains("data: more");
    }
    socket.abort();
    until(() -> router.state().stack(Colour.BLUE).inFlight() == 0);
  }

  @Test
  void theControlInterfaceWantsItsTokenAndSense() throws Exception {
    for (String token : new String[] {"", "Bearer wrong", "Bearer " + EntryProcess.TOKEN + "x"}) {
      assertThat(control("/state", token, null).statusCode()).isEqualTo(401);
      assertThat(control("/hold", token, "{\"epoch\":99}").statusCode()).isEqualTo(401);
    }
    String right = "Bearer " + EntryProcess.TOKEN;
    assertThat(control("/hold", right, "no json").statusCode()).isEqualTo(400);
    assertThat(control("/hold", right, "{\"epoch\":1,\"maxMillis\":99999999}").statusCode())
        .isEqualTo(400);
    assertThat(control("/route", right, "{\"epoch\":1,\"to\":\"red\"}").statusCode())
        .isEqualTo(400);
    assertThat(control("/route", right, "[]").statusCode()).isEqualTo(400);
    assertThat(control("/else", right, "{}").statusCode()).isEqualTo(404);
    assertThat(router.state().holding()).isFalse();
    assertThat(router.state().route()).isEqualTo(Colour.BLUE);
  }

  private HttpResponse<String> control(
      String path, String authorization, @org.jspecify.annotations.Nullable String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(entry.control().resolve(path))
            .header("Authorization", authorization);
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return entry.address().resolve(path);
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private Socket socket(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), entry.address().getPort());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /// What comes back until the entry closes.
  private String raw(String text) throws IOException {
    try (Socket socket = socket(text)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void until(Callable<Boolean> condition) throws InterruptedException {
    Await.until("what the test waits for here", condition);
  }
}
