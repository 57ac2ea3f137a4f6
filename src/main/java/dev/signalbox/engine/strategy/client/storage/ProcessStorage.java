package dev.signalbox.engine.strategy.client.storage;

import dev.signalbox.engine.strategy.client.ClusterKey;
import dev.signalbox.engine.strategy.client.StoredStrategy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/// Remembers within this process only (level 2), at most 100 clusters. Thread-safe; reading takes
/// no lock.
public final class ProcessStorage implements Watched {
  private final Freshness freshness;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Remembered remembered = Remembered.NOTHING;
  private final AtomicLong epoch = new AtomicLong();

  /// @param ttl see [dev.signalbox.engine.strategy.client.StrategyConfig#cacheTtl]
  public ProcessStorage(Duration ttl) {
    this(ttl, InstantSource.system());
  }

  ProcessStorage(Duration ttl, InstantSource clock) {
    this.freshness = new Freshness(ttl, clock);
  }

  @Override
  public StoredStrategy read(ClusterKey key) {
    return remembered.shown(key, freshness);
  }

  @Override
  public StoredStrategy update(ClusterKey key, UnaryOperator<StoredStrategy> change) {
    lock.lock();
    try {
      Remembered next = remembered.updated(key, change, freshness, 0);
      if (!next.equals(remembered)) {
        remembered = next;
        epoch.incrementAndGet();
      }
      return next.get(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long epoch() {
    return epoch.get();
  }

  @Override
  public long freshUntil() {
    return System.nanoTime() + LOOK_NANOS;
  }

  /// Nothing is held.
  @Override
  public void close() {}
}
