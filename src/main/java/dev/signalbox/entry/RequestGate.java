package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets requests through, or lets them wait while traffic moves. Confined to the event loop, so
/// that there is no moment at which a request is neither in flight nor waiting.
///
/// Waiting requests are paused: what a client goes on sending stays in the network.
final class RequestGate {
  private static final long BUFFERED = 64 << 10;

  private final Vertx vertx;
  private final EntryConfig.Limits limits;
  private final Consumer<Exchange> forward;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private final Set<Exchange> inFlight = new LinkedHashSet<>();
  private final List<Promise<Void>> drains = new ArrayList<>();

  private Colour route;
  private boolean holding;
  private long heldSinceNanos;
  private long heldBytes;
  private long expiry = -1;
  private boolean expired;
  private long refused;

  private record Waiting(HttpServerRequest request, long bytes) {}

  /// @param forward sends an admitted request to its stack; must see to [#ended]
  RequestGate(Vertx vertx, EntryConfig.Limits limits, Colour route, Consumer<Exchange> forward) {
    this.vertx = vertx;
    this.limits = limits;
    this.route = route;
    this.forward = forward;
  }

  Colour route() {
    return route;
  }

  boolean holding() {
    return holding;
  }

  int waiting() {
    return waiting.size();
  }

  /// Whether the last hold ended by itself.
  boolean expired() {
    return expired;
  }

  /// Requests that found the queue full, since the start.
  long refused() {
    return refused;
  }

  long heldNanos() {
    return holding ? System.nanoTime() - heldSinceNanos : 0;
  }

  List<Exchange> inFlight() {
    return List.copyOf(inFlight);
  }

  int inFlight(Colour colour) {
    int count = 0;
    for (Exchange exchange : inFlight) {
      if (exchange.colour == colour) {
        count++;
      }
    }
    return count;
  }

  void admit(HttpServerRequest request) {
    if (!holding) {
      forward(request);
      return;
    }
    Waiting one = new Waiting(request, bytes(request));
    if (waiting.size() >= limits.heldRequests() || heldBytes + one.bytes > limits.heldBytes()) {
      refused++;
      Answers.sentence(
          request,
          503,
          "The service is changing over and too many requests wait already. Try again in a second.");
      return;
    }
    request.pause();
    heldBytes += one.bytes;
    waiting.add(one);
    // A client that gives up must not have its request carried out after the switch.
    request.response().closeHandler(gone -> forget(one));
    request.exceptionHandler(broken -> forget(one));
  }

  private void forget(Waiting one) {
    if (waiting.remove(one)) {
      heldBytes -= one.bytes;
    }
  }

  private void forward(HttpServerRequest request) {
    Exchange exchange = new Exchange(request, route, System.nanoTime());
    inFlight.add(exchange);
    forward.accept(exchange);
  }

  /// The answer is out, or the client is gone.
  void ended(Exchange exchange) {
    inFlight.remove(exchange);
    settle();
  }

  /// Looks again whether a hold has drained.
  void settle() {
    if (!drains.isEmpty() && drained()) {
      List<Promise<Void>> done = List.copyOf(drains);
      drains.clear();
      done.forEach(Promise::tryComplete);
    }
  }

  private boolean drained() {
    return inFlight.stream().allMatch(exchange -> exchange.endless);
  }

  /// Requests wait from now on. Completes when those in flight have their answers, or after
  /// `drainMillis` without.
  ///
  /// @param maxMillis after which the hold ends by itself; a second call begins that time anew
  Future<Void> hold(long maxMillis, long drainMillis) {
    if (!holding) {
      holding = true;
      heldSinceNanos = System.nanoTime();
    }
    expired = false;
    cancelExpiry();
    expiry = vertx.setTimer(Math.max(1, maxMillis), timer -> expire());
    if (drained()) {
      return Future.succeededFuture();
    }
    Promise<Void> drain = Promise.promise();
    drains.add(drain);
    long timer = vertx.setTimer(Math.max(1, drainMillis), late -> drain.tryComplete());
    return drain
        .future()
        .onComplete(done -> {
          vertx.cancelTimer(timer);
          drains.remove(drain);
        });
  }

  private void expire() {
    expired = true;
    release();
  }

  /// Where requests go that are admitted from now on.
  void routeTo(Colour colour) {
    route = colour;
  }

  /// Ends a hold; waiting requests go on in the order in which they came, before any newer one.
  ///
  /// @return how many waited
  int release() {
    cancelExpiry();
    holding = false;
    List<Promise<Void>> watching = List.copyOf(drains);
    drains.clear();
    watching.forEach(Promise::tryComplete);
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    heldBytes = 0;
    for (Waiting one : all) {
      forward(one.request);
    }
    return all.size();
  }

  private void cancelExpiry() {
    if (expiry >= 0) {
      vertx.cancelTimer(expiry);
      expiry = -1;
    }
  }

  /// What a waiting request occupies here: its header, and what may be buffered of its body.
  private static long bytes(HttpServerRequest request) {
    long bytes = 512L + request.uri().length();
    for (var header : request.headers()) {
      bytes += (long) header.getKey().length() + header.getValue().length();
    }
    @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    return bytes + (chunked ? BUFFERED : length == null ? 0 : Math.min(BUFFERED, number(length)));
  }

  private static long number(String text) {
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      // The proxy refuses such a request later; until then count the most it may occupy.
      return BUFFERED;
    }
  }
}
