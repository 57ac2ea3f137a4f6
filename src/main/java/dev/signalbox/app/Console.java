package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.application.ApplicationPlane;
import dev.signalbox.engine.application.configuration.DatabaseIdentity;
import dev.signalbox.engine.application.router.EntryWitness;
import dev.signalbox.engine.database.DatabasePlane;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.journal.PostgresJournal;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.engine.strategy.StrategyPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The engine of one environment with everything it is made of, from the databases up. Closing it
/// closes all of it.
public final class Console implements Engine {
  /// Above the stall budget, so that the conductor gives up before the router lets go by itself.
  private static final Duration HOLD_BEYOND_BUDGET = Duration.ofMillis(500);

  private final Map<Colour, PostgresServer> servers;
  private final PostgresJournal journal;
  private final PostgresLease lease;
  private final ReleaseEngine engine;

  /// Reads the secrets and starts to connect in the background.
  ///
  /// @throws IllegalStateException with a sentence, when a secret cannot be read
  public Console(Environment environment, ReleaseEngine.Role role) {
    this(environment, role, UnaryOperator.identity());
  }

  /// @param tap what tests put between the engine and its journal
  Console(Environment environment, ReleaseEngine.Role role, UnaryOperator<Journal> tap) {
    this(environment, role, tap, UnaryOperator.identity());
  }

  /// @param tap what tests put between the engine and its journal
  /// @param wrap what tests put between the engine and each plane
  Console(
      Environment environment,
      ReleaseEngine.Role role,
      UnaryOperator<Journal> tap,
      UnaryOperator<Plane> wrap) {
    servers = servers(environment);
    List<PostgresServer> both = List.copyOf(servers.values());
    journal = new PostgresJournal(both);
    String name = name();
    lease =
        new PostgresLease(
            both,
            new EntryWitness(
                environment.application().router().control(),
                environment.application().router().token()),
            UUID.randomUUID().toString(),
            name,
            environment.release().lease());
    DatabasePlane database = new DatabasePlane(environment.name(), environment.database(), servers);
    ApplicationPlane application =
        new ApplicationPlane(
            environment.application(),
            addresses(),
            colour ->
                database
                    .identity(colour)
                    .map(i -> new DatabaseIdentity(i.systemIdentifier(), i.database())),
            database::releaseOrigin,
            environment.release().stallBudget().plus(HOLD_BEYOND_BUDGET));
    // The database first: within a stage its steps run before the application's, so that a new
    // application never starts on a database that is not there yet. Queries move last, to a stack
    // that takes writes and traffic already.
    List<Plane> planes = new ArrayList<>(List.of(database, application));
    StrategySettings strategy = environment.strategy();
    if (strategy != null) {
      planes.add(
          new StrategyPlane(
              strategy,
              colour -> database.identity(colour).map(i -> i.systemIdentifier()),
              database::releaseOrigin));
    }
    planes.replaceAll(wrap);
    engine = new ReleaseEngine(environment, planes, tap.apply(journal), lease, name, role).start();
  }

  /// Connects to nothing yet.
  static Map<Colour, PostgresServer> servers(Environment environment) {
    Map<Colour, PostgresServer> servers = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      ServerSettings settings =
          Objects.requireNonNull(environment.database().servers().get(colour));
      servers.put(
          colour,
          new PostgresServer(
              colour,
              new PostgresServer.Coordinates(
                  settings.host(),
                  settings.port(),
                  settings.database(),
                  settings.user(),
                  settings.password().read())));
    }
    return servers;
  }

  private Map<Colour, String> addresses() {
    Map<Colour, String> addresses = new EnumMap<>(Colour.class);
    servers.forEach((colour, server) -> addresses.put(colour, server.coordinates().jdbcUrl()));
    return addresses;
  }

  static String name() {
    String user = Optional.ofNullable(System.getProperty("user.name")).orElse("operator");
    return user + ", process " + ProcessHandle.current().pid();
  }

  @Override
  public EngineSnapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public Subscription observe(Consumer<EngineSnapshot> observer) {
    return engine.observe(observer);
  }

  @Override
  public List<EngineEvent> events(long after, int limit) {
    return engine.events(after, limit);
  }

  @Override
  public CompletionStage<Outcome> submit(Command command) {
    return engine.submit(command);
  }

  @Override
  public void close() {
    engine.close();
    lease.close();
    journal.close();
    servers.values().forEach(PostgresServer::close);
  }
}
