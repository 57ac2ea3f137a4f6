package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.release.SimFaults.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Journal and lease of a simulated environment. Whatever is asked of it may fail, be done without
/// an answer, or be the last thing that a console does.
final class SimStore {
  static final Duration TTL = Duration.ofSeconds(2);

  private final SimScheduler scheduler;
  private final SimFaults faults;
  private final List<EngineEvent> entries = new ArrayList<>();
  private final List<Runnable> raised = new ArrayList<>();
  private long epoch;
  private int holder = -1;
  private Instant expires = Instant.MIN;

  /// An append whose answer was lost. Who wrote it writes it off with its next entry; whoever
  /// drives next may find it or not.
  private List<EngineEvent> doubtful = List.of();

  private int doubter = -1;

  SimStore(SimScheduler scheduler, SimFaults faults) {
    this.scheduler = scheduler;
    this.faults = faults;
  }

  long epoch() {
    return epoch;
  }

  List<EngineEvent> entries() {
    return entries;
  }

  /// Called when the epoch has risen.
  void whenRaised(Runnable work) {
    raised.add(work);
  }

  private void settleDoubt(int writer) {
    if (!doubtful.isEmpty()) {
      if (writer != doubter && scheduler.random.nextBoolean()) {
        entries.addAll(doubtful);
      }
      doubtful = List.of();
    }
  }

  private long head() {
    long last = entries.isEmpty() ? 0 : entries.getLast().sequence();
    return doubtful.isEmpty() ? last : doubtful.getLast().sequence();
  }

  /// What a console sees of it.
  final class Seat implements Journal, Lease {
    private final int console;
    private final Runnable die;

    Seat(int console, Runnable die) {
      this.console = console;
      this.die = die;
    }

    private void breathe() {
      if (scheduler.inTask()) {
        scheduler.pause();
      }
    }

    @Override
    public List<EngineEvent> append(long carried, String actor, List<Draft> drafts) {
      breathe();
      String place = "journal " + drafts.getFirst().kind();
      Fault fault =
          faults.at(place, Fault.FAILS, Fault.ANSWER_LOST, Fault.DIES_BEFORE, Fault.DIES_AFTER);
      if (fault == Fault.DIES_BEFORE) {
        die.run();
        scheduler.current().dieIfDead();
      }
      if (carried != epoch) {
        throw new DeposedException("epoch " + carried + " is not the newest, " + epoch);
      }
      if (fault == Fault.FAILS) {
        throw new JournalException("no database answers", new java.io.IOException("as drawn"));
      }
      long head = head();
      settleDoubt(console);
      List<EngineEvent> written = new ArrayList<>();
      for (Draft d : drafts) {
        written.add(
            new EngineEvent(
                ++head,
                scheduler.now(),
                d.release(),
                carried,
                actor,
                d.kind(),
                d.phase(),
                d.step(),
                d.text(),
                d.data()));
      }
      if (fault == Fault.ANSWER_LOST) {
        doubtful = written;
        doubter = console;
        throw new JournalException("the answer was lost", new java.io.IOException("as drawn"));
      }
      entries.addAll(written);
      if (fault == Fault.DIES_AFTER) {
        die.run();
        scheduler.current().dieIfDead();
      }
      return written;
    }

    @Override
    public Reader reader() {
      return new Reader() {
        private int returned;

        @Override
        public List<EngineEvent> next() {
          if (faults.at("journal read", Fault.FAILS) != null) {
            throw new JournalException("no database answers", new java.io.IOException("as drawn"));
          }
          List<EngineEvent> fresh = List.copyOf(entries.subList(returned, entries.size()));
          returned = entries.size();
          return fresh;
        }
      };
    }

    @Override
    public void reconcile(long carried) {}

    @Override
    public LeaseView look() {
      boolean live = scheduler.now().isBefore(expires);
      return new LeaseView(
          live && holder == console, live ? "console " + holder : "", epoch, expires);
    }

    @Override
    public long acquire(boolean force) {
      breathe();
      Fault fault = faults.at("lease acquire", Fault.FAILS, Fault.ANSWER_LOST);
      if (fault == Fault.FAILS) {
        throw new IllegalStateException("no database answers");
      }
      if (!force && holder != console && scheduler.now().isBefore(expires)) {
        throw new HeldException("console " + holder + " drives");
      }
      settleDoubt(console);
      epoch++;
      holder = console;
      expires = scheduler.now().plus(TTL);
      raised.forEach(Runnable::run);
      if (fault == Fault.ANSWER_LOST) {
        throw new IllegalStateException("the answer was lost");
      }
      return epoch;
    }

    @Override
    public long acquireAlone(String words) {
      throw new IllegalStateException("nobody drives alone in this simulation");
    }

    @Override
    public void renew(long carried) {
      breathe();
      if (faults.at("lease renew", Fault.FAILS) != null) {
        throw new IllegalStateException("no database answers");
      }
      if (carried != epoch || holder != console) {
        throw new DeposedException("another console has taken the lease");
      }
      expires = scheduler.now().plus(TTL);
    }

    @Override
    public void release(long carried) {
      if (carried == epoch && holder == console) {
        expires = Instant.MIN;
      }
    }
  }
}
