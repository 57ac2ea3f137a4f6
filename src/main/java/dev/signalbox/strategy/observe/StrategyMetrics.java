package dev.signalbox.strategy.observe;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happens to the strategies of a process. Thread-safe; an event costs one or two
/// additions and no lock.
public final class StrategyMetrics implements StrategyObserver {
  /// Clusters whose recovery is followed; more are counted but not followed.
  private static final int MAX_CLUSTERS = 100;

  private final InstantSource clock;
  private final RecentRate recent;
  private final Histogram detection = new Histogram();
  private final Histogram transition = new Histogram();
  private final Histogram call = new Histogram();
  private final LongAdder detectionsFailed = new LongAdder();
  private final LongAdder announced = new LongAdder();
  private final LongAdder withdrawn = new LongAdder();
  private final LongAdder unknownAnnounced = new LongAdder();
  private final LongAdder corrected = new LongAdder();
  private final LongAdder wrongStrategy = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final Map<ErrorClass, LongAdder> errors = adders(ErrorClass.class);
  private final Map<InvalidationTrigger, LongAdder> invalidated = adders(InvalidationTrigger.class);

  /// Since when a cluster's strategy is not known after a 456 or a failed detection.
  private final ConcurrentHashMap<ClusterKey, Instant> lostSince = new ConcurrentHashMap<>();

  public StrategyMetrics() {
    this(InstantSource.system());
  }

  StrategyMetrics(InstantSource clock) {
    this.clock = clock;
    this.recent = new RecentRate(clock);
  }

  /// All counts since the start, as they were read one after the other.
  ///
  /// @param transition from the announcement of a strategy until it was applied
  /// @param call each call, failed ones too
  /// @param openQueries size of the mapping from queries to strategies
  /// @param errors failed calls by class; every class is there
  /// @param lostSince clusters that answered 456 or could not be detected, and were not found again
  public record Snapshot(
      Instant at,
      Times detection,
      Times transition,
      Times call,
      long detectionsFailed,
      long announced,
      long withdrawn,
      long unknownAnnounced,
      long corrected,
      long wrongStrategy,
      long cacheHits,
      long cacheMisses,
      long openQueries,
      Map<ErrorClass, Long> errors,
      Map<InvalidationTrigger, Long> invalidated,
      Map<ClusterKey, Instant> lostSince,
      Recent recent) {
    public Snapshot {
      errors = Map.copyOf(errors);
      invalidated = Map.copyOf(invalidated);
      lostSince = Map.copyOf(lostSince);
    }

    /// 0 to 1; 1 when nothing was looked up yet.
    public double cacheHitShare() {
      long all = cacheHits + cacheMisses;
      return all == 0 ? 1 : (double) cacheHits / all;
    }

    /// In the text format 0.0.4 that Prometheus reads.
    public String toPrometheus() {
      return PrometheusText.of(this);
    }
  }

  /// The last minute.
  ///
  /// @param calls at least as many as 456s
  /// @param detectionMean zero when there was none
  public record Recent(long calls, long wrongStrategy, long detections, Duration detectionMean) {
    /// Calls answered with 456, 0 to 1; 0 without calls.
    public double wrongStrategyShare() {
      return calls == 0 ? 0 : (double) wrongStrategy / calls;
    }
  }

  @Override
  public void accept(ClusterKey key, StrategyEvent event) {
    switch (event) {
      case StrategyEvent.Detected e -> {
        detection.add(e.took());
        recent.detection(e.took());
        lostSince.remove(key);
      }
      case StrategyEvent.DetectionFailed _ -> {
        detectionsFailed.increment();
        lost(key);
      }
      case StrategyEvent.Announced _ -> announced.increment();
      case StrategyEvent.AnnouncementWithdrawn _ -> withdrawn.increment();
      case StrategyEvent.Applied e -> transition.add(e.pendingFor());
      case StrategyEvent.WrongStrategy _ -> {
        wrongStrategy.increment();
        recent.wrong();
        lost(key);
      }
      case StrategyEvent.UnknownAnnounced _ -> unknownAnnounced.increment();
      case StrategyEvent.Invalidated e -> add(invalidated, e.trigger());
      case StrategyEvent.Corrected _ -> corrected.increment();
      case StrategyEvent.LookedUp e -> {
        (e.hit() ? hits : misses).increment();
        // Another thread or process may have detected it.
        if (e.hit() && !lostSince.isEmpty()) {
          lostSince.remove(key);
        }
      }
      case StrategyEvent.QueryOpened _ -> opened.increment();
      case StrategyEvent.QueryClosed _ -> closed.increment();
      case StrategyEvent.CallEnded e -> {
        call.add(e.took());
        recent.call();
        if (e.failure() != null) {
          add(errors, e.failure());
        }
      }
    }
  }

  private void lost(ClusterKey key) {
    if (lostSince.size() < MAX_CLUSTERS) {
      lostSince.putIfAbsent(key, clock.instant());
    }
  }

  public Snapshot snapshot() {
    // Closed before opened: a query between the two reads counts as open, never as less than none.
    long ended = closed.sum();
    return new Snapshot(
        clock.instant(),
        detection.times(),
        transition.times(),
        call.times(),
        detectionsFailed.sum(),
        announced.sum(),
        withdrawn.sum(),
        unknownAnnounced.sum(),
        corrected.sum(),
        wrongStrategy.sum(),
        hits.sum(),
        misses.sum(),
        Math.max(0, opened.sum() - ended),
        sums(errors, ErrorClass.class),
        sums(invalidated, InvalidationTrigger.class),
        lostSince,
        recent.recent());
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      adders.put(value, new LongAdder());
    }
    return adders;
  }

  private static <E extends Enum<E>> void add(Map<E, LongAdder> adders, E value) {
    LongAdder adder = adders.get(value);
    if (adder != null) {
      adder.increment();
    }
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Map<E, LongAdder> adders, Class<E> type) {
    Map<E, Long> sums = new EnumMap<>(type);
    adders.forEach((value, adder) -> sums.put(value, adder.sum()));
    return sums;
  }
}
