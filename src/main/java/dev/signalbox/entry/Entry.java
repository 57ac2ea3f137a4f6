package dev.signalbox.entry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import tools.jackson.databind.node.ObjectNode;

/// The entry: what clients reach, and the control interface. Everything after the constructor runs
/// on one event loop.
final class Entry {
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final EntryConfig config;
  private final ConnectionGuard guard;
  private final RequestGate gate;
  private final Forwarder forwarder;
  private final ControlApi control;

  /// @throws IOException when the state or the token cannot be read
  Entry(Vertx vertx, EntryConfig config) throws IOException {
    this.vertx = vertx;
    this.config = config;
    RouteFile file = new RouteFile(config.stateFile());
    RouteState state = file.read().orElse(new RouteState(config.initial(), 0, 0));
    this.gate = new RequestGate(vertx, config.limits(), state.route(), this::forward);
    this.guard = new ConnectionGuard(config.limits(), gate::holding);
    this.forwarder = new Forwarder(vertx, config, guard, gate::ended, gate::settle);
    ClaimFile claimFile = new ClaimFile(config.stateFile());
    ClaimFile.Stored claim = claimFile.read().orElse(new ClaimFile.Stored(0, "", "", 0));
    this.control =
        new ControlApi(vertx, token(config), file, claimFile, claim, state, gate, forwarder, guard);
  }

  private static String token(EntryConfig config) throws IOException {
    String token = Files.readString(config.tokenFile()).lines().findFirst().orElse("").strip();
    if (token.length() < 16) {
      throw new IOException(
          "The first line of "
              + config.tokenFile()
              + " must be a token of at least 16 characters.");
    }
    return token;
  }

  private void forward(Exchange exchange) {
    forwarder.forward(exchange);
  }

  /// The ports that were taken.
  record Ports(int port, int controlPort) {}

  Future<Ports> listen() {
    vertx.setPeriodic(1_000, tick -> guard.sweep());
    HttpServer front =
        vertx
            .createHttpServer(
                options()
                    .setMaxHeaderSize(config.limits().headerBytes())
                    .setHandle100ContinueAutomatically(true))
            .connectionHandler(guard::opened)
            .requestHandler(this::handle);
    HttpServer back =
        vertx.createHttpServer(options().setIdleTimeout(120)).requestHandler(control::handle);
    return front
        .listen(config.port(), config.host())
        .compose(open ->
            back.listen(config.controlPort(), LOOPBACK)
                .map(both -> new Ports(front.actualPort(), back.actualPort())));
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(8 << 10)
        .setAcceptBacklog(1024)
        .setTcpNoDelay(true);
  }

  private void handle(HttpServerRequest request) {
    guard.began(request);
    request.response().endHandler(done -> guard.ended(request));
    String method = request.method().name();
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      Answers.sentence(request, 405, "This entry does not do " + method + ".");
    } else if (request.version() == HttpVersion.HTTP_1_1 && request.getHeader("host") == null) {
      Answers.sentence(request, 400, "A request of HTTP/1.1 needs a Host header.");
    } else if (announced(request) > config.limits().bodyBytes()) {
      Answers.sentence(
          request,
          413,
          "The body is longer than the " + config.limits().bodyBytes() + " bytes accepted here.");
    } else if ("/health".equals(request.path())) {
      ObjectNode health = Answers.JSON.createObjectNode();
      health.put("status", "UP").put("route", gate.route().id()).put("holding", gate.holding());
      Answers.json(request, 200, health);
    } else {
      gate.admit(request);
    }
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      // Longer than any number: refused as too long.
      return Long.MAX_VALUE;
    }
  }
}
