package dev.signalbox.strategy;

import java.util.function.UnaryOperator;

/// Where strategies are remembered. Thread-safe, and safe between processes where it says so.
///
/// A storage that cannot be used must not stop queries: it degrades to what it can still do, and
/// says so once in the log.
public interface StrategyStorage extends AutoCloseable {
  /// What is known now; [StoredStrategy#NONE] when nothing, or when the TTL has passed. Cheap
  /// enough for each new query: no more than a look at a file's time stamp now and then.
  StoredStrategy read(ClusterKey key);

  /// Changes what is known, atomically: no other thread or process changes it between what `change`
  /// sees and what it returns. `change` may be called more than once and must do nothing but
  /// compute. The version is set by the storage: what `change` returns for it is ignored.
  ///
  /// @return what is stored now
  StoredStrategy update(ClusterKey key, UnaryOperator<StoredStrategy> change);

  @Override
  void close();
}
