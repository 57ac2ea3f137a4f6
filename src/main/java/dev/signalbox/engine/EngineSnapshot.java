package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
/// @param planes what each plane saw, in the order of the planes
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
    List<PlaneView> planes,
    List<GateView> gates,
    Map<LeverId, Lever> levers,
    Duration stallBudget,
    @Nullable Duration predictedStall,
    WayBack wayBack,
    History history,
    long lastEvent,
    Duration pollInterval) {
  public EngineSnapshot {
    planes = List.copyOf(planes);
  }

  /// Whether the environment has a plane of that kind, or nothing is known of its planes yet.
  public boolean mayHave(Class<? extends PlaneView> kind) {
    return planes.isEmpty() || only(kind) != null;
  }

  /// Null when the environment has no application plane.
  public @Nullable ApplicationView application() {
    return only(ApplicationView.class);
  }

  /// Null when the environment has no query cluster.
  public @Nullable StrategyView strategy() {
    return only(StrategyView.class);
  }

  /// Every database, in the order of the environment.
  public List<DatabaseView> databases() {
    return all(DatabaseView.class);
  }

  /// The first database; null when the environment has none.
  public @Nullable DatabaseView database() {
    return only(DatabaseView.class);
  }

  private <T extends PlaneView> @Nullable T only(Class<T> kind) {
    List<T> views = all(kind);
    return views.isEmpty() ? null : views.getFirst();
  }

  private <T extends PlaneView> List<T> all(Class<T> kind) {
    return planes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

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
    public List<PlaneView> planes;
    public List<GateView> gates;
    public Map<LeverId, Lever> levers;
    public Duration stallBudget;
    public @Nullable Duration predictedStall;
    public WayBack wayBack;
    public History history;
    public long lastEvent;
    public Duration pollInterval;

    /// Puts a view in the place of that plane's last one, or behind the others.
    public void see(PlaneView view) {
      List<PlaneView> next = new ArrayList<>(planes);
      next.replaceAll(one -> one.id().equals(view.id()) ? view : one);
      if (!next.contains(view)) {
        next.add(view);
      }
      planes = next;
    }

    private Parts(EngineSnapshot s) {
      version = s.version;
      at = s.at;
      environment = s.environment;
      live = s.live;
      lease = s.lease;
      release = s.release;
      journalReadAt = s.journalReadAt;
      planes = s.planes;
      gates = s.gates;
      levers = s.levers;
      stallBudget = s.stallBudget;
      predictedStall = s.predictedStall;
      wayBack = s.wayBack;
      history = s.history;
      lastEvent = s.lastEvent;
      pollInterval = s.pollInterval;
    }

    /// What they make now.
    public EngineSnapshot snapshot() {
      return new EngineSnapshot(
          version,
          at,
          environment,
          live,
          lease,
          release,
          journalReadAt,
          planes,
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
