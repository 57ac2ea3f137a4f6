package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyObserver;
import dev.signalbox.strategy.StrategyStorage;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The storage of an application whose processes share what they find out: a thread keeps what it
/// read last (level 1) over what the process knows (level 2) and the file that processes share
/// (level 3). A process that shares with nobody uses [dev.signalbox.strategy.MemoryStorage].
///
/// A change by another thread of this process is seen by the next read. A change by another
/// process, and the end of the TTL, are seen within 50 ms plus the time to read one small file.
/// Thread-safe.
public final class LayeredStorage implements StrategyStorage {
  private final FileStrategyStorage below;

  /// One entry a thread. Virtual threads are many and short: they read level 2 instead.
  @SuppressWarnings("ThreadLocalUsage") // What was read belongs to this storage, not to the class.
  private final ThreadLocal<@Nullable Seen> seen = new ThreadLocal<>();

  private record Seen(ClusterKey key, long epoch, long until, StoredStrategy state) {}

  LayeredStorage(FileStrategyStorage below) {
    this.below = below;
  }

  /// Shares with all processes that use the same file. See [FileStrategyStorage].
  ///
  /// @param observer is told of each correction
  public static LayeredStorage shared(Path file, StrategyConfig config, StrategyObserver observer) {
    return new LayeredStorage(new FileStrategyStorage(file, config.cacheTtl(), observer));
  }

  @Override
  public StoredStrategy read(ClusterKey key) {
    if (Thread.currentThread().isVirtual()) {
      return below.read(key);
    }
    Seen last = seen.get();
    if (last != null
        && last.epoch == below.epoch()
        && System.nanoTime() - last.until < 0
        && last.key.equals(key)) {
      return last.state;
    }
    // The epoch first: what changes after it was read makes the entry count for nothing. Reading
    // may itself find a change and raise the epoch; then the next read comes here once more.
    long epoch = below.epoch();
    StoredStrategy state = below.read(key);
    seen.set(new Seen(key, epoch, below.freshUntil(), state));
    return state;
  }

  @Override
  public StoredStrategy update(ClusterKey key, UnaryOperator<StoredStrategy> change) {
    return below.update(key, change);
  }

  @Override
  public void close() {
    seen.remove();
    below.close();
  }
}
