package dev.signalbox.engine.application;

import dev.signalbox.engine.Colour;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A stack's HTTP servers, real ones: backend and frontend on one port, for the tests of the entry.
public final class TestStack implements AutoCloseable {
  public final Colour colour;

  /// What `/api/health/db` answers, as JSON; empty for 503.
  public volatile String database = "";

  /// What `/api/health` answers.
  public volatile int status = 200;

  /// What `/api/warm-up` answers.
  public volatile int warmUp = 200;

  /// What it says its name is; empty for none.
  public volatile String name;

  /// Ids of the writes that were carried out here.
  public final Set<String> writes = ConcurrentHashMap.newKeySet();

  /// The same, as they arrived.
  public final Queue<String> order = new ConcurrentLinkedQueue<>();

  public final AtomicInteger doubled = new AtomicInteger();
  public final AtomicInteger running = new AtomicInteger();

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  public TestStack(Colour colour) {
    this.colour = colour;
    this.name = colour.id();
    this.server = vertx.createHttpServer().requestHandler(this::handle);
    this.server.webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage));
    try {
      server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!name.isEmpty()) {
      response.putHeader("X-Signalbox-Stack", name);
    }
    response.putHeader("X-Signalbox-Version", colour == Colour.BLUE ? "v1" : "v2");
    switch (request.path()) {
      case "/api/health" -> response.setStatusCode(status).end("{\"status\":\"UP\"}");
      case "/api/warm-up" -> response.setStatusCode(warmUp).end(colour.id());
      case "/api/health/db" -> {
        String answer = database;
        response.setStatusCode(answer.isEmpty() ? 503 : 200).end(answer.isEmpty() ? "{}" : answer);
      }
      case "/api/write" -> write(request);
      case "/api/slow" -> {
        running.incrementAndGet();
        long millis = Long.parseLong(request.getParam("ms"));
        vertx.setTimer(
            millis,
            timer -> {
              running.decrementAndGet();
              response.end("slow");
            });
      }
      case "/api/length" -> {
        long[] length = new long[1];
        request.handler(chunk -> length[0] += chunk.length());
        request.endHandler(end -> response.end(Long.toString(length[0])));
      }
      case "/api/big" -> big(response, Long.parseLong(request.getParam("bytes")));
      case "/api/headers" -> {
        StringBuilder all = new StringBuilder(request.method() + " " + request.uri() + "\n");
        request.headers().forEach((name, value) -> all.append(name + ": " + value + "\n"));
        response
            .putHeader("Connection", "X-Private")
            .putHeader("X-Private", "1")
            .putHeader("Keep-Alive", "timeout=9")
            .end(all.toString());
      }
      case "/api/break" -> request.connection().close();
      case "/api/events" -> {
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write("data: first\n\n");
        long timer = vertx.setPeriodic(20, tick -> response.write("data: more\n\n"));
        response.closeHandler(gone -> vertx.cancelTimer(timer));
      }
      default -> response.end(colour.id());
    }
  }

  private void write(HttpServerRequest request) {
    request.bodyHandler(body -> {
      order.add(body.toString());
      vertx.setTimer(
          2,
          later -> {
            if (!writes.add(body.toString())) {
              doubled.incrementAndGet();
            }
            request.response().setStatusCode(201).end("{}");
          });
    });
  }

  private void big(HttpServerResponse response, long bytes) {
    response.putHeader("content-length", Long.toString(bytes));
    new Object() {
      long left = bytes;

      void pump() {
        while (left > 0 && !response.writeQueueFull()) {
          int chunk = (int) Math.min(left, 64 << 10);
          left -= chunk;
          response.write(io.vertx.core.buffer.Buffer.buffer(new byte[chunk]));
        }
        if (left == 0) {
          response.end();
        } else {
          response.drainHandler(drained -> pump());
        }
      }
    }.pump();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
