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
import dev.signalbox.engine.strategy.client.fleet.ClientReport;
import dev.signalbox.engine.strategy.client.fleet.PinnedQuery;
import dev.signalbox.engine.strategy.control.ClientEntry;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what the cluster says into what a screen shows. What it says is another process's word: a
/// colour that is none counts as unknown, and what has no colour is left out.
final class StrategyViews {
  private StrategyViews() {}

  /// By name.
  static List<Client> clients(List<ClientEntry> entries) {
    return entries.stream()
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
        colour(status.getAnnounced()),
        status.getSuspended(),
        status.getChangedAt() == 0 ? null : Instant.ofEpochMilli(status.getChangedAt()),
        status.getVersion(),
        Map.of(
            Colour.BLUE, engine(Colour.BLUE, status.getBlue()),
            Colour.GREEN, engine(Colour.GREEN, status.getGreen())),
        queries(status),
        new Fleet(
            fleet.getClients(),
            fleet.getSilent(),
            fleet.getBlue(),
            fleet.getGreen(),
            fleet.getNone(),
            fleet.getPending(),
            fleet.getPinnedBlue(),
            fleet.getPinnedGreen()),
        clients,
        new Rates(
            rates.getQueriesPerSecond(),
            rates.getCallsPerSecond(),
            rates.getWrongStrategyShare(),
            rates.getDetectionMillis(),
            rates.getCacheHitShare()));
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
        engine.getProblem(),
        engine.getServerVersion(),
        engine.getSessions(),
        engine.getOpenQueries(),
        Duration.ofMillis(engine.getOldestQueryMillis()),
        engine.getQueriesStarted(),
        engine.getQueriesEnded(),
        engine.getQueriesFailed(),
        engine.getRejected456(),
        engine.getRows());
  }

  private static List<OpenQuery> queries(ClusterStatus status) {
    return status.getQueriesList().stream()
        .<OpenQuery>mapMulti((query, sink) -> {
          Colour colour = colour(query.getStrategy());
          if (colour != null) {
            sink.accept(
                new OpenQuery(
                    query.getQueryId(),
                    colour,
                    query.getUser(),
                    query.getSql(),
                    Duration.ofMillis(query.getAgeMillis()),
                    query.getState(),
                    query.getRows(),
                    query.getClient(),
                    query.getPeer()));
          }
        })
        .toList();
  }

  private static Client client(ClientEntry entry) {
    ClientReport report = entry.getReport();
    return new Client(
        report.getClientId(),
        report.getName(),
        entry.getUser(),
        entry.getPeer(),
        report.getState(),
        colour(report.getActive()),
        colour(report.getPending()),
        report.getPinnedList().stream().<Pinned>mapMulti(StrategyViews::pinned).toList(),
        report.getPinnedTotal(),
        report.getTransitions(),
        report.getWrongStrategy(),
        report.getCalls(),
        report.getFailedCalls(),
        report.getCacheHits(),
        report.getCacheMisses(),
        report.getLastError(),
        Duration.ofMillis(entry.getAgeMillis()));
  }

  private static void pinned(PinnedQuery query, java.util.function.Consumer<Pinned> sink) {
    Colour colour = colour(query.getStrategy());
    if (colour != null) {
      sink.accept(new Pinned(query.getQueryId(), colour, Duration.ofMillis(query.getAgeMillis())));
    }
  }
}
