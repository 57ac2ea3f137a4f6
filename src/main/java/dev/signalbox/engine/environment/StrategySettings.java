package dev.signalbox.engine.environment;

import java.net.URI;
import java.time.Duration;

/// The strategy plane of an environment: its query cluster.
///
/// @param control where the console reaches the cluster's control interface; loopback
/// @param token of the control interface
/// @param drain how long open queries of the old stack may take to end; 1 s to 24 h
/// @param poll how often to look; 100 ms to 60 s
public record StrategySettings(URI control, SecretSource token, Duration drain, Duration poll) {
  /// How long open queries may take to end when nothing else is said.
  public static final Duration USUAL_DRAIN = Duration.ofMinutes(10);

  /// How often to look when nothing else is said.
  public static final Duration USUAL_POLL = Duration.ofSeconds(1);
}
