package dev.signalbox.engine.journal;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What this console appended and does not count as written. Its own readers leave that out: what
/// was told to have failed must not be acted upon, and its next entry declares it void.
///
/// It stands after all when another console has driven meanwhile, who read it and went on from it.
/// Thread-safe.
final class OwnBatches {
  private final Map<UUID, Long> unsure = new ConcurrentHashMap<>();
  private final Set<UUID> voided = ConcurrentHashMap.newKeySet();

  /// Is about to be sent.
  void sent(UUID batch, long epoch) {
    unsure.put(batch, epoch);
  }

  /// Is durable, and what it declares void is void.
  void written(UUID batch, Set<UUID> voids) {
    voided.addAll(voids);
    unsure.keySet().removeAll(voids);
    unsure.remove(batch);
  }

  /// No database has it, and none will.
  void gone(UUID batch) {
    unsure.remove(batch);
  }

  /// Failed, and may surface all the same. Not what stands because another console drove since.
  ///
  /// @param epoch that the next entry carries
  Set<UUID> doubts(long epoch) {
    unsure.values().removeIf(under -> epoch > under + 1);
    return Set.copyOf(unsure.keySet());
  }

  boolean unsure(UUID batch) {
    return unsure.containsKey(batch);
  }

  /// What own entries have declared void.
  Set<UUID> voided() {
    return voided;
  }

  /// An entry was read that is not unsure.
  ///
  /// @param voids what it declares void
  void read(long epoch, Set<UUID> voids) {
    unsure.entrySet().removeIf(own -> own.getValue() < epoch && !voids.contains(own.getKey()));
  }
}
