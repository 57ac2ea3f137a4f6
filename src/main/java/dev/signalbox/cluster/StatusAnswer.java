package dev.signalbox.cluster;

import dev.signalbox.cluster.fleet.FleetRegistry;
import dev.signalbox.cluster.query.EngineHealth;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.cluster.session.StackFigures;
import dev.signalbox.cluster.state.ClusterState;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.OpenQuery;
import dev.signalbox.engine.strategy.control.Rates;
import dev.signalbox.strategy.Strategy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts together what the cluster says about itself, from what is known: it asks nobody.
final class StatusAnswer {
  private static final int PROTOCOL = 1;
  private static final int MOST_QUERIES = 500;
  private static final int MOST_SQL = 200;

  private final ClientSessions sessions;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;
  private final FleetRegistry fleet;
  private final RateMeter rates;
  private final String version;

  StatusAnswer(
      ClientSessions sessions,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      FleetRegistry fleet,
      RateMeter rates) {
    this.sessions = sessions;
    this.queries = queries;
    this.engines = engines;
    this.fleet = fleet;
    this.rates = rates;
    this.version =
        Objects.requireNonNullElse(
            StatusAnswer.class.getPackage().getImplementationVersion(), "(not packaged)");
  }

  ClusterStatus of(ClusterState state) {
    @Nullable Strategy announced = state.announced();
    ClusterStatus.Builder status =
        ClusterStatus.newBuilder()
            .setLive(state.live().wire())
            .setAnnounced(announced == null ? "" : announced.wire())
            .setSuspended(state.suspended())
            .setEpoch(state.epoch())
            .setChangedAt(state.changedAt())
            .setNow(System.currentTimeMillis())
            .setBlue(engine(Strategy.BLUE))
            .setGreen(engine(Strategy.GREEN))
            .setRates(rates())
            .setFleet(fleet.summary())
            .setProtocolVersion(PROTOCOL)
            .setVersion(version);
    List<ServedQuery> oldest = queries.oldest(MOST_QUERIES);
    Map<String, String> clients =
        fleet.pinning(oldest.stream().map(ServedQuery::id).collect(Collectors.toSet()));
    for (ServedQuery query : oldest) {
      String sql = query.sql();
      status.addQueries(
          OpenQuery.newBuilder()
              .setQueryId(query.id())
              .setStrategy(query.strategy().wire())
              .setUser(query.session().user())
              .setSql(sql.length() > MOST_SQL ? sql.substring(0, MOST_SQL) : sql)
              .setAgeMillis(query.ageMillis())
              .setState(query.state().name().toLowerCase(Locale.ROOT))
              .setRows(query.rows())
              .setClient(clients.getOrDefault(query.id(), ""))
              .setPeer(query.session().peer()));
    }
    return status.build();
  }

  private EngineStatus engine(Strategy strategy) {
    EngineHealth health = Objects.requireNonNull(engines.get(strategy)).health();
    StackFigures figures = queries.figures(strategy);
    return EngineStatus.newBuilder()
        .setReachable(health.reachable())
        .setProblem(health.problem())
        .setServerVersion(health.serverVersion())
        .setSystemIdentifier(health.systemIdentifier())
        .setSessions(sessions.count(strategy))
        .setOpenQueries(queries.count(strategy))
        .setOldestQueryMillis(queries.oldestMillis(strategy))
        .setQueriesStarted(figures.queriesStarted())
        .setQueriesEnded(figures.queriesEnded())
        .setQueriesFailed(figures.queriesFailed())
        .setRejected456(figures.rejected456())
        .setRows(figures.rows())
        .build();
  }

  private Rates rates() {
    RateMeter.Figures figures = rates.figures();
    return Rates.newBuilder()
        .setCallsPerSecond(figures.callsPerSecond())
        .setQueriesPerSecond(figures.queriesPerSecond())
        .setWrongStrategyShare(figures.wrongStrategyShare())
        .setDetectionMillis(fleet.detectionMillis())
        .setCacheHitShare(fleet.cacheHitShare())
        .build();
  }
}
