package dev.signalbox.cluster.query;

/// What the last look at an engine's server showed.
///
/// @param problem why it is not reachable, in a sentence; else empty
/// @param systemIdentifier of its cluster of databases; empty when the role may not see it
public record EngineHealth(
    boolean reachable, String problem, String serverVersion, String systemIdentifier) {
  static final EngineHealth UNSEEN = new EngineHealth(false, "It was not looked at yet.", "", "");

  /// The same server as before does not answer.
  EngineHealth lost(String why) {
    return new EngineHealth(false, why, serverVersion, systemIdentifier);
  }
}
