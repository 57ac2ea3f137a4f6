package dev.signalbox.entry;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bounds what a connection may cost: how many there are, how long one may take to send a header or
/// a body, and how long one may not read its answer. Confined to the event loop.
///
/// An idle timeout alone would not do: a client that sends one byte every few seconds is never
/// idle.
final class ConnectionGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);

  /// Slower bodies than this are an attack or a broken line; bytes a second, on average.
  private static final long SLOWEST_BODY = 64;

  private final EntryConfig.Limits limits;
  private final BooleanSupplier holding;
  private final Map<HttpConnection, Line> lines = new HashMap<>();

  /// @param holding whether requests wait at the moment: then the clients are not to blame
  ConnectionGuard(EntryConfig.Limits limits, BooleanSupplier holding) {
    this.limits = limits;
    this.holding = holding;
  }

  private static final class Line {
    long sinceNanos = System.nanoTime();
    boolean served;
    boolean endless;
    @Nullable HttpServerRequest request;
    @Nullable Runnable onClose;
    long read;
    long written;
    long progressNanos;
  }

  int connections() {
    return lines.size();
  }

  void opened(HttpConnection connection) {
    if (lines.size() >= limits.connections()) {
      close(connection, "there are " + lines.size() + " connections already");
      return;
    }
    lines.put(connection, new Line());
    if (connection instanceof HttpServerConnection http) {
      // The public close handler is silent once a WebSocket has taken the connection over.
      http.channelHandlerContext()
          .channel()
          .closeFuture()
          .addListener(closed -> closed(connection));
    } else {
      connection.closeHandler(closed -> closed(connection));
    }
  }

  private void closed(HttpConnection connection) {
    Line line = lines.remove(connection);
    if (line != null && line.onClose != null) {
      line.onClose.run();
    }
  }

  void began(HttpServerRequest request) {
    Line line = lines.get(request.connection());
    if (line != null) {
      line.request = request;
      line.served = true;
      line.read = 0;
      line.written = 0;
      line.sinceNanos = System.nanoTime();
      line.progressNanos = line.sinceNanos;
    }
  }

  /// Runs `action` when the connection of `request` closes before [#ended].
  void onClose(HttpServerRequest request, Runnable action) {
    Line line = lines.get(request.connection());
    if (line != null) {
      line.onClose = action;
    }
  }

  /// From now on the connection may be silent as long as it likes.
  void endless(HttpServerRequest request) {
    Line line = lines.get(request.connection());
    if (line != null) {
      line.endless = true;
    }
  }

  void ended(HttpServerRequest request) {
    Line line = lines.get(request.connection());
    if (line != null && request.equals(line.request)) {
      line.request = null;
      line.onClose = null;
      line.endless = false;
      line.sinceNanos = System.nanoTime();
    }
  }

  /// Closes what is too slow. To be called about once a second.
  void sweep() {
    long now = System.nanoTime();
    for (Map.Entry<HttpConnection, Line> entry : List.copyOf(lines.entrySet())) {
      String reason = fault(entry.getValue(), now);
      if (!reason.isEmpty()) {
        close(entry.getKey(), reason);
      }
    }
  }

  private String fault(Line line, long now) {
    HttpServerRequest request = line.request;
    if (request == null) {
      long limit = line.served ? limits.idleMillis() : limits.headerMillis();
      return millis(now - line.sinceNanos) > limit ? "it sent no request in time" : "";
    }
    if (holding.getAsBoolean() || line.endless) {
      line.progressNanos = now;
      return "";
    }
    long read = request.bytesRead();
    long written = request.response().bytesWritten();
    boolean reading = !request.isEnded();
    boolean stuck = reading || request.response().writeQueueFull();
    if (read != line.read || written != line.written || !stuck) {
      line.read = read;
      line.written = written;
      line.progressNanos = now;
    }
    if (millis(now - line.progressNanos) > limits.bodyMillis()) {
      return reading ? "its body made no progress" : "it did not read its answer";
    }
    long took = millis(now - line.sinceNanos);
    boolean slow = reading && took > 2 * limits.bodyMillis() && read * 1000 / took < SLOWEST_BODY;
    return slow ? "its body came too slowly" : "";
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static void close(HttpConnection connection, String reason) {
    LOG.info("Closing the connection of {}: {}", connection.remoteAddress(), reason);
    connection
        .close()
        .onFailure(e -> LOG.debug("It was closed already: {}", String.valueOf(e.getMessage())));
  }
}
