package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the application plane saw: both stacks and the router in front of them.
public record ApplicationView(Instant at, Map<Colour, Stack> stacks, Router router)
    implements PlaneView {
  @Override
  public String id() {
    return "application";
  }

  /// One stack's processes.
  ///
  /// @param version what the stack itself says it is; empty when it does not answer
  public record Stack(Colour colour, Health health, String version, List<Endpoint> endpoints) {}

  /// One checked address.
  ///
  /// @param name for example `backend` or `backend /health/db`
  /// @param streak checks in a row with the same result
  /// @param latency of the last check; zero before the first
  /// @param detail the last failure in a sentence; empty when healthy
  public record Endpoint(
      String name, String address, Health health, int streak, Duration latency, String detail) {}

  /// What stands in front of the stacks.
  ///
  /// @param kind for example `embedded`
  /// @param intended where the engine wants traffic; null before it has said
  /// @param observed where the router says it sends traffic; null when it does not answer
  /// @param holding whether requests wait at the moment
  /// @param held requests that wait now
  /// @param traffic by stack, over the last second
  public record Router(
      String kind,
      boolean reachable,
      @Nullable Colour intended,
      @Nullable Colour observed,
      boolean holding,
      int held,
      Map<Colour, Traffic> traffic) {}

  /// @param share of all requests, 0 to 1
  /// @param requestsPerSecond over the last second
  /// @param p95 of the answer times over the last second
  /// @param errorShare answers of 500 and above and broken connections, 0 to 1
  /// @param inFlight requests that are being answered now
  public record Traffic(
      double share, double requestsPerSecond, Duration p95, double errorShare, int inFlight) {}
}
