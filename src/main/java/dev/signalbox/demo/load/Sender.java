package dev.signalbox.demo.load;

import dev.signalbox.demo.load.Counts.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends one request, once, and tells how it ended. On the event loop.
final class Sender {
  /// More than ever wait at once: a request must never queue for a connection in the client.
  private static final int CONNECTIONS = 4_096;

  private final HttpClient kept;
  private final HttpClient fresh;
  private final LoadSettings settings;

  Sender(Vertx vertx, LoadSettings settings) {
    this.settings = settings;
    this.kept = client(vertx, true);
    this.fresh = client(vertx, false);
  }

  private HttpClient client(Vertx vertx, boolean keepAlive) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setKeepAlive(keepAlive)
            // Sooner than any server ends it: else both may act at the same moment.
            .setKeepAliveTimeout(30)
            .setConnectTimeout(Math.toIntExact(settings.timeout().toMillis())),
        new PoolOptions().setHttp1MaxSize(CONNECTIONS).setEventLoopSize(0));
  }

  /// @param stack that answered; empty when none said so
  record Answer(Outcome outcome, String stack) {}

  /// Never fails: a failure is an answer too.
  Future<Answer> send(OpenLoopClient.Request request) {
    URI target = settings.target();
    HttpMethod method = request.id() == null ? HttpMethod.GET : HttpMethod.POST;
    RequestOptions options =
        new RequestOptions()
            .setHost(target.getHost())
            .setPort(target.getPort())
            .setMethod(method)
            .setURI(request.path());
    Opened opened = new Opened();
    return (request.fresh() ? fresh : kept)
        .request(options)
        .compose(http -> opened.send(http, request))
        .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(problem -> {
          opened.reset();
          return Future.succeededFuture(new Answer(outcome(problem), ""));
        });
  }

  private static Future<Answer> read(HttpClientResponse response, int expected) {
    String stack = response.getHeader("X-Signalbox-Stack");
    Outcome outcome = response.statusCode() == expected ? Outcome.ANSWERED : Outcome.WRONG_ANSWER;
    // Only a whole answer counts.
    return response.body().map(ignored -> new Answer(outcome, stack == null ? "" : stack));
  }

  private static Outcome outcome(Throwable problem) {
    return switch (problem) {
      case TimeoutException e -> Outcome.TIMED_OUT;
      case ConnectException e -> Outcome.REFUSED;
      default -> Outcome.RESET;
    };
  }

  private static Buffer body(OpenLoopClient.Request r) {
    return Buffer.buffer(
        "{\"requestId\":\"%s\",\"from\":%d,\"to\":%d,\"amount\":%d}"
            .formatted(r.id(), r.account(), r.to(), r.amount()));
  }

  /// Keeps the request, so that one that took too long gives its connection back.
  private static final class Opened {
    private @Nullable HttpClientRequest http;
    private boolean over;

    Future<Answer> send(HttpClientRequest request, OpenLoopClient.Request what) {
      if (over) {
        request.reset();
        return Future.failedFuture(new TimeoutException("The connection came too late"));
      }
      http = request;
      if (what.id() == null) {
        return request.send().compose(response -> read(response, 200));
      }
      request.putHeader("Content-Type", "application/json");
      return request.send(body(what)).compose(response -> read(response, 201));
    }

    void reset() {
      over = true;
      if (http != null) {
        http.reset();
      }
    }
  }
}
