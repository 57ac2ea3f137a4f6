package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The database plane of an environment.
///
/// @param servers how the console reaches each server
/// @param migrations folder with `V…__….sql` and `U…__….sql`
/// @param schemas whose tables belong to the service; not `signalbox`
/// @param maxLag above which the gate is closed; 1 ms to 1 h
/// @param poll how often to look; 100 ms to 60 s
public record DatabaseSettings(
    Map<Colour, ServerSettings> servers,
    Path migrations,
    List<String> schemas,
    Duration maxLag,
    Duration poll) {
  /// @param host as the console and the other server reach it
  public record ServerSettings(
      String host, int port, String database, String user, SecretSource password) {}
}
