package dev.signalbox.strategy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Remembers strategies within this process only.
public final class MemoryStorage implements StrategyStorage {
  /// More clusters than a process talks to; the one confirmed longest ago gives way.
  static final int MOST = 1_024;

  private final Map<ClusterKey, StoredStrategy> stored = new ConcurrentHashMap<>();
  private final long ttlMillis;
  private final InstantSource clock;

  /// @param ttl after which what was detected has to be detected again; positive
  public MemoryStorage(Duration ttl, InstantSource clock) {
    ttlMillis = ttl.toMillis();
    this.clock = clock;
  }

  @Override
  public StoredStrategy read(ClusterKey key) {
    StoredStrategy found = stored.get(key);
    return found == null || expired(found) ? StoredStrategy.NONE : found;
  }

  @Override
  public StoredStrategy update(ClusterKey key, UnaryOperator<StoredStrategy> change) {
    StoredStrategy changed =
        stored.compute(
            key,
            (_, found) -> {
              long version = found == null ? 0 : found.version();
              StoredStrategy before =
                  found == null || expired(found)
                      ? new StoredStrategy(null, null, 0, version)
                      : found;
              StoredStrategy after = change.apply(before);
              return new StoredStrategy(
                  after.active(), after.pending(), after.detectedAt(), version + 1);
            });
    if (stored.size() > MOST) {
      stored.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(key))
          .min(Comparator.comparingLong(entry -> entry.getValue().detectedAt()))
          .ifPresent(oldest -> stored.remove(oldest.getKey()));
    }
    return changed;
  }

  private boolean expired(StoredStrategy found) {
    long age = clock.millis() - found.detectedAt();
    // A confirmation in the future means that the clock went back: its age is not known.
    return age < -StateValidation.CLOCK_TOLERANCE_MILLIS || age > ttlMillis;
  }

  @Override
  public void close() {
    stored.clear();
  }
}
