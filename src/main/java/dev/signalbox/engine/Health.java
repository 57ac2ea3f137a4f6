package dev.signalbox.engine;

/// The health of an endpoint or a server after hysteresis: several checks in a row decide.
public enum Health {
  UNKNOWN,
  HEALTHY,
  UNHEALTHY,
  /// Not running, and not expected to.
  ABSENT
}
