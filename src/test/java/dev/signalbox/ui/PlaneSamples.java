package dev.signalbox.ui;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Access;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.support.SampleLevers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// States of environments that have several databases, or not every plane.
public final class PlaneSamples {
  private PlaneSamples() {}

  /// All of them, by name.
  public static Map<String, EngineSnapshot> all() {
    Map<String, EngineSnapshot> all = new LinkedHashMap<>();
    all.put("two-databases", twoDatabases());
    all.put("two-databases-idle", idle(twoDatabases()));
    all.put("two-databases-dead", billingDead());
    all.put("two-databases-behind", billingBehind());
    all.put("application-alone", applicationAlone());
    all.put("database-alone", databaseAlone());
    all.put("cluster-alone", clusterAlone());
    return all;
  }

  /// Ready for the cutover of both.
  public static EngineSnapshot twoDatabases() {
    return Samples.ready()
        .with(p -> {
          p.planes = List.of(orders(), billing(), application());
          p.gates = p.gates.stream().flatMap(PlaneSamples::ofEach).toList();
        });
  }

  private static Stream<GateView> ofEach(GateView gate) {
    return gate.id().startsWith("database.")
        ? Stream.of("orders", "billing")
            .map(name ->
                new GateView(
                    gate.id().replace("database.", "database." + name + "."),
                    name + ": " + gate.title(),
                    gate.state(),
                    gate.evidence()))
        : Stream.of(gate);
  }

  /// Billing's green server, which is to take over, does not answer.
  public static EngineSnapshot billingDead() {
    return twoDatabases()
        .with(p -> {
          DatabaseView billing = billing();
          String problem = "Connection to 127.0.0.1:5443 refused. Start the server.";
          Map<Colour, Server> servers = new EnumMap<>(billing.servers());
          servers.put(
              Colour.GREEN,
              Samples.changed(
                  Objects.requireNonNull(billing.servers().get(Colour.GREEN)),
                  false,
                  Samples.NOW.minusSeconds(9),
                  problem,
                  Access.UNKNOWN));
          Direction broken = new Direction(Direction.State.BROKEN, -1, null, 0, 4_800_000, problem);
          p.see(
              new DatabaseView(
                  billing.id(),
                  billing.at(),
                  servers,
                  new DatabaseView.Replication(
                      Colour.BLUE, broken, broken, billing.replication().tables()),
                  billing.consistency(),
                  billing.applications()));
          List<GateView> gates = new ArrayList<>(p.gates);
          gates.add(
              new GateView(
                  "database.billing.servers",
                  "billing: Both databases answer",
                  GateView.State.CLOSED,
                  problem));
          p.gates = gates;
          p.levers = SampleLevers.cutOver("billing: Both databases answer: " + problem);
        });
  }

  /// Billing's green server is a minute behind.
  public static EngineSnapshot billingBehind() {
    DatabaseView billing = billing();
    return twoDatabases()
        .with(p ->
            p.see(
                Samples.replicating(
                    billing,
                    new DatabaseView.Replication(
                        Colour.BLUE,
                        new Direction(
                            Direction.State.STREAMING,
                            912_000_000,
                            Duration.ofSeconds(61),
                            4_000_000,
                            912_000_000,
                            ""),
                        billing.replication().reverse(),
                        billing.replication().tables()))));
  }

  /// An application on a shared database.
  public static EngineSnapshot applicationAlone() {
    return only(ApplicationView.class, gate -> gate.id().startsWith("application."));
  }

  /// A database behind a pooler.
  public static EngineSnapshot databaseAlone() {
    return only(DatabaseView.class, gate -> gate.id().startsWith("database."));
  }

  /// A query cluster.
  public static EngineSnapshot clusterAlone() {
    return Samples.with(Samples.ready(), StrategySamples.steady())
        .with(p -> {
          p.planes = p.planes.stream().filter(StrategyView.class::isInstance).toList();
          p.gates =
              List.of(
                  new GateView(
                      "strategy.cluster", "Cluster on blue", GateView.State.OPEN, "it answers"));
        });
  }

  private static EngineSnapshot only(
      Class<? extends PlaneView> kind, Predicate<GateView> itsGates) {
    return Samples.ready()
        .with(p -> {
          p.planes = p.planes.stream().filter(kind::isInstance).toList();
          p.gates = p.gates.stream().filter(itsGates).toList();
        });
  }

  private static EngineSnapshot idle(EngineSnapshot state) {
    return state.with(p -> {
      p.release = null;
      p.gates = List.of();
      p.levers = Samples.idle().levers();
      p.wayBack = Samples.idle().wayBack();
    });
  }

  private static ApplicationView application() {
    return Objects.requireNonNull(Samples.ready().application());
  }

  private static DatabaseView orders() {
    return named("database.orders", "");
  }

  private static DatabaseView billing() {
    return named("database.billing", "invoice_");
  }

  /// @param prefix of the names of its tables
  private static DatabaseView named(String id, String prefix) {
    DatabaseView view = Objects.requireNonNull(Samples.ready().database());
    Map<Colour, Server> servers = new EnumMap<>(Colour.class);
    view.servers().forEach((colour, server) -> servers.put(colour, prefixed(server, prefix)));
    return new DatabaseView(
        id,
        view.at(),
        servers,
        view.replication(),
        new DatabaseView.Consistency(
            view.consistency().state(),
            1,
            14,
            48_211_904,
            Samples.NOW,
            "14 tables",
            Stream.of("order_items", "orders", "customers")
                .map(table -> new DatabaseView.TableName("public", prefix + table))
                .map(table ->
                    new DatabaseView.Consistency.Compared(
                        table, true, Samples.NOW.minusSeconds(120)))
                .toList()),
        view.applications());
  }

  private static Server prefixed(Server server, String prefix) {
    List<DatabaseView.TableSize> largest =
        server.largest().stream()
            .map(size ->
                new DatabaseView.TableSize(
                    new DatabaseView.TableName("public", prefix + size.table().name()),
                    size.rows(),
                    size.bytes()))
            .toList();
    return new Server(
        server.colour(),
        server.reachable(),
        server.at(),
        server.problem(),
        server.serverVersion(),
        server.position(),
        server.size(),
        server.access(),
        server.connections(),
        server.openTransactions(),
        server.oldestTransaction(),
        server.transactionsPerSecond(),
        server.schemaVersion(),
        server.pendingMigrations(),
        largest);
  }
}
