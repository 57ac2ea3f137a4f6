package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Journal and lease in memory, with the same refusals as the real ones.
final class MemoryJournal implements Journal, Lease {
  private final List<EngineEvent> entries = new ArrayList<>();
  private final Set<Long> hidden = new HashSet<>();
  private final Set<Long> voided = new HashSet<>();
  private long epoch;

  /// Databases that do not answer a reader.
  volatile List<String> unread = List.of();

  /// Called after each write with the number of entries so far, on the writer's thread.
  LongConsumer afterWrite = n -> {};

  /// The step whose entries no database takes; empty for none.
  volatile String failing = "";

  /// Whether no database takes anything.
  volatile boolean away;

  @Override
  public List<EngineEvent> append(long carried, String actor, List<Draft> drafts) {
    if (away || drafts.stream().anyMatch(d -> !failing.isEmpty() && d.step().equals(failing))) {
      throw new JournalException("no database answers", new java.io.IOException("asked to fail"));
    }
    List<EngineEvent> written = new ArrayList<>();
    synchronized (this) {
      if (carried != epoch) {
        throw new DeposedException("epoch " + carried + " is not the newest, " + epoch);
      }
      for (Draft d : drafts) {
        EngineEvent event =
            new EngineEvent(
                entries.size() + 1L,
                Instant.now().minus(d.age()),
                d.release(),
                carried,
                actor,
                d.payload(),
                d.phase(),
                d.step(),
                d.text());
        entries.add(event);
        written.add(event);
      }
    }
    afterWrite.accept(written.getLast().sequence());
    return written;
  }

  /// Entries with a number above `after`, hidden ones too.
  synchronized List<EngineEvent> read(long after, int limit) {
    return entries.stream().filter(e -> e.sequence() > after).limit(limit).toList();
  }

  /// Keeps an entry from readers, as if only a database had it that does not answer.
  synchronized void hide(long sequence) {
    hidden.add(sequence);
  }

  /// The database answers again.
  synchronized void showAll() {
    hidden.clear();
  }

  /// Declares an entry void, as a later one of its writer would.
  synchronized void declareVoid(long sequence) {
    voided.add(sequence);
  }

  @Override
  public Reader reader() {
    return new MemoryReader();
  }

  private final class MemoryReader implements Reader {
    private final Set<Long> returned = new HashSet<>();
    private final Set<Long> told = new HashSet<>();

    @Override
    public List<EngineEvent> next() {
      synchronized (MemoryJournal.this) {
        return entries.stream()
            .filter(e -> !hidden.contains(e.sequence()) && !voided.contains(e.sequence()))
            .filter(e -> returned.add(e.sequence()))
            .toList();
      }
    }

    @Override
    public List<String> unread() {
      return unread;
    }

    @Override
    public Set<Long> voided() {
      synchronized (MemoryJournal.this) {
        return voided.stream()
            .filter(n -> returned.contains(n) && told.add(n))
            .collect(Collectors.toSet());
      }
    }
  }

  @Override
  public void reconcile(long carried) {}

  @Override
  public synchronized LeaseView look() {
    return new LeaseView(false, "", epoch, null);
  }

  @Override
  public synchronized long acquire(boolean force) {
    return ++epoch;
  }

  @Override
  public long acquireAlone(String words) {
    return acquire(true);
  }

  synchronized long epoch() {
    return epoch;
  }

  @Override
  public void renew(long carried) {}

  @Override
  public void release(long carried) {}
}
