package dev.signalbox.app;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// The real journal, but the thread that has written for the n-th time goes no further: the process
/// waits there to be killed. Once it parks, nobody writes any more. Thread-safe.
final class ParkingJournal implements Journal {
  private final Journal journal;
  private final Consumer<String> parked;
  private int left;

  /// @param after writes; 0 for never
  /// @param parked told the last entry
  ParkingJournal(Journal journal, int after, Consumer<String> parked) {
    this.journal = journal;
    this.left = after == 0 ? -1 : after;
    this.parked = parked;
  }

  /// Begins to count anew.
  synchronized void parkAfter(int writes) {
    left = writes;
  }

  @Override
  public synchronized List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    List<EngineEvent> written = journal.append(epoch, actor, drafts);
    if (left > 0) {
      left--;
    }
    if (left == 0) {
      parked.accept(drafts.getLast().kind() + " " + drafts.getLast().step());
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("Only a kill ends this process.", e);
      }
    }
    return written;
  }

  @Override
  public Reader reader() {
    return journal.reader();
  }

  @Override
  public void reconcile(long epoch) {
    journal.reconcile(epoch);
  }
}
