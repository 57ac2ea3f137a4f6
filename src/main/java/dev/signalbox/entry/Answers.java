package dev.signalbox.entry;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers that the entry gives itself.
final class Answers {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /// `{"error":"…"}`; the connection is closed because the rest of the request was not read.
  static void sentence(HttpServerRequest request, int status, String sentence) {
    HttpServerResponse response = request.response();
    if (status == 503) {
      response.putHeader("retry-after", "1");
    }
    if (!request.isEnded()) {
      response.putHeader("connection", "close");
    }
    json(request, status, JSON.createObjectNode().put("error", sentence));
  }

  static void json(HttpServerRequest request, int status, ObjectNode body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(body.toString())
        .onFailure(gone -> LOG.debug("A client left before its answer: {}", gone.getMessage()));
  }
}
