package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to the journal, then folds what was written into the [ReleaseState], then lets it be
/// seen: in this order, so that nobody is shown what is not durable. Thread-safe.
final class Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  /// Events kept in memory for screens; older ones stay in the journal.
  private static final int KEPT = 100_000;

  private final int kept;
  private final BiFunction<ReleaseState, EngineEvent, ReleaseState> transition;
  private final Journal.Reader reader;

  private final LongSupplier nanoTime;
  private final Journal journal;
  private final String actor;
  private final Runnable changed;
  private final ConcurrentSkipListMap<Long, EngineEvent> events = new ConcurrentSkipListMap<>();
  private volatile ReleaseState state = ReleaseState.NONE;
  private volatile @Nullable Instant readAt;

  /// @param changed called after each change, on the thread that made it; must return at once
  Recorder(Journal journal, String actor, Runnable changed) {
    this(journal, actor, changed, KEPT);
  }

  /// @param kept events kept in memory, beside those of the newest release
  Recorder(Journal journal, String actor, Runnable changed, int kept) {
    this(journal, actor, changed, kept, ReleaseState::after, System::nanoTime);
  }

  /// @param transition what an entry makes of the state
  /// @param nanoTime for durations only; never goes back
  Recorder(
      Journal journal,
      String actor,
      Runnable changed,
      int kept,
      BiFunction<ReleaseState, EngineEvent, ReleaseState> transition,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.kept = kept;
    this.transition = transition;
    this.reader = journal.reader();
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

  /// Reads what other consoles wrote, also what came late, and leaves out what was declared void.
  ///
  /// @return the databases that did not answer
  List<String> follow() {
    // Before the lock below: a database may take its time.
    synchronized (reader) {
      // Each page at once: when the next one cannot be read, the reader does not return this again.
      for (List<EngineEvent> page = reader.next(); !page.isEmpty(); page = reader.next()) {
        take(page, reader.voided());
      }
      take(List.of(), reader.voided());
      readAt = Instant.now();
      return reader.unread();
    }
  }

  private synchronized void take(List<EngineEvent> found, Set<Long> voided) {
    boolean anew = false;
    List<EngineEvent> fresh = new ArrayList<>();
    for (long number : voided) {
      anew |= events.remove(number) != null;
    }
    for (EngineEvent event : found) {
      // Our own entries are known since they were written.
      if (!voided.contains(event.sequence())
          && events.putIfAbsent(event.sequence(), event) == null) {
        fresh.add(event);
        anew |= event.sequence() < state.lastSequence();
        LOG.info("{} {} {} {}", event.kind(), event.phase(), event.step(), event.text());
      }
    }
    if (anew) {
      state = fold(ReleaseState.NONE, events.values());
    } else {
      fresh.sort(Comparator.comparingLong(EngineEvent::sequence));
      state = fold(state, fresh);
    }
    if (anew || !fresh.isEmpty()) {
      trim();
      changed.run();
    }
  }

  private ReleaseState fold(ReleaseState from, Collection<EngineEvent> events) {
    ReleaseState folded = from;
    for (EngineEvent event : events) {
      folded = transition.apply(folded, event);
    }
    return folded;
  }

  /// Forgets the oldest entries, but none of the newest release: it may have to be folded anew.
  private void trim() {
    if (events.size() <= kept) {
      return;
    }
    long begin = Long.MAX_VALUE;
    for (EngineEvent event : events.descendingMap().values()) {
      if (event.kind() == Kind.RELEASE_STARTED) {
        begin = event.sequence();
        break;
      }
    }
    while (events.size() > kept && events.firstKey() < begin) {
      events.pollFirstEntry();
    }
  }

  /// An entry, and when it happened.
  private record Noted(Journal.Draft draft, long at) {}

  /// Entries of one round trip, each with the time when it was added. Not thread-safe; used by one
  /// thread and thrown away.
  final class Batch {
    private final long epoch;
    private final List<Noted> drafts = new ArrayList<>();

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

    /// Of the release under way; of none when there is none.
    Batch add(EventPayload payload, Phase phase, String step, String text) {
      ReleaseState now = state;
      return add(now.active() ? now.number() : 0, payload, phase, step, text);
    }

    Batch add(long release, EventPayload payload, Phase phase, String step, String text) {
      drafts.add(
          new Noted(new Journal.Draft(release, payload, phase, step, text), nanoTime.getAsLong()));
      return this;
    }

    /// @throws DeposedException when another console drives
    /// @throws Journal.JournalException when no database took it
    void write() {
      if (!drafts.isEmpty()) {
        long time = nanoTime.getAsLong();
        List<Journal.Draft> now =
            drafts.stream().map(d -> d.draft().aged(Duration.ofNanos(time - d.at()))).toList();
        drafts.clear();
        // Folded by their numbers, whoever of two writers comes here first.
        take(journal.append(epoch, actor, now), Set.of());
        readAt = Instant.now();
      }
    }
  }
}
