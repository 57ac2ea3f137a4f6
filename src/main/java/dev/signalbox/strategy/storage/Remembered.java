package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// All that is known of all clusters at one moment. Immutable.
///
/// @param clusters the one that was changed longest ago first
/// @param highest version that was ever given. A cluster that was dropped and comes back continues
///   from here, so that a version never means two states
record Remembered(Map<ClusterKey, StoredStrategy> clusters, long highest) {
  /// More clusters than one machine follows; beyond it the one changed longest ago is dropped.
  static final int MAX_CLUSTERS = 100;

  static final Remembered NOTHING = new Remembered(Map.of(), 0);

  Remembered {
    clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
  }

  StoredStrategy get(ClusterKey key) {
    return clusters.getOrDefault(key, StoredStrategy.NONE);
  }

  /// What a reader gets.
  StoredStrategy shown(ClusterKey key, Freshness freshness) {
    StoredStrategy shown = freshness.shown(get(key));
    return shown.active() == null && shown.pending() == null ? StoredStrategy.NONE : shown;
  }

  /// Applies a change. Without one, the same object comes back.
  ///
  /// @param floor the next version is higher than this too
  Remembered updated(
      ClusterKey key, UnaryOperator<StoredStrategy> change, Freshness freshness, long floor) {
    StoredStrategy before = get(key);
    StoredStrategy after = change.apply(freshness.shown(before));
    if (before.active() == after.active()
        && before.pending() == after.pending()
        && before.detectedAt() == after.detectedAt()) {
      return this;
    }
    long base = clusters.containsKey(key) ? before.version() : highest;
    return with(
        key,
        new StoredStrategy(
            after.active(), after.pending(), after.detectedAt(), Math.max(base, floor) + 1));
  }

  /// The same with this state, as the one that changed last.
  Remembered with(ClusterKey key, StoredStrategy state) {
    LinkedHashMap<ClusterKey, StoredStrategy> next = new LinkedHashMap<>(clusters);
    next.remove(key);
    next.put(key, state);
    if (next.size() > MAX_CLUSTERS) {
      next.remove(next.firstEntry().getKey());
    }
    return new Remembered(next, Math.max(highest, state.version()));
  }

  /// Whether every cluster is the same here and there; the order does not matter.
  boolean sameAs(Remembered other) {
    return Objects.equals(clusters, other.clusters);
  }
}
