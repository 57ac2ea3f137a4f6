package dev.signalbox.cli;

import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.ReleaseView;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Prints the events of an engine as they come, once it was told from where on, and remembers what
/// they told. Used by one thread.
final class EventPrinter {
  private static final int PAGE = 500;

  /// What is no work: it happens whenever somebody takes the lease, or asks for something.
  private static final Set<Kind> NO_WORK = Set.of(Kind.LEASE_TAKEN, Kind.COMMAND, Kind.GATE);

  private final Engine engine;
  private final Output output;
  private long printed = -1;
  private boolean worked;
  private boolean cameToHold;
  private String lastNote = "";

  EventPrinter(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
  }

  /// Events before this moment are history and are not printed.
  void skipHistory() {
    printed = engine.snapshot().lastEvent();
  }

  /// The same, but what this console did since it took the lease is no history.
  void skipHistoryBeforeLease() {
    skipHistory();
    // Numbers have gaps, so how far back it is cannot be said.
    for (long back = PAGE; back > 0; back *= 8) {
      long after = Math.max(0, printed - back);
      OptionalLong taken = newestLease(after);
      if (taken.isPresent()) {
        printed = taken.getAsLong() - 1;
        return;
      } else if (after == 0) {
        return;
      }
    }
  }

  private OptionalLong newestLease(long after) {
    OptionalLong newest = OptionalLong.empty();
    long read = after;
    List<EngineEvent> page;
    do {
      page = engine.events(read, PAGE);
      for (EngineEvent event : page) {
        read = event.sequence();
        if (event.kind() == Kind.LEASE_TAKEN) {
          newest = OptionalLong.of(read);
        }
      }
    } while (page.size() == PAGE);
    return newest;
  }

  /// Prints what came since the last time; nothing before the history was skipped.
  void print() {
    if (printed < 0) {
      return;
    }
    List<EngineEvent> page;
    do {
      page = engine.events(printed, PAGE);
      for (EngineEvent event : page) {
        output.event(event);
        printed = event.sequence();
        worked |= !NO_WORK.contains(event.kind());
        cameToHold |= event.kind() == Kind.HOLDING;
        if (event.kind() == Kind.NOTE) {
          lastNote = event.text();
        }
      }
    } while (page.size() == PAGE);
  }

  /// The text of the newest note among the events that were printed; empty when there was none.
  String lastNote() {
    return lastNote;
  }

  /// Whether work of the release was seen since this console took the lease.
  boolean tookUp() {
    print();
    return worked;
  }

  /// Whether the release began to hold since this console took the lease, and holds still.
  boolean cameToHold() {
    print();
    ReleaseView release = engine.snapshot().release();
    return cameToHold && release != null && release.status() instanceof ReleaseView.Status.Holding;
  }
}
