package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.engine.StrategyView.Engine;
import dev.signalbox.engine.StrategyView.Fleet;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.engine.StrategyView.Phase;
import dev.signalbox.engine.StrategyView.Pinned;
import dev.signalbox.engine.StrategyView.Rates;
import dev.signalbox.engine.strategy.control.ClientEntry;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.PinnedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what the cluster says into what a screen shows. What it says is another process's word: a
/// colour that is none counts as unknown, what has no colour is left out, what cannot be negative
/// is not, and no list or text is longer than a screen can show.
final class StrategyViews {
  private static final int QUERIES = 500;
  private static final int CLIENTS = 20_000;
  private static final int PINNED = 20;
  private static final int TEXT = 1_000;

  private StrategyViews() {}

  /// By name.
  static List<Client> clients(List<ClientEntry> entries) {
    return entries.stream()
        .limit(CLIENTS)
        .map(StrategyViews::client)
        .sorted(Comparator.comparing(Client::name).thenComparing(Client::id))
        .toList();
  }

  /// @param status null when the cluster did not answer
  /// @param problem why not
  static StrategyView of(
      Instant at, @Nullable ClusterStatus status, String problem, List<Client> clients) {
    if (status == null) {
      return new StrategyView(
          at,
          false,
          problem,
          Phase.UNKNOWN,
          null,
          null,
          false,
          null,
          "",
          Map.of(
              Colour.BLUE, engine(Colour.BLUE, EngineStatus.getDefaultInstance()),
              Colour.GREEN, engine(Colour.GREEN, EngineStatus.getDefaultInstance())),
          List.of(),
          new Fleet(0, 0, 0, 0, 0, 0, 0, 0),
          clients,
          new Rates(0, 0, 0, Double.NaN, Double.NaN));
    }
    var fleet = status.getFleet();
    var rates = status.getRates();
    return new StrategyView(
        at,
        true,
        "",
        phase(status),
        colour(status.getLive()),
        status.getAnnounced().equals(status.getLive()) ? null : colour(status.getAnnounced()),
        status.getSuspended(),
        status.getChangedAt() <= 0 ? null : Instant.ofEpochMilli(status.getChangedAt()),
        text(status.getVersion()),
        Map.of(
            Colour.BLUE, engine(Colour.BLUE, status.getBlue()),
            Colour.GREEN, engine(Colour.GREEN, status.getGreen())),
        queries(status, clients),
        new Fleet(
            count(fleet.getClients()),
            count(fleet.getSilent()),
            count(fleet.getBlue()),
            count(fleet.getGreen()),
            count(fleet.getNone()),
            count(fleet.getPending()),
            count(fleet.getPinnedBlue()),
            count(fleet.getPinnedGreen())),
        clients,
        new Rates(
            rate(rates.getQueriesPerSecond(), 0),
            rate(rates.getCallsPerSecond(), 0),
            Math.min(1, rate(rates.getWrongStrategyShare(), 0)),
            rate(rates.getDetectionMillis(), Double.NaN),
            Math.min(1, rate(rates.getCacheHitShare(), Double.NaN))));
  }

  private static int count(int said) {
    return Math.max(0, said);
  }

  private static long count(long said) {
    return Math.max(0, said);
  }

  private static Duration age(long millis) {
    return Duration.ofMillis(count(millis));
  }

  private static double rate(double said, double unknown) {
    return Double.isFinite(said) && said >= 0 ? said : unknown;
  }

  private static String text(String said) {
    return said.length() > TEXT ? said.substring(0, TEXT) + " …" : said;
  }

  private static Phase phase(ClusterStatus status) {
    Colour live = colour(status.getLive());
    if (live == null) {
      return Phase.UNKNOWN;
    }
    if (status.getSuspended()) {
      return Phase.SUSPENDED;
    }
    Colour wanted = wanted(status);
    if (wanted != null && engine(status, wanted.other()).getOpenQueries() > 0) {
      return Phase.DRAINING;
    }
    return wanted == live ? Phase.STEADY : Phase.DRAINED;
  }

  /// Where new queries belong: the announced stack, else the live one; null when it says neither.
  static @Nullable Colour wanted(ClusterStatus status) {
    Colour announced = colour(status.getAnnounced());
    return announced == null ? colour(status.getLive()) : announced;
  }

  static EngineStatus engine(ClusterStatus status, Colour colour) {
    return switch (colour) {
      case BLUE -> status.getBlue();
      case GREEN -> status.getGreen();
    };
  }

  static @Nullable Colour colour(String text) {
    return switch (text) {
      case "blue" -> Colour.BLUE;
      case "green" -> Colour.GREEN;
      default -> null;
    };
  }

  private static Engine engine(Colour colour, EngineStatus engine) {
    return new Engine(
        colour,
        engine.getReachable(),
        text(engine.getProblem()),
        text(engine.getServerVersion()),
        count(engine.getSessions()),
        count(engine.getOpenQueries()),
        age(engine.getOldestQueryMillis()),
        count(engine.getQueriesStarted()),
        count(engine.getQueriesEnded()),
        count(engine.getQueriesFailed()),
        count(engine.getRejected456()),
        count(engine.getRows()));
  }

  /// A person knows a client by its name, not by its identifier.
  private static List<OpenQuery> queries(ClusterStatus status, List<Client> clients) {
    Map<String, String> names = new HashMap<>();
    clients.forEach(client -> names.put(client.id(), client.name()));
    return status.getQueriesList().stream()
        .<OpenQuery>mapMulti((query, sink) -> {
          Colour colour = colour(query.getStrategy());
          if (colour != null) {
            sink.accept(
                new OpenQuery(
                    text(query.getQueryId()),
                    colour,
                    text(query.getUser()),
                    text(query.getSql()),
                    age(query.getAgeMillis()),
                    text(query.getState()),
                    count(query.getRows()),
                    names.getOrDefault(query.getClient(), text(query.getClient())),
                    text(query.getPeer())));
          }
        })
        .limit(QUERIES)
        .toList();
  }

  private static Client client(ClientEntry entry) {
    ClientReport report = entry.getReport();
    return new Client(
        text(report.getClientId()),
        text(report.getName()),
        text(entry.getUser()),
        text(entry.getPeer()),
        text(report.getState()),
        colour(report.getActive()),
        colour(report.getPending()),
        report.getPinnedList().stream()
            .<Pinned>mapMulti(StrategyViews::pinned)
            .limit(PINNED)
            .toList(),
        count(report.getPinnedTotal()),
        count(report.getTransitions()),
        count(report.getWrongStrategy()),
        count(report.getCalls()),
        count(report.getFailedCalls()),
        count(report.getCacheHits()),
        count(report.getCacheMisses()),
        text(report.getLastError()),
        age(entry.getAgeMillis()));
  }

  private static void pinned(PinnedQuery query, java.util.function.Consumer<Pinned> sink) {
    Colour colour = colour(query.getStrategy());
    if (colour != null) {
      sink.accept(new Pinned(text(query.getQueryId()), colour, age(query.getAgeMillis())));
    }
  }
}
