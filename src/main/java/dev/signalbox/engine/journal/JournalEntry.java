package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry as a database stores it.
///
/// @param data as it is stored, which the hash is over; the event's payload was read from it
/// @param batch the append that wrote it; null in entries of earlier versions
/// @param voids appends whose outcome their writer never learnt, and which this one declares void
/// @param previous hash of the entry that its writer knew as the last; empty for none
/// @param hash as [Chain] says; empty in entries of earlier versions
record JournalEntry(
    EngineEvent event,
    Map<String, String> data,
    @Nullable UUID batch,
    Set<UUID> voids,
    String previous,
    String hash) {
  JournalEntry {
    data = Map.copyOf(data);
    voids = Set.copyOf(voids);
  }

  /// One that is written by this version, and has no hash yet.
  static JournalEntry unhashed(EngineEvent event, UUID batch, Set<UUID> voids, String previous) {
    return new JournalEntry(event, EventData.encode(event.payload()), batch, voids, previous, "");
  }

  /// The same with the hash that belongs to it.
  JournalEntry hashed() {
    return new JournalEntry(event, data, batch, voids, previous, Chain.hash(this));
  }

  long sequence() {
    return event.sequence();
  }
}
