package dev.signalbox.engine.application.router;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What a router said of itself, with the answer to a command or alone. One that knows no more than
/// its route says [#atRoute].
///
/// @param route where requests go, or will go when a hold ends
/// @param generation rises with each routing command
/// @param epoch the highest it has obeyed
/// @param waiting requests that wait now
/// @param holdExpired whether the last hold ended by itself
/// @param inFlight what is being answered now, without endless streams; at most 50
/// @param stacks empty when it cannot count
/// @param drained requests that finished while the entry waited; in the answer to a hold
/// @param released requests that went on; in the answer to a route or a release
/// @param held how long requests had waited when they were released; zero in other answers
/// @param warm how many warm-up requests the target answered; in the answer to an announcement
public record RouterState(
    Colour route,
    long generation,
    long epoch,
    boolean holding,
    int waiting,
    boolean holdExpired,
    List<Request> inFlight,
    Map<Colour, Upstream> stacks,
    int drained,
    int released,
    Duration held,
    int warm) {
  /// @param request method and path
  /// @param writes whether its method may change something
  public record Request(String request, Colour stack, boolean writes, Duration since) {
    @Override
    public String toString() {
      return request + " on " + stack + " (" + DurationText.words(since) + ")";
    }
  }

  /// @param sinceRoute requests sent to this stack since the last routing command
  /// @param perSecond and errorsPerSecond over the last second
  public record Upstream(
      long requests,
      long errors,
      long resets,
      long sinceRoute,
      int perSecond,
      int errorsPerSecond,
      Duration p95,
      int inFlight) {}

  /// Of a router that neither holds nor counts.
  public static RouterState atRoute(Colour route, long generation, long epoch) {
    return new RouterState(
        route, generation, epoch, false, 0, false, List.of(), Map.of(), 0, 0, Duration.ZERO, 0);
  }

  /// Of a router that counts.
  public Upstream stack(Colour colour) {
    return java.util.Objects.requireNonNull(stacks.get(colour), "this router does not count");
  }

  /// Those of the requests in flight on `colour` that may change something.
  public List<Request> writesOn(Colour colour) {
    return inFlight.stream()
        .filter(request -> request.writes() && request.stack() == colour)
        .toList();
  }

  /// For a sentence; at most five of them.
  public static String list(List<Request> requests) {
    String shown =
        requests.stream().limit(5).map(Request::toString).collect(Collectors.joining(", "));
    return requests.size() > 5 ? shown + " and " + (requests.size() - 5) + " more" : shown;
  }

  static RouterState of(JsonNode node) {
    Map<Colour, Upstream> stacks = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      JsonNode stack = node.required("stacks").required(colour.id());
      stacks.put(
          colour,
          new Upstream(
              stack.required("requests").longValue(),
              stack.required("errors").longValue(),
              stack.required("resets").longValue(),
              stack.required("sinceRoute").longValue(),
              stack.required("perSecond").intValue(),
              stack.required("errorsPerSecond").intValue(),
              micros(stack.required("p95Micros").longValue()),
              stack.required("inFlight").intValue()));
    }
    List<Request> inFlight =
        node.required("inFlight")
            .valueStream()
            .map(one ->
                new Request(
                    one.required("request").asString(),
                    Colour.parse(one.required("stack").asString()),
                    one.required("writes").booleanValue(),
                    Duration.ofMillis(one.required("millis").longValue())))
            .toList();
    return new RouterState(
        Colour.parse(node.required("route").asString()),
        node.required("generation").longValue(),
        node.required("epoch").longValue(),
        node.required("holding").booleanValue(),
        node.required("waiting").intValue(),
        node.required("holdExpired").booleanValue(),
        inFlight,
        stacks,
        node.path("drained").asInt(0),
        node.path("released").asInt(0),
        micros(node.path("heldMicros").asLong(0)),
        node.path("warm").asInt(0));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
