package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Stage;
import java.time.Duration;
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
    return Channel.of(
        settings.name().isEmpty() ? environment : environment + "/" + settings.name(), colour);
  }

  /// A step of this database's plane.
  DatabaseStep step(
      String verb,
      String title,
      Stage stage,
      Duration timeout,
      DatabaseStep.See see,
      DatabaseStep.Act act,
      DatabaseStep.TakeBack takeBack) {
    return new DatabaseStep(
        settings.plane() + "." + verb, titled(title), stage, timeout, see, act, takeBack);
  }

  /// One outside a move.
  DatabaseStep work(
      String verb,
      String title,
      Duration timeout,
      DatabaseStep.See see,
      DatabaseStep.Act act,
      DatabaseStep.TakeBack takeBack) {
    return step(verb, title, Stage.WORK, timeout, see, act, takeBack);
  }

  /// Names the database, where there are several.
  String titled(String title) {
    return settings.name().isEmpty() ? title : title + " (" + settings.name() + ")";
  }

  List<String> schemas() {
    return settings.schemas();
  }
}
