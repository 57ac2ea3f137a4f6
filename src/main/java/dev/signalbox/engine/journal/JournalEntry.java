package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry as a database stores it.
///
/// @param batch the append that wrote it; null in entries of earlier versions
/// @param voids appends whose outcome their writer never learnt, and which this one declares void
/// @param previous hash of the entry that its writer knew as the last; empty for none
/// @param hash as [Chain] says; empty in entries of earlier versions
record JournalEntry(
    EngineEvent event, @Nullable UUID batch, Set<UUID> voids, String previous, String hash) {
  JournalEntry {
    voids = Set.copyOf(voids);
  }

  long sequence() {
    return event.sequence();
  }
}
