package dev.signalbox.strategy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What this process keeps of one cluster beside what is stored: its routes, its pinned queries and
/// its detection. Thread-safe.
final class ClusterEntry {
  final ClusterKey key;

  final OpenQueries open;

  /// The detection that is under way; null when none is.
  final AtomicReference<@Nullable CompletableFuture<Strategy>> flight = new AtomicReference<>();

  /// Which stack a detection asks first.
  volatile Strategy hint = Strategy.BLUE;

  /// Why the last detection failed; null when it did not.
  volatile @Nullable String failure;

  /// When this process first saw the pending strategy, milliseconds since 1970; 0 when it did not.
  volatile long announcedAt;

  private final Route none;
  private final Route blue;
  private final Route green;

  /// @param nanos see [OpenQueries]
  ClusterEntry(ClusterKey key, LongSupplier nanos) {
    if (!Route.fitsHeader(key.cluster())) {
      throw new IllegalArgumentException(
          "The cluster name '"
              + Texts.shown(key.cluster())
              + "' cannot stand in a header: use letters, digits and hyphens.");
    }
    this.key = key;
    open = new OpenQueries(nanos);
    none = new Route(key, null);
    blue = new Route(key, Strategy.BLUE);
    green = new Route(key, Strategy.GREEN);
  }

  Route route(@Nullable Strategy strategy) {
    if (strategy == null) {
      return none;
    }
    return strategy == Strategy.BLUE ? blue : green;
  }
}
