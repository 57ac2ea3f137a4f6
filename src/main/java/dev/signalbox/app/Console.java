package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.application.ApplicationPlane;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.database.DatabasePlane;
import dev.signalbox.engine.database.pgbouncer.PgBouncerRoute;
import dev.signalbox.engine.database.replication.Subscription;
import dev.signalbox.engine.database.route.CommandRoute;
import dev.signalbox.engine.database.route.DatabaseRoute;
import dev.signalbox.engine.database.route.FileRoute;
import dev.signalbox.engine.database.route.MultiHostRoute;
import dev.signalbox.engine.database.route.SharedFileRoute;
import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.database.route.SwitchedRoute;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.journal.PostgresJournal;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.Identity;
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
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The engine of one environment with everything it is made of, from the databases up. Closing it
/// closes all of it.
public final class Console implements Engine {
  /// Above the stall budget, so that the conductor gives up before the router lets go by itself.
  private static final Duration HOLD_BEYOND_BUDGET = Duration.ofMillis(500);

  private final Servers servers;
  private final Probe probe = new Probe();
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
    servers = new Servers(environment);
    journal = new PostgresJournal(servers.journal());
    String name = name();
    lease = servers.lease(name);
    List<Plane> planes = new ArrayList<>();
    // The databases first: within a stage their steps run before the application's, so that a new
    // application never starts on a database that is not there yet. Queries move last, to a stack
    // that takes writes and traffic already.
    for (DatabaseSettings database : environment.databases()) {
      planes.add(
          new DatabasePlane(
              environment.name(),
              database,
              servers.of(database),
              stackRoutes(database),
              switchedRoutes(database)));
    }
    if (environment.application() != null) {
      planes.add(
          new ApplicationPlane(
              environment.application(),
              router(environment.application().router()),
              probe,
              environment.release().stallBudget().plus(HOLD_BEYOND_BUDGET),
              !environment.databases().isEmpty()));
    }
    if (environment.strategy() != null) {
      planes.add(new StrategyPlane(environment.strategy(), system(planes)));
    }
    planes.replaceAll(wrap);
    engine = new ReleaseEngine(environment, planes, tap.apply(journal), lease, name, role).start();
  }

  private static Router router(RouterSettings settings) {
    return switch (settings) {
      case RouterSettings.Entry entry -> new EntryRouter(entry.control(), entry.token());
    };
  }

  /// Those that tell each stack its own database.
  private List<DatabaseRoute> stackRoutes(DatabaseSettings database) {
    List<DatabaseRoute> routes = new ArrayList<>();
    for (RouteSettings route : database.routes()) {
      if (route instanceof RouteSettings.Files(Map<Colour, StackFile> stacks)) {
        routes.add(new FileRoute(stacks, urls(database), probe));
      }
    }
    return routes;
  }

  /// Those that a move leads from one side to the other.
  private List<SwitchedRoute> switchedRoutes(DatabaseSettings database) {
    Map<Colour, SideAddress> sides = new EnumMap<>(Colour.class);
    servers
        .of(database)
        .forEach((colour, server) -> {
          PostgresServer.Coordinates at = server.coordinates();
          sides.put(colour, new SideAddress(at.host(), at.port(), at.database()));
        });
    List<SwitchedRoute> routes = new ArrayList<>();
    for (RouteSettings route : database.routes()) {
      switch (route) {
        case RouteSettings.Files _ -> {
          // Each stack has its own: see stackRoutes.
        }
        case RouteSettings.SharedFile(StackFile file) ->
            routes.add(new SharedFileRoute(file, urls(database), probe));
        case RouteSettings.PgBouncers(List<PgBouncer> instances) ->
            routes.add(new PgBouncerRoute(instances, sides));
        case RouteSettings.Command command -> routes.add(new CommandRoute(command, sides));
        case RouteSettings.MultiHost() -> routes.add(new MultiHostRoute(servers.of(database)));
      }
    }
    return routes;
  }

  private Map<Colour, String> urls(DatabaseSettings database) {
    Map<Colour, String> addresses = new EnumMap<>(Colour.class);
    servers
        .of(database)
        .forEach((colour, server) -> addresses.put(colour, server.coordinates().jdbcUrl()));
    return addresses;
  }

  /// Which server the queries of each stack must be answered by: that of the first database; null
  /// without one.
  private static @Nullable Function<Colour, Optional<String>> system(List<Plane> planes) {
    return planes.stream()
        .filter(DatabasePlane.class::isInstance)
        .map(DatabasePlane.class::cast)
        .findFirst()
        .<Function<Colour, Optional<String>>>map(
            database -> colour -> database.identity(colour).map(Identity::systemIdentifier))
        .orElse(null);
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
    probe.close();
  }
}
