package dev.signalbox.app;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The real journal, but the thread that has written for the n-th time goes no further: the process
/// waits there to be killed.
final class ParkingJournal implements Journal {
  private final Journal journal;
  private final int after;
  private final Runnable parked;
  private final AtomicInteger writes = new AtomicInteger();

  /// @param after writes; 0 for never
  ParkingJournal(Journal journal, int after, Runnable parked) {
    this.journal = journal;
    this.after = after;
    this.parked = parked;
  }

  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    List<EngineEvent> written = journal.append(epoch, actor, drafts);
    if (writes.incrementAndGet() >= after && after > 0) {
      parked.run();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("Only a kill ends this process.", e);
      }
    }
    return written;
  }

  @Override
  public List<EngineEvent> read(long after, int limit) {
    return journal.read(after, limit);
  }

  @Override
  public void reconcile(long epoch) {
    journal.reconcile(epoch);
  }
}
