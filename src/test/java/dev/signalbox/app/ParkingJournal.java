package dev.signalbox.app;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import java.util.List;

/// The real journal, whose process may park after each write. Thread-safe.
record ParkingJournal(Journal journal, Parking parking) implements Journal {
  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    parking.gate();
    List<EngineEvent> written = journal.append(epoch, actor, drafts);
    parking.passed(drafts.getLast().kind() + " " + drafts.getLast().step());
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
