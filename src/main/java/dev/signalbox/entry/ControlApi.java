package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The control interface: `GET /state`, and `POST /announce`, `/hold`, `/route`, `/release` with a
/// JSON object each; `GET /lease`, and `POST /lease/claim`, `/lease/renew`, `/lease/release` for
/// who drives. All carry the bearer token; commands carry the fencing epoch. Confined to the event
/// loop; files are written on a worker, one change after the other, and what could not be written
/// is not obeyed.
final class ControlApi {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
  private static final long LONGEST_HOLD = 60_000;
  private static final int MOST_COMMAND = 16 << 10;
  private static final int MOST_LISTED = 50;
  private static final long NO_DEFAULT = Long.MIN_VALUE;

  private final WorkerExecutor worker;
  private final byte[] authorization;
  private final RouteFile file;
  private final ClaimFile claimFile;
  private final LeaseClaim claims;
  private final RequestGate gate;
  private final Forwarder forwarder;
  private final ConnectionGuard guard;
  private final long startedAt = System.currentTimeMillis();

  /// What is obeyed, which is what the file says.
  private RouteState accepted;

  /// The last change of a file that was begun.
  private Future<?> last = Future.succeededFuture();

  ControlApi(
      Vertx vertx,
      String token,
      RouteFile file,
      ClaimFile claimFile,
      ClaimFile.Stored claim,
      RouteState state,
      RequestGate gate,
      Forwarder forwarder,
      ConnectionGuard guard) {
    // One thread, so that files are written in the order of the commands.
    this.worker = vertx.createSharedWorkerExecutor("route-file", 1);
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.file = file;
    this.accepted = state;
    this.claimFile = claimFile;
    this.claims = new LeaseClaim(claim, () -> accepted.epoch());
    this.gate = gate;
    this.forwarder = forwarder;
    this.guard = guard;
  }

  /// A command that cannot be obeyed.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int status;
    final boolean deposed;

    Refusal(int status, String sentence) {
      this(status, sentence, false);
    }

    Refusal(int status, String sentence, boolean deposed) {
      super(sentence, null, false, false);
      this.status = status;
      this.deposed = deposed;
    }
  }

  void handle(HttpServerRequest request) {
    String given = request.getHeader("authorization");
    byte[] bytes = (given == null ? "" : given).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(bytes, authorization)) {
      Answers.sentence(request, 401, "The control interface of the entry wants its bearer token.");
      return;
    }
    String path = request.path();
    if (request.method().name().equals("GET") && "/state".equals(path)) {
      Answers.json(request, 200, state());
      return;
    }
    if (request.method().name().equals("GET") && "/lease".equals(path)) {
      Answers.json(request, 200, claims.answer(true));
      return;
    }
    if (!request.method().name().equals("POST")) {
      Answers.sentence(request, 405, "The entry knows GET /state, GET /lease and POST commands.");
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() + chunk.length() <= MOST_COMMAND) {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(end ->
        Future.<ObjectNode>future(
                promise -> command(path == null ? "" : path, body).onComplete(promise))
            .onSuccess(answer -> Answers.json(request, 200, answer))
            .onFailure(failure -> refuse(request, failure)));
  }

  private static void refuse(HttpServerRequest request, Throwable failure) {
    int status = failure instanceof Refusal refusal ? refusal.status : 500;
    if (status == 500) {
      LOG.error("A control command failed", failure);
    }
    String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    ObjectNode answer = Answers.JSON.createObjectNode();
    answer.put("error", status == 500 ? "The entry could not do it: " + why : why);
    if (failure instanceof Refusal refusal && refusal.deposed) {
      answer.put("deposed", true);
    }
    Answers.json(request, status, answer);
  }

  private Future<ObjectNode> command(String path, Buffer body) {
    JsonNode node;
    try {
      node = Answers.JSON.readTree(body.getBytes());
    } catch (JacksonException e) {
      return Future.failedFuture(new Refusal(400, "The command is not valid JSON."));
    }
    try {
      return switch (path) {
        case "/announce" -> announce(node);
        case "/hold" -> hold(node);
        case "/route" -> route(node);
        case "/release" -> release(node);
        case "/lease/claim" -> {
          ClaimFile.Stored wanted = claim(node);
          boolean force = node.path("force").booleanValue(false);
          yield inTurn(() -> keep(wanted, claims.mayClaim(wanted, force)));
        }
        case "/lease/renew" -> {
          ClaimFile.Stored wanted = claim(node);
          yield inTurn(() -> keep(wanted, claims.mayRenew(wanted)));
        }
        case "/lease/release" -> {
          long epoch = epoch(node);
          yield inTurn(() -> giveBack(epoch, node.path("holder").asString("")));
        }
        default ->
            Future.failedFuture(new Refusal(404, "The entry knows no command " + path + "."));
      };
    } catch (Refusal e) {
      return Future.failedFuture(e);
    }
  }

  /// Makes the epoch durable, writes the next route beside the state file, and warms the stack up:
  /// all that a switch would otherwise wait for.
  private Future<ObjectNode> announce(JsonNode node) {
    long epoch = epoch(node);
    Colour to = colour(node);
    int count = (int) number(node, "warm", 0, 64, 0);
    return obey(epoch)
        .compose(durable -> rehearse(to, epoch))
        .compose(written -> forwarder.warm(to, count))
        .map(warm -> state().put("warm", warm));
  }

  /// Goes once through all that a switch does, without moving anything, so that the switch finds
  /// its code loaded and the disk awake. The hold ends in the same turn of the event loop: no
  /// request can come in between.
  private Future<Void> rehearse(Colour to, long epoch) {
    if (!gate.holding()) {
      gate.hold(LONGEST_HOLD, 0);
      gate.release();
    }
    return inTurn(() -> {
      RouteState now = accepted;
      RouteState next = accepted.routedTo(to, epoch);
      return onWorker(() -> {
        file.prepare(now);
        file.commit();
        file.synchronise();
        file.prepare(next);
      });
    });
  }

  private Future<ObjectNode> hold(JsonNode node) {
    long epoch = epoch(node);
    long longest = number(node, "maxMillis", 1, LONGEST_HOLD, NO_DEFAULT);
    long drain = number(node, "drainMillis", 0, LONGEST_HOLD, 0);
    return obey(epoch)
        .compose(durable -> {
          // Another driver may have come while the epoch was written.
          refuseOlder(epoch);
          long began = System.nanoTime();
          int before = gate.inFlight().size();
          return gate.hold(longest, drain)
              .map(drained -> {
                int left = gate.inFlight().size();
                return state()
                    .put("drained", Math.max(0, before - left))
                    .put("drainMicros", micros(System.nanoTime() - began));
              });
        });
  }

  /// Routes and, unless told otherwise, ends the hold. The new route is in place on disk before the
  /// first request follows it; the folder is synchronised while the requests already run.
  private Future<ObjectNode> route(JsonNode node) {
    long epoch = epoch(node);
    Colour to = colour(node);
    boolean release = node.path("release").asBoolean(true);
    long expected = number(node, "ifGeneration", 0, Long.MAX_VALUE, -1);
    return inTurn(
            () -> {
              refuseOlder(epoch);
              if (expected >= 0 && expected != accepted.generation()) {
                throw new Refusal(
                    409,
                    "The route has changed meanwhile: the command is for generation "
                        + expected
                        + ", the entry is at "
                        + accepted.generation()
                        + ". Look again.");
              }
              RouteState next = accepted.routedTo(to, epoch);
              return onWorker(
                      () -> {
                        file.prepare(next);
                        file.commit();
                      })
                  .map(written -> routed(next, release));
            })
        .compose(switched ->
            onWorker(file::synchronise)
                .map(durable ->
                    state()
                        .put("released", switched.released())
                        .put("heldMicros", micros(switched.heldNanos()))
                        .put("holdExpired", switched.expired())));
  }

  private record Switched(int released, long heldNanos, boolean expired) {}

  private Switched routed(RouteState next, boolean release) {
    accepted = next;
    long held = gate.heldNanos();
    boolean expired = gate.expired();
    gate.routeTo(next.route());
    for (Colour colour : Colour.values()) {
      forwarder.meter(colour).routed();
    }
    int released = release ? gate.release() : 0;
    LOG.info("Traffic goes to {} (generation {})", next.route(), next.generation());
    return new Switched(released, held, expired);
  }

  private Future<ObjectNode> release(JsonNode node) {
    long epoch = epoch(node);
    return obey(epoch)
        .map(durable -> {
          refuseOlder(epoch);
          long held = gate.heldNanos();
          return state(gate.release()).put("heldMicros", micros(held));
        });
  }

  private static ClaimFile.Stored claim(JsonNode node) {
    return new ClaimFile.Stored(
        epoch(node),
        node.path("holder").asString(""),
        node.path("name").asString(""),
        number(node, "ttlMillis", 1, LONGEST_HOLD, NO_DEFAULT));
  }

  /// Answers when the claim and its epoch are on disk; a renewal changes neither. In its turn.
  private Future<ObjectNode> keep(ClaimFile.Stored wanted, boolean granted) {
    if (!granted) {
      return Future.succeededFuture(claims.answer(false));
    }
    Future<Void> stored =
        wanted.equals(claims.claim())
            ? Future.succeededFuture()
            : take(wanted.epoch()).compose(durable -> onWorker(() -> claimFile.write(wanted)));
    return stored.map(durable -> {
      claims.keep(wanted);
      return claims.answer(true);
    });
  }

  /// In its turn.
  private Future<ObjectNode> giveBack(long epoch, String holder) {
    return claims.release(epoch, holder)
        ? onWorker(() -> claimFile.write(claims.claim())).map(durable -> claims.answer(true))
        : Future.succeededFuture(claims.answer(false));
  }

  /// Completes when `epoch` is the highest seen and on disk.
  private Future<Void> obey(long epoch) {
    return inTurn(() -> take(epoch));
  }

  /// In its turn.
  private Future<Void> take(long epoch) {
    refuseOlder(epoch);
    if (epoch == accepted.epoch()) {
      return Future.succeededFuture();
    }
    RouteState next = accepted.withEpoch(epoch);
    return onWorker(
            () -> {
              file.prepare(next);
              file.commit();
              file.synchronise();
            })
        .map(durable -> {
          accepted = next;
          return null;
        });
  }

  /// Begins a change when the one before it is on disk or has failed: what is decided by is what is
  /// written.
  private <T> Future<T> inTurn(Supplier<Future<T>> change) {
    Future<T> mine = last.transform(before -> change.get());
    last = mine;
    return mine;
  }

  private void refuseOlder(long epoch) {
    if (epoch < accepted.epoch()) {
      throw new Refusal(
          409,
          "This console was deposed: its epoch is "
              + epoch
              + ", the entry has obeyed "
              + accepted.epoch()
              + ". Nothing was changed.",
          true);
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private Future<Void> onWorker(Writing writing) {
    return worker.executeBlocking(() -> {
      writing.run();
      return null;
    });
  }

  private static long epoch(JsonNode node) {
    return number(node, "epoch", 0, Long.MAX_VALUE, NO_DEFAULT);
  }

  private static Colour colour(JsonNode node) {
    String text = node.path("to").asString("");
    try {
      return Colour.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "'to' must be blue or green.");
    }
  }

  private static long number(JsonNode node, String field, long least, long most, long otherwise) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() && otherwise != NO_DEFAULT) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > most) {
      throw new Refusal(
          400, "'" + field + "' must be a whole number from " + least + " to " + most + ".");
    }
    return value.longValue();
  }

  private ObjectNode state(int released) {
    return state().put("released", released);
  }

  ObjectNode state() {
    long now = System.nanoTime();
    ObjectNode node = Answers.JSON.createObjectNode();
    node.put("route", gate.route().id());
    node.put("generation", accepted.generation());
    node.put("epoch", accepted.epoch());
    node.put("holding", gate.holding());
    node.put("waiting", gate.waiting());
    node.put("holdExpired", gate.expired());
    node.put("refused", gate.refused());
    node.put("connections", guard.connections());
    node.put("pid", ProcessHandle.current().pid());
    node.put("startedAt", startedAt);
    List<Exchange> inFlight = gate.inFlight();
    ArrayNode list = node.putArray("inFlight");
    for (Exchange exchange : inFlight) {
      if (!exchange.endless && list.size() < MOST_LISTED) {
        list.addObject()
            .put("request", exchange.label())
            .put("stack", exchange.colour.id())
            .put("writes", exchange.writes())
            .put("millis", TimeUnit.NANOSECONDS.toMillis(now - exchange.startedNanos));
      }
    }
    ObjectNode stacks = node.putObject("stacks");
    for (Colour colour : Colour.values()) {
      TrafficMeter.Reading reading = forwarder.meter(colour).read(now);
      stacks
          .putObject(colour.id())
          .put("requests", reading.totalRequests())
          .put("errors", reading.totalErrors())
          .put("resets", reading.resets())
          .put("sinceRoute", reading.sinceRoute())
          .put("perSecond", reading.requests())
          .put("errorsPerSecond", reading.errors())
          .put("p95Micros", micros(reading.p95Nanos()))
          .put("inFlight", gate.inFlight(colour));
    }
    return node;
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }
}
