package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.router.EntryWitness;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Witness;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Every PostgreSQL database of an environment, and which of them keep journal and lease: both
/// sides of the first one, or the one that the environment names for it.
final class Servers {
  private final Environment environment;
  private final Map<String, Map<Colour, PostgresServer>> databases = new LinkedHashMap<>();
  private final List<PostgresServer> journal;

  /// Tries whether the secrets can be read; connects to nothing yet.
  ///
  /// @throws IllegalStateException with a sentence, when a secret cannot be read
  Servers(Environment environment) {
    this.environment = environment;
    for (DatabaseSettings database : environment.databases()) {
      Map<Colour, PostgresServer> sides = new EnumMap<>(Colour.class);
      for (Colour colour : Colour.values()) {
        ServerSettings side = Objects.requireNonNull(database.servers().get(colour));
        String name = database.name().isEmpty() ? colour.id() : colour.id() + " " + database.name();
        sides.put(colour, new PostgresServer(colour, name, coordinates(side)));
      }
      databases.put(database.name(), sides);
    }
    ServerSettings alone = environment.journal();
    this.journal =
        alone == null
            ? List.copyOf(databases.values().iterator().next().values())
            : List.of(
                new PostgresServer(Colour.BLUE, "the journal's database", coordinates(alone)));
  }

  /// The secrets are read again for each connection: who changes one need not start anew. That they
  /// can be read is better known before the first.
  private static PostgresServer.Coordinates coordinates(ServerSettings server) {
    PostgresServer.Coordinates to = PostgresServer.Coordinates.of(server);
    var _ = to.password();
    server.tls().keyPassword().ifPresent(SecretSource::read);
    return to;
  }

  Map<Colour, PostgresServer> of(DatabaseSettings database) {
    return Objects.requireNonNull(databases.get(database.name()));
  }

  /// Those that keep journal and lease.
  List<PostgresServer> journal() {
    return journal;
  }

  /// Those that only have to know who drives.
  private List<PostgresServer> others() {
    List<PostgresServer> others = new ArrayList<>();
    databases.values().forEach(sides -> others.addAll(sides.values()));
    others.removeAll(journal);
    return others;
  }

  /// @param name of the console, for people
  PostgresLease lease(String name) {
    ApplicationSettings application = environment.application();
    return new PostgresLease(
        journal,
        others(),
        application == null ? null : witness(application.router()),
        UUID.randomUUID().toString(),
        name,
        environment.release().lease());
  }

  /// Null when the router cannot tell who drives: then the lease needs both databases.
  private static @Nullable Witness witness(RouterSettings router) {
    return switch (router) {
      case RouterSettings.Entry entry -> new EntryWitness(entry.control(), entry.token());
    };
  }
}
