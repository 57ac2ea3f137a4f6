package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the strategy plane saw: the query cluster with both engines, its open queries, and the
/// clients that report.
///
/// @param reachable whether the cluster answered the last look
/// @param problem why it did not, in a sentence; empty when it did
/// @param phase of the cluster's change-over
/// @param live the stack that answers; null when not known
/// @param announced the stack that new queries belong on when it is not the live one; null when
///   none is announced
/// @param suspended whether the cluster refuses all work
/// @param changedAt when live or announced changed last; null when never seen
/// @param version of the cluster program; empty when not known
/// @param queries open ones, the oldest first, at most 500
/// @param clients every client that reports, by name; at most 20,000
/// @param rates over the last ten seconds
public record StrategyView(
    Instant at,
    boolean reachable,
    String problem,
    Phase phase,
    @Nullable Colour live,
    @Nullable Colour announced,
    boolean suspended,
    @Nullable Instant changedAt,
    String version,
    Map<Colour, Engine> engines,
    List<OpenQuery> queries,
    Fleet fleet,
    List<Client> clients,
    Rates rates)
    implements PlaneView {
  @Override
  public String id() {
    return "strategy";
  }

  /// The mean detection of a client must stay below this.
  public static final Duration DETECTION_LIMIT = Duration.ofMillis(100);

  /// The share of calls answered with 456 must stay below this.
  public static final double WRONG_STRATEGY_LIMIT = 0.05;

  /// The share of look-ups that find the strategy must stay above this.
  public static final double CACHE_HIT_TARGET = 0.95;

  /// Where the cluster stands between its stacks.
  public enum Phase {
    /// It did not answer, or was not asked yet.
    UNKNOWN,
    /// One stack answers, the other one 456.
    STEADY,
    /// Another stack is announced, new queries go there, and the old one still has open queries.
    DRAINING,
    /// Another stack is announced and the old one has no open query any more.
    DRAINED,
    SUSPENDED
  }

  /// The query engine of one stack, with the database behind it.
  ///
  /// @param problem why it is not reachable, in a sentence; empty when it is
  /// @param serverVersion of PostgreSQL; empty when not known
  /// @param oldestQuery age of the oldest open query; zero when none
  /// @param wrongStrategy calls answered with 456 since the cluster started
  public record Engine(
      Colour colour,
      boolean reachable,
      String problem,
      String serverVersion,
      int sessions,
      int openQueries,
      Duration oldestQuery,
      long queriesStarted,
      long queriesEnded,
      long queriesFailed,
      long wrongStrategy,
      long rows) {}

  /// One query between prepare and clear.
  ///
  /// @param sql its beginning
  /// @param state `prepared`, `running`, `fetching` or `done`
  /// @param client name of the reporting client that holds it; empty when none reports it
  public record OpenQuery(
      String id,
      Colour colour,
      String user,
      String sql,
      Duration age,
      String state,
      long rows,
      String client,
      String peer) {}

  /// The clients that report, in sum.
  ///
  /// @param silent did not report for five seconds
  /// @param blue clients whose active strategy is blue
  /// @param none clients that have not detected one
  /// @param pending clients with a change not applied yet
  public record Fleet(
      int clients,
      int silent,
      int blue,
      int green,
      int none,
      int pending,
      int pinnedBlue,
      int pinnedGreen) {}

  /// One client that reports.
  ///
  /// @param state `no-strategy`, `detecting`, `blue`, `green`, `transitioning` or `error`
  /// @param active null when it has none
  /// @param pinned its pinned queries, the oldest first, at most 20
  /// @param pinnedCount of all
  /// @param age since its last report
  public record Client(
      String id,
      String name,
      String user,
      String peer,
      String state,
      @Nullable Colour active,
      @Nullable Colour pending,
      List<Pinned> pinned,
      int pinnedCount,
      long transitions,
      long wrongStrategy,
      long calls,
      long failedCalls,
      long cacheHits,
      long cacheMisses,
      String lastError,
      Duration age) {}

  /// A query that a client has pinned to a stack.
  public record Pinned(String queryId, Colour colour, Duration age) {}

  /// @param wrongStrategyShare calls answered with 456, 0 to 1
  /// @param detectionMillis mean over the reporting clients; NaN when none
  /// @param cacheHitShare 0 to 1 over the reporting clients; NaN when none
  public record Rates(
      double queriesPerSecond,
      double callsPerSecond,
      double wrongStrategyShare,
      double detectionMillis,
      double cacheHitShare) {}
}
