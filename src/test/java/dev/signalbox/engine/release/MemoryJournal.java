package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.LeaseView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Journal and lease in memory, with the same refusals as the real ones.
final class MemoryJournal implements Journal, Lease {
  private final List<EngineEvent> entries = new ArrayList<>();
  private long epoch;

  /// Called after each write with the number of entries so far, on the writer's thread.
  LongConsumer afterWrite = n -> {};

  /// The step whose entries no database takes; empty for none.
  volatile String failing = "";

  @Override
  public List<EngineEvent> append(long carried, String actor, List<Draft> drafts) {
    if (drafts.stream().anyMatch(d -> !failing.isEmpty() && d.step().equals(failing))) {
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
                Instant.now(),
                d.release(),
                carried,
                actor,
                d.kind(),
                d.phase(),
                d.step(),
                d.text(),
                d.data());
        entries.add(event);
        written.add(event);
      }
    }
    afterWrite.accept(written.getLast().sequence());
    return written;
  }

  @Override
  public synchronized List<EngineEvent> read(long after, int limit) {
    return entries.stream().filter(e -> e.sequence() > after).limit(limit).toList();
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

  synchronized long epoch() {
    return epoch;
  }

  @Override
  public void renew(long carried) {}

  @Override
  public void release(long carried) {}
}
