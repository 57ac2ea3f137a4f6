package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.postgres.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Both servers of an environment and what is configured for them.
///
/// @param environment its name; the replication objects are named after it
record DatabasePair(
    String environment, DatabaseSettings settings, Map<Colour, PostgresServer> servers) {
  PostgresServer server(Colour colour) {
    return Objects.requireNonNull(servers.get(colour), () -> "no server for " + colour);
  }

  Channel from(Colour colour) {
    return Channel.of(environment, colour);
  }

  List<String> schemas() {
    return settings.schemas();
  }
}
