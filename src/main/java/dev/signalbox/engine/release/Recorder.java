package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to the journal, then folds what was written into the [ReleaseState], then lets it be
/// seen: in this order, so that nobody is shown what is not durable. Thread-safe.
final class Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  /// Events kept in memory for screens; older ones stay in the journal.
  private static final int KEPT = 100_000;

  private final Journal journal;
  private final String actor;
  private final Runnable changed;
  private final ConcurrentSkipListMap<Long, EngineEvent> events = new ConcurrentSkipListMap<>();
  private volatile ReleaseState state = ReleaseState.NONE;
  private volatile @Nullable Instant readAt;

  /// @param changed called after each change, on the thread that made it; must return at once
  Recorder(Journal journal, String actor, Runnable changed) {
    this.journal = journal;
    this.actor = actor;
    this.changed = changed;
  }

  ReleaseState state() {
    return state;
  }

  /// When the journal was last read or written; null before the first time.
  @Nullable Instant readAt() {
    return readAt;
  }

  String actor() {
    return actor;
  }

  List<EngineEvent> events(long after, int limit) {
    return events.tailMap(after, false).values().stream().limit(limit).toList();
  }

  long lastEvent() {
    var last = events.lastEntry();
    return last == null ? 0 : last.getKey();
  }

  /// Begins a batch: entries that become durable together, in one round trip.
  Batch batch(long epoch) {
    return new Batch(epoch);
  }

  /// Reads what other consoles wrote.
  void follow() {
    List<EngineEvent> found;
    do {
      found = journal.read(lastEvent(), 1000);
      take(found);
    } while (found.size() == 1000);
    readAt = Instant.now();
  }

  /// Reads everything anew: an entry that only a database holds which did not answer then may lie
  /// below those that were read.
  void reload() {
    List<EngineEvent> all = new ArrayList<>();
    List<EngineEvent> found;
    do {
      found = journal.read(all.isEmpty() ? 0 : all.getLast().sequence(), 1000);
      all.addAll(found);
    } while (found.size() == 1000);
    synchronized (this) {
      all.forEach(event -> events.putIfAbsent(event.sequence(), event));
      ReleaseState folded = ReleaseState.NONE;
      for (EngineEvent event : events.values()) {
        folded = folded.after(event);
      }
      state = folded;
    }
    readAt = Instant.now();
    changed.run();
  }

  private synchronized void take(List<EngineEvent> written) {
    if (written.isEmpty()) {
      return;
    }
    for (EngineEvent event : written) {
      events.putIfAbsent(event.sequence(), event);
      state = state.after(event);
      LOG.info("{} {} {} {}", event.kind(), event.phase(), event.step(), event.text());
    }
    while (events.size() > KEPT) {
      events.pollFirstEntry();
    }
    changed.run();
  }

  /// Entries of one round trip. Not thread-safe; used by one thread and thrown away.
  final class Batch {
    private final long epoch;
    private final List<Journal.Draft> drafts = new ArrayList<>();

    private Batch(long epoch) {
      this.epoch = epoch;
    }

    /// The same entries, to be written under another epoch.
    Batch under(long newer) {
      if (newer == epoch) {
        return this;
      }
      Batch moved = new Batch(newer);
      moved.drafts.addAll(drafts);
      return moved;
    }

    Batch add(Kind kind, Phase phase, String step, String text, Map<String, String> data) {
      return add(state.number(), kind, phase, step, text, data);
    }

    Batch add(
        long release, Kind kind, Phase phase, String step, String text, Map<String, String> data) {
      drafts.add(new Journal.Draft(release, kind, phase, step, text, data));
      return this;
    }

    Batch add(Kind kind, Phase phase, String step, String text) {
      return add(kind, phase, step, text, Map.of());
    }

    /// @throws DeposedException when another console drives
    /// @throws Journal.JournalException when no database took it
    void write() {
      if (!drafts.isEmpty()) {
        List<Journal.Draft> now = List.copyOf(drafts);
        drafts.clear();
        // Under one lock, so that entries are folded in the order in which they were written.
        synchronized (Recorder.this) {
          take(journal.append(epoch, actor, now));
          readAt = Instant.now();
        }
      }
    }
  }
}
