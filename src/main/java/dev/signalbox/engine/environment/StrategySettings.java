package dev.signalbox.engine.environment;

import java.net.URI;
import java.time.Duration;

/// The strategy plane of an environment: its query cluster.
///
/// @param control where the console reaches the cluster's control interface; loopback
/// @param token of the control interface
/// @param drain how long a move waits for open queries of the old stack to end; 1 s to 1 h
/// @param poll how often to look; 100 ms to 60 s
public record StrategySettings(URI control, SecretSource token, Duration drain, Duration poll) {}
