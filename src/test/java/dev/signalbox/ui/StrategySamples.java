package dev.signalbox.ui;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.engine.StrategyView.Engine;
import dev.signalbox.engine.StrategyView.Fleet;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.engine.StrategyView.Phase;
import dev.signalbox.engine.StrategyView.Pinned;
import dev.signalbox.engine.StrategyView.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// States of the strategy plane to draw and test the window with. The figures are invented.
public final class StrategySamples {
  private static final Rates USUAL = new Rates(41, 512, 0.0004, 11.4, 0.994);
  private static final String[] NAMES = {
    "orders-backend",
    "reports",
    "billing-worker",
    "search-indexer",
    "dashboard",
    "exports",
    "fraud-score",
    "notebook-anna"
  };
  private static final String[] SQL = {
    "SELECT region, sum(amount) FROM orders WHERE placed_at > now() - interval '1 day'\nGROUP BY 1",
    "SELECT * FROM order_items ORDER BY id",
    "WITH late AS (SELECT id FROM orders WHERE shipped_at IS NULL)\nSELECT count(*) FROM late",
    "SELECT customer_id, max(placed_at) FROM orders GROUP BY customer_id",
  };

  private Instant at = Samples.NOW;
  private boolean reachable = true;
  private String problem = "";
  private Phase phase = Phase.STEADY;
  private @Nullable Colour live = Colour.BLUE;
  private @Nullable Colour announced;
  private boolean suspended;
  private List<OpenQuery> queries = queries(9, 3, Colour.BLUE);
  private List<Client> clients = clients(8, Colour.BLUE);
  private Rates rates = USUAL;
  private long wrongBlue;
  private long wrongGreen = 4;

  private StrategySamples() {}

  /// All of them, by name, each in an environment that suits it.
  public static Map<String, EngineSnapshot> all() {
    Map<String, EngineSnapshot> all = new LinkedHashMap<>();
    all.put("strategy-steady", Samples.with(Samples.ready(), steady()));
    all.put("strategy-draining", Samples.with(Samples.switching(), draining()));
    all.put("strategy-drained", Samples.with(Samples.switching(), drained()));
    all.put("strategy-green", Samples.with(Samples.after(), green()));
    all.put("strategy-unreachable", Samples.with(Samples.greenDead(), unreachable()));
    all.put("strategy-suspended", Samples.with(Samples.ready(), suspended()));
    all.put("strategy-silent", Samples.with(Samples.ready(), noneReporting()));
    all.put("strategy-too-much", Samples.with(Samples.tooMuch(), tooMuch()));
    all.put("strategy-none", Samples.with(Samples.ready(), null));
    return all;
  }

  public static StrategyView steady() {
    return new StrategySamples().build();
  }

  /// Green is announced; one query on blue does not end.
  public static StrategyView draining() {
    StrategySamples s = new StrategySamples();
    s.phase = Phase.DRAINING;
    s.announced = Colour.GREEN;
    List<OpenQuery> open = new ArrayList<>();
    open.add(
        new OpenQuery(
            "q-7f3a91",
            Colour.BLUE,
            "anna",
            SQL[1],
            Duration.ofSeconds(754),
            "fetching",
            31_880_530,
            "notebook-anna",
            "10.4.2.17:51240"));
    open.add(query(1, Colour.BLUE, 41_000));
    open.addAll(queries(5, 1, Colour.GREEN));
    s.queries = open;
    List<Client> moving = new ArrayList<>(clients(8, Colour.GREEN));
    moving.set(0, client(0, "transitioning", Colour.BLUE, Colour.GREEN, 1, 41, ""));
    moving.set(7, client(7, "transitioning", Colour.BLUE, Colour.GREEN, 1, 754, ""));
    s.clients = moving;
    s.rates = new Rates(38, 490, 0.018, 14.2, 0.981);
    return s.build();
  }

  public static StrategyView drained() {
    StrategySamples s = new StrategySamples();
    s.phase = Phase.DRAINED;
    s.announced = Colour.GREEN;
    s.queries = queries(6, 2, Colour.GREEN);
    s.clients = clients(8, Colour.GREEN);
    return s.build();
  }

  public static StrategyView green() {
    StrategySamples s = new StrategySamples();
    s.live = Colour.GREEN;
    s.queries = queries(7, 2, Colour.GREEN);
    s.clients = clients(8, Colour.GREEN);
    s.wrongBlue = 12;
    s.rates = new Rates(41, 512, 0.062, 118, 0.93);
    return s.build();
  }

  public static StrategyView unreachable() {
    StrategySamples s = new StrategySamples();
    s.reachable = false;
    s.phase = Phase.UNKNOWN;
    s.problem = "127.0.0.1:9001 refused the connection at 14:31:58 UTC.";
    return s.build();
  }

  public static StrategyView suspended() {
    StrategySamples s = new StrategySamples();
    s.phase = Phase.SUSPENDED;
    s.suspended = true;
    s.queries = List.of();
    List<Client> failing = new ArrayList<>(clients(6, Colour.BLUE));
    failing.set(1, client(1, "error", null, null, 0, 0, "UNAVAILABLE: status: 503"));
    failing.set(4, client(4, "detecting", null, null, 0, 0, "UNAVAILABLE: status: 503"));
    s.clients = failing;
    s.rates = new Rates(0, 3.2, 0, 42, Double.NaN);
    return s.build();
  }

  public static StrategyView noneReporting() {
    StrategySamples s = new StrategySamples();
    s.queries = List.of();
    s.clients = List.of();
    s.rates = new Rates(0, 0, 0, Double.NaN, Double.NaN);
    return s.build();
  }

  /// 10,000 clients with long names, 500 queries.
  public static StrategyView tooMuch() {
    return fleet(10_000, 0);
  }

  /// As many clients and 500 queries; every figure moves with `second`.
  public static StrategyView fleet(int count, int second) {
    StrategySamples s = new StrategySamples();
    s.at = Samples.NOW.plusSeconds(second);
    s.phase = Phase.DRAINING;
    s.announced = Colour.GREEN;
    List<OpenQuery> open = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Colour colour = i % 3 == 0 ? Colour.GREEN : Colour.BLUE;
      open.add(query(i, colour, (500 - i) * 3_700L + second * 1_000L));
    }
    open.sort(Comparator.comparing(OpenQuery::age).reversed());
    s.queries = open;
    List<Client> many = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int mix = (i * 7919 + second * 31) % 1_000;
      boolean error = mix < 12;
      Colour active = error ? null : mix < 620 ? Colour.BLUE : Colour.GREEN;
      many.add(
          new Client(
              "c-" + i,
              "customer-relationship-management-europe-west-" + NAMES[i % NAMES.length] + "-" + i,
              "svc_" + i % 40,
              "10.4." + i / 250 + "." + i % 250 + ":51240",
              error ? "error" : mix < 100 ? "transitioning" : mix < 620 ? "blue" : "green",
              active,
              mix < 100 && !error ? Colour.GREEN : null,
              mix % 5 == 0 && active != null
                  ? List.of(new Pinned("q-" + i, active, Duration.ofSeconds(mix + second)))
                  : List.of(),
              mix % 5 == 0 && active != null ? 1 + mix % 3 : 0,
              3 + second,
              mix % 17 + second,
              120_482L + second * 51L,
              mix % 7,
              118_000L + second * 51L,
              482,
              error
                  ? "UNKNOWN: HTTP status code 456 invalid content-type: null, after 3 attempts"
                  : "",
              Duration.ofMillis(mix % 97 == 0 ? 61_000 : mix)));
    }
    s.clients = many;
    s.rates = new Rates(1_204, 412_000, 0.071, 131, 0.912);
    return s.build();
  }

  /// The same, as seen at another moment.
  public static StrategyView at(StrategyView v, Instant at) {
    return new StrategyView(
        at,
        v.reachable(),
        v.problem(),
        v.phase(),
        v.live(),
        v.announced(),
        v.suspended(),
        v.changedAt(),
        v.version(),
        v.engines(),
        v.queries(),
        v.fleet(),
        v.clients(),
        v.rates());
  }

  /// The same with other clients.
  public static StrategyView withClients(StrategyView v, List<Client> clients) {
    StrategySamples s = new StrategySamples();
    s.clients = clients;
    s.queries = v.queries();
    return s.build();
  }

  /// The same with other open queries.
  public static StrategyView withQueries(StrategyView v, List<OpenQuery> queries) {
    StrategySamples s = new StrategySamples();
    s.clients = v.clients();
    s.queries = queries;
    s.phase = v.phase();
    s.announced = v.announced();
    return s.build();
  }

  public static Client client(
      int number,
      String state,
      @Nullable Colour active,
      @Nullable Colour pending,
      int pinned,
      int oldest,
      String error) {
    List<Pinned> list = new ArrayList<>();
    for (int i = 0; i < pinned && active != null; i++) {
      list.add(
          new Pinned(
              i == 0 && oldest > 700 ? "q-7f3a91" : "q-" + number + i,
              active,
              Duration.ofSeconds(oldest - i)));
    }
    return new Client(
        "c-" + number,
        NAMES[number % NAMES.length],
        number % 2 == 0 ? "svc_orders" : "anna",
        "10.4.2." + (10 + number) + ":51240",
        state,
        active,
        pending,
        list,
        pinned,
        number % 3,
        number % 4,
        48_211L * (number + 1),
        number % 3,
        47_900L * (number + 1),
        311,
        error,
        Duration.ofMillis(number == 6 ? 12_000 : 300 + 60L * number));
  }

  private static List<Client> clients(int count, Colour active) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(client(i, active.id(), active, null, i % 3, 3 + i, ""));
    }
    return clients;
  }

  private static List<OpenQuery> queries(int count, int seconds, Colour colour) {
    List<OpenQuery> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(query(i, colour, 400L * seconds * (count - i)));
    }
    return queries;
  }

  public static OpenQuery query(int number, Colour colour, long millis) {
    String[] states = {"fetching", "running", "prepared", "done"};
    return new OpenQuery(
        "q-" + colour.id().charAt(0) + (4_100 + number),
        colour,
        number % 2 == 0 ? "svc_orders" : "anna",
        SQL[number % SQL.length],
        Duration.ofMillis(millis),
        states[number % states.length],
        number * 18_204L,
        number % 4 == 3 ? "" : NAMES[number % NAMES.length],
        "10.4.2." + (10 + number % 200) + ":51240");
  }

  private StrategyView build() {
    Map<Colour, Engine> engines = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      List<OpenQuery> own = queries.stream().filter(q -> q.colour() == colour).toList();
      boolean blue = colour == Colour.BLUE;
      engines.put(
          colour,
          new Engine(
              colour,
              reachable,
              reachable ? "" : "The cluster that it belongs to does not answer.",
              blue ? "16.4" : "18.1",
              blue == (live == Colour.BLUE) ? 8 : 0,
              own.size(),
              own.stream().map(OpenQuery::age).max(Duration::compareTo).orElse(Duration.ZERO),
              blue ? 12_104_221 : 4_120,
              blue ? 12_104_209 : 4_118,
              blue ? 3 : 0,
              blue ? wrongBlue : wrongGreen,
              blue ? 48_211_904_113L : 204_118));
    }
    return new StrategyView(
        at,
        reachable,
        problem,
        phase,
        live,
        announced,
        suspended,
        Samples.NOW.minusSeconds(1_820),
        "2.8.0",
        engines,
        queries,
        fleet(),
        clients.stream().sorted(Comparator.comparing(Client::name)).toList(),
        rates);
  }

  private Fleet fleet() {
    int blue = 0;
    int green = 0;
    int silent = 0;
    int pending = 0;
    int pinnedBlue = 0;
    int pinnedGreen = 0;
    for (Client client : clients) {
      blue += client.active() == Colour.BLUE ? 1 : 0;
      green += client.active() == Colour.GREEN ? 1 : 0;
      silent += client.age().toSeconds() >= 5 ? 1 : 0;
      pending += client.pending() == null ? 0 : 1;
      pinnedBlue += client.active() == Colour.BLUE ? client.pinnedCount() : 0;
      pinnedGreen += client.active() == Colour.GREEN ? client.pinnedCount() : 0;
    }
    int none = clients.size() - blue - green;
    return new Fleet(clients.size(), silent, blue, green, none, pending, pinnedBlue, pinnedGreen);
  }
}
