package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends admitted requests to the stack they were admitted for, and counts. Never tries a request
/// twice: whether a broken one was carried out is for its client to find out. Confined to the event
/// loop.
final class Forwarder {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

  /// Below the idle time of common servers, so that the stack is not the one who closes a kept
  /// connection in the moment it is used again.
  private static final int KEEP_ALIVE_SECONDS = 15;

  private static final int WAITING_FOR_CONNECTION = 4096;

  private final EntryConfig.Limits limits;
  private final ConnectionGuard guard;
  private final Consumer<Exchange> ended;
  private final Runnable settle;
  private final HttpClient client;
  private final Map<Colour, TrafficMeter> meters = new EnumMap<>(Colour.class);
  private final Map<Colour, HttpProxy> backends = new EnumMap<>(Colour.class);
  private final Map<Colour, HttpProxy> frontends = new EnumMap<>(Colour.class);
  private final Map<Colour, EntryConfig.Upstream> stacks;
  private final IdentityHashMap<HttpServerRequest, Exchange> exchanges = new IdentityHashMap<>();

  /// @param ended told once for each exchange
  /// @param settle run when an exchange turned out to be endless
  Forwarder(
      Vertx vertx,
      EntryConfig config,
      ConnectionGuard guard,
      Consumer<Exchange> ended,
      Runnable settle) {
    this.limits = config.limits();
    this.guard = guard;
    this.ended = ended;
    this.settle = settle;
    this.stacks = config.stacks();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout(2_000)
                .setMaxHeaderSize(64 << 10),
            new PoolOptions()
                .setHttp1MaxSize(config.limits().upstreamConnections())
                .setMaxWaitQueueSize(WAITING_FOR_CONNECTION));
    config
        .stacks()
        .forEach((colour, stack) -> {
          TrafficMeter meter = new TrafficMeter();
          meters.put(colour, meter);
          backends.put(colour, proxy(stack.backend(), meter));
          frontends.put(colour, proxy(stack.frontend(), meter));
        });
  }

  TrafficMeter meter(Colour colour) {
    return java.util.Objects.requireNonNull(meters.get(colour));
  }

  private HttpProxy proxy(URI address, TrafficMeter meter) {
    SocketAddress server = SocketAddress.inetSocketAddress(address.getPort(), address.getHost());
    return HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(true), client)
        .origin(context -> {
          RequestOptions options = new RequestOptions().setServer(server);
          if (!context.isWebSocket()) {
            options.setIdleTimeout(limits.answerMillis());
          }
          // A client that closes its connection gives its request up, which is ordinary. What the
          // stack breaks comes as a failure of the answer.
          return context
              .client()
              .request(options)
              .map(request ->
                  request.exceptionHandler(
                      broken -> LOG.debug("A request to {} was given up", server, broken)));
        })
        .addInterceptor(new Passage(address, meter), true);
  }

  void forward(Exchange exchange) {
    HttpServerRequest request = exchange.request;
    exchanges.put(request, exchange);
    meter(exchange.colour).sent();
    request.response().endHandler(done -> end(exchange, true));
    request.response().closeHandler(gone -> end(exchange, false));
    guard.onClose(request, () -> end(exchange, false));
    java.util.Objects.requireNonNull((backend(request) ? backends : frontends).get(exchange.colour))
        .handle(request);
  }

  private void end(Exchange exchange, boolean answered) {
    HttpServerRequest request = exchange.request;
    if (!exchange.end()) {
      return;
    }
    exchanges.remove(request);
    guard.ended(request);
    long now = System.nanoTime();
    if (answered && !exchange.endless) {
      boolean error = request.response().getStatusCode() >= 500;
      meter(exchange.colour).answered(now, now - exchange.startedNanos, error);
    }
    ended.accept(exchange);
  }

  private static boolean backend(HttpServerRequest request) {
    String path = request.path();
    return path != null && (path.equals("/api") || path.startsWith("/api/"));
  }

  /// Opens connections to a stack and has it answer once on each, so that the first real requests
  /// after a switch find both warm.
  ///
  /// @return how many of `count` answers were below 500
  Future<Integer> warm(Colour colour, int count) {
    EntryConfig.Upstream stack = java.util.Objects.requireNonNull(stacks.get(colour));
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(probe(stack.backend(), "/api/health"));
    }
    answers.add(probe(stack.frontend(), "/"));
    return Future.join(answers)
        .otherwiseEmpty()
        .map(all ->
            (int)
                answers.stream()
                    .filter(answer -> answer.succeeded() && answer.result() < 500)
                    .count());
  }

  private Future<Integer> probe(URI address, String path) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(address.getPort(), address.getHost()))
                .setHost(address.getHost())
                .setPort(address.getPort())
                .setURI(path)
                .setIdleTimeout(2_000))
        .compose(request -> request.send())
        .compose(response -> response.end().map(end -> response.statusCode()));
  }

  /// What happens to each request and answer on its way through.
  private final class Passage implements ProxyInterceptor {
    private final URI address;
    private final TrafficMeter meter;

    Passage(URI address, TrafficMeter meter) {
      this.address = address;
      this.meter = meter;
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      HttpServerRequest client = context.request().proxiedRequest();
      Exchange exchange = exchanges.get(client);
      if (context.isWebSocket()) {
        if (exchange != null) {
          endless(exchange);
        }
      } else {
        Body body = context.request().getBody();
        BoundedBody bounded =
            new BoundedBody(body.stream(), limits.bodyBytes(), () -> tooLong(client));
        context.request().setBody(Body.body(bounded, body.length()));
      }
      ForwardedHeaders.request(context.request().headers(), client, context.isWebSocket());
      context.request().setURI(originForm(client));
      return context
          .sendRequest()
          .recover(failure -> Future.succeededFuture(failed(context, failure)));
    }

    /// Proxies may be sent the absolute form; servers expect path and query.
    private static String originForm(HttpServerRequest client) {
      String uri = client.uri();
      if (uri.startsWith("/")) {
        return uri;
      }
      String query = client.query();
      return client.path() + (query == null ? "" : "?" + query);
    }

    private ProxyResponse failed(ProxyContext context, Throwable failure) {
      meter.reset();
      LOG.debug("A request to {} failed", address, failure);
      boolean late = failure instanceof TimeoutException;
      String sentence =
          "The service behind this address ("
              + address.getAuthority()
              + ") "
              + (late ? "did not answer in time." : "cannot be reached or broke the connection.")
              + " Whether the request was carried out is not known.";
      return context
          .request()
          .release()
          .response()
          .setStatusCode(late ? 504 : 502)
          .putHeader("content-type", "application/json")
          .setBody(
              Body.body(
                  Buffer.buffer(
                      Answers.JSON.createObjectNode().put("error", sentence).toString())));
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
      ProxyResponse response = context.response();
      HttpServerRequest client = context.request().proxiedRequest();
      ForwardedHeaders.response(response.headers(), response.getStatusCode() == 101);
      String type = response.headers().get("content-type");
      Exchange exchange = exchanges.get(client);
      if (exchange != null && type != null && type.startsWith("text/event-stream")) {
        endless(exchange);
      }
      return context
          .sendResponse()
          .onFailure(broken -> {
            if (!client.response().closed()) {
              meter.reset();
            }
          });
    }
  }

  private void endless(Exchange exchange) {
    exchange.endless = true;
    guard.endless(exchange.request);
    settle.run();
  }

  private static void tooLong(HttpServerRequest request) {
    if (!request.response().headWritten()) {
      Answers.sentence(request, 413, "The body is longer than this entry accepts.");
    }
  }
}
