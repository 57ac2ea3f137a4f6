package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Everything that a screen shows, at one moment. Immutable.
///
/// @param version rises with each snapshot of this engine
/// @param live where traffic and writes are, when router and databases agree; null otherwise
/// @param release null when the journal tells of none; see `journalReadAt`
/// @param journalReadAt when the journal was last read; null before the first time: then nothing is
///   known of a release, which is not the same as none
/// @param levers what this console may do now, and what whoever drives may; every lever is there
/// @param strategy null when the environment has no query cluster
/// @param stallBudget after which a cutover is undone by itself
/// @param predictedStall measured in this release's moves; null before the first one
/// @param history of the last ten minutes
/// @param lastEvent sequence of the newest event, 0 when none
/// @param pollInterval how often planes look; data older than three of these is stale
public record EngineSnapshot(
    long version,
    Instant at,
    String environment,
    @Nullable Colour live,
    LeaseView lease,
    @Nullable ReleaseView release,
    @Nullable Instant journalReadAt,
    @Nullable ApplicationView application,
    @Nullable DatabaseView database,
    @Nullable StrategyView strategy,
    List<GateView> gates,
    Map<LeverId, Lever> levers,
    Duration stallBudget,
    @Nullable Duration predictedStall,
    WayBack wayBack,
    History history,
    long lastEvent,
    Duration pollInterval) {
  public Lever lever(LeverId id) {
    return Objects.requireNonNull(levers.get(id));
  }

  /// The same with some parts exchanged, each by its name.
  public EngineSnapshot with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.snapshot();
  }

  /// The parts of a state that is about to be made from another one.
  public static final class Parts {
    public long version;
    public Instant at;
    public String environment;
    public @Nullable Colour live;
    public LeaseView lease;
    public @Nullable ReleaseView release;
    public @Nullable Instant journalReadAt;
    public @Nullable ApplicationView application;
    public @Nullable DatabaseView database;
    public @Nullable StrategyView strategy;
    public List<GateView> gates;
    public Map<LeverId, Lever> levers;
    public Duration stallBudget;
    public @Nullable Duration predictedStall;
    public WayBack wayBack;
    public History history;
    public long lastEvent;
    public Duration pollInterval;

    private Parts(EngineSnapshot s) {
      version = s.version;
      at = s.at;
      environment = s.environment;
      live = s.live;
      lease = s.lease;
      release = s.release;
      journalReadAt = s.journalReadAt;
      application = s.application;
      database = s.database;
      strategy = s.strategy;
      gates = s.gates;
      levers = s.levers;
      stallBudget = s.stallBudget;
      predictedStall = s.predictedStall;
      wayBack = s.wayBack;
      history = s.history;
      lastEvent = s.lastEvent;
      pollInterval = s.pollInterval;
    }

    private EngineSnapshot snapshot() {
      return new EngineSnapshot(
          version,
          at,
          environment,
          live,
          lease,
          release,
          journalReadAt,
          application,
          database,
          strategy,
          gates,
          levers,
          stallBudget,
          predictedStall,
          wayBack,
          history,
          lastEvent,
          pollInterval);
    }
  }

  /// What the curves show.
  ///
  /// @param samples one a second, the oldest first, at most ten minutes
  /// @param marks what happened meanwhile, the oldest first, whichever release it belongs to
  public record History(List<Sample> samples, List<Mark> marks) {
    public static final History NONE = new History(List.of(), List.of());
  }

  /// A word on the curves.
  ///
  /// @param at when it happened, which is not when this console learned of it
  public record Mark(Instant at, String word) {}

  /// One second of history. What was not known is NaN, or -1 bytes: a gap, never a zero.
  ///
  /// @param errorShare of all requests, 0 to 1
  public record Sample(
      Instant at,
      double forwardLagMillis,
      long forwardLagBytes,
      double reverseLagMillis,
      long reverseLagBytes,
      double blueRequests,
      double greenRequests,
      double errorShare) {}
}
