package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import io.vertx.core.http.HttpServerRequest;

/// One request from admission to the end of its answer. Confined to the event loop.
final class Exchange {
  final HttpServerRequest request;
  final Colour colour;
  final long startedNanos;

  /// An upgraded connection or an event stream: it lasts as long as the client likes, so a hold
  /// does not wait for it.
  boolean endless;

  private boolean ended;

  Exchange(HttpServerRequest request, Colour colour, long startedNanos) {
    this.request = request;
    this.colour = colour;
    this.startedNanos = startedNanos;
  }

  /// @return true the first time
  boolean end() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  /// Whether it may change something, by its method (RFC 9110, 9.2.1).
  boolean writes() {
    return switch (request.method().name()) {
      case "GET", "HEAD", "OPTIONS", "TRACE" -> false;
      default -> true;
    };
  }

  /// Method and path, without the query, which may hold what must not be logged; bounded.
  String label() {
    String path = request.path();
    String shown = path == null ? "" : path.length() > 120 ? path.substring(0, 120) + "…" : path;
    return request.method().name() + " " + shown;
  }
}
