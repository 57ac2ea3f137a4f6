package dev.signalbox.app;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.conductor.ChangedJournal;
import java.util.List;

/// The real journal, whose process may park after each write. Thread-safe.
final class ParkingJournal extends ChangedJournal {
  private final Parking parking;

  ParkingJournal(Journal real, Parking parking) {
    super(real);
    this.parking = parking;
  }

  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    parking.gate();
    List<EngineEvent> written = super.append(epoch, actor, drafts);
    parking.passed(drafts.getLast().kind() + " " + drafts.getLast().step());
    return written;
  }
}
