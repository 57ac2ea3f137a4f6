package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.journal.SimClient;
import dev.signalbox.engine.journal.SimLine;
import dev.signalbox.engine.journal.SimLine.Fate;
import dev.signalbox.engine.journal.SimTables;
import dev.signalbox.engine.journal.SimTime;
import dev.signalbox.engine.journal.SimWitness;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.conductor.SimFaults.Fault;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Journal and lease of a simulated environment: the production's, over two simulated databases and
/// a witness. Whatever a console asks of one of them may fail, be done without an answer, be done
/// late, or be the last thing that the console does.
final class SimStore {
  static final Duration TTL = Duration.ofSeconds(2);

  private final SimScheduler scheduler;
  private final SimFaults faults;
  private final SimNet net;
  private final Map<Colour, SimTables> tables = new EnumMap<>(Colour.class);
  private final SimWitness witness;
  private final SimTrace trace;
  private Consumer<String> violated = what -> {};
  private long newest;
  private @Nullable Object newestOf;
  private @Nullable Move accepted;

  SimStore(SimScheduler scheduler, SimFaults faults, SimNet net, SimTrace trace) {
    this.scheduler = scheduler;
    this.faults = faults;
    this.net = net;
    this.trace = trace;
    for (Colour colour : Colour.values()) {
      tables.put(colour, new SimTables(colour, scheduler::now));
    }
    this.witness = new SimWitness(scheduler::now);
  }

  /// @param sink told what must not happen
  void whenViolated(Consumer<String> sink) {
    violated = sink;
  }

  SimTables tables(Colour colour) {
    return Objects.requireNonNull(tables.get(colour));
  }

  /// The newest that a console was given.
  long epoch() {
    return newest;
  }

  /// The move under way whose beginning says that writes may be lost; null when it does not.
  @Nullable Move accepted() {
    return accepted;
  }

  /// The entries of both databases, those that are void, too.
  List<EngineEvent> entries() {
    Map<Long, EngineEvent> all = new TreeMap<>();
    tables.values().forEach(t -> t.entries().forEach(e -> all.put(e.sequence(), e)));
    return List.copyOf(all.values());
  }

  @Nullable String misfit() {
    return SimTables.misfit(tables(Colour.BLUE), tables(Colour.GREEN));
  }

  @Nullable String audit() {
    return SimTables.audit(tables(Colour.BLUE), tables(Colour.GREEN));
  }

  /// What a console sees of it.
  final class Seat implements Journal, Lease, SimTime {
    private final int console;
    private final Runnable die;
    private final Journal journal;
    private final Lease lease;
    private final Turn writing = new Turn();
    private final Turn acquiring = new Turn();

    /// What is to become of the calls that are under way, by operation.
    private final Map<String, Map<Node, Fate>> plans = new HashMap<>();

    /// The console dies after that many databases have taken what it appends.
    private int lastAppends = Integer.MAX_VALUE;

    private boolean reading;
    private Duration owed = Duration.ZERO;

    Seat(int console, Runnable die, SimClient.Flaw flaw) {
      this.console = console;
      this.die = die;
      Map<SimTables, SimLine> lines = new LinkedHashMap<>();
      tables.forEach((colour, one) -> lines.put(one, line(Node.of(colour))));
      SimClient client =
          new SimClient(this, lines, witness, line(Node.ENTRY), "console " + console, TTL, flaw);
      this.journal = client.journal();
      this.lease = client.lease();
    }

    /// Production locks; here that would stop the only thread.
    private final class Turn {
      private boolean taken;

      <T> T alone(Supplier<T> work) {
        if (!scheduler.inTask()) {
          violated.accept("a command waits for a database before it is answered");
          throw new JournalException("not in a task", new java.io.IOException("none"));
        }
        while (taken) {
          scheduler.rest(Duration.ofMillis(1));
        }
        taken = true;
        try {
          return work.get();
        } finally {
          taken = false;
        }
      }
    }

    private SimLine line(Node node) {
      return new SimLine() {
        @Override
        public Fate fate(String operation) {
          if (operation.equals("append") && lastAppends-- == 0) {
            dies();
          }
          return switch (net.seen(console, node)) {
            case AWAY -> Fate.REFUSED;
            case HANGS -> Fate.HANGS;
            case UP -> plans.getOrDefault(operation, Map.of()).getOrDefault(node, Fate.ANSWERS);
          };
        }

        @Override
        public void later(Duration delay, Runnable work) {
          scheduler.later(delay, work);
        }
      };
    }

    private void dies() {
      die.run();
      scheduler.current().dieIfDead();
    }

    private Fate drawn(Fate one, Fate other) {
      return scheduler.random.nextBoolean() ? one : other;
    }

    private Node database() {
      return scheduler.random.nextBoolean() ? Node.BLUE : Node.GREEN;
    }

    private Map<Node, Fate> plan(@Nullable Fault fault) {
      return switch (fault) {
        case FAILS ->
            Map.of(Node.BLUE, Fate.REFUSED, Node.GREEN, Fate.REFUSED, Node.ENTRY, Fate.REFUSED);
        case ANSWER_LOST ->
            Map.of(
                Node.BLUE,
                drawn(Fate.ANSWER_LOST, Fate.ACTS_LATE),
                Node.GREEN,
                drawn(Fate.ANSWER_LOST, Fate.ACTS_LATE),
                Node.ENTRY,
                Fate.ANSWER_LOST);
        case HANGS -> Map.of(database(), drawn(Fate.HANGS, Fate.ACTS_LATE));
        case null, default -> Map.of();
      };
    }

    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return writing.alone(() -> {
        Fault fault =
            faults.at(
                "journal " + drafts.getFirst().kind(),
                Fault.FAILS,
                Fault.ANSWER_LOST,
                Fault.HANGS,
                Fault.DIES_BEFORE,
                Fault.DIES_AFTER);
        if (fault == Fault.DIES_BEFORE) {
          dies();
        } else if (fault == Fault.DIES_AFTER) {
          lastAppends = 1 + scheduler.random.nextInt(2);
        }
        plans.put("append", plan(fault));
        // Also when the answer is lost: it may be written.
        for (Draft draft : drafts) {
          if (draft.payload() instanceof MoveStarted started) {
            trace.begins(started.move());
            accepted = null;
          }
        }
        List<EngineEvent> written;
        try {
          written = journal.append(epoch, actor, drafts);
        } finally {
          plans.remove("append");
        }
        if (fault == Fault.DIES_AFTER) {
          dies();
        }
        written.forEach(this::note);
        return written;
      });
    }

    private void note(EngineEvent event) {
      if (event.payload() instanceof MoveStarted started) {
        accepted = started.lossAcknowledged() ? started.move() : null;
      }
    }

    @Override
    public Reader reader() {
      return new ChangedJournal.Pages(journal.reader()) {
        @Override
        public List<EngineEvent> next() {
          plans.put("read", plan(faults.at("journal read", Fault.FAILS, Fault.HANGS)));
          reading = true;
          try {
            return super.next();
          } finally {
            reading = false;
            plans.remove("read");
          }
        }
      };
    }

    @Override
    public void reconcile(long epoch) {
      journal.reconcile(epoch);
    }

    @Override
    public LeaseView look() {
      return lease.look();
    }

    @Override
    public long acquire(boolean force) {
      return acquiring.alone(() -> {
        plans.put("take", plan(faults.at("lease acquire", Fault.FAILS, Fault.ANSWER_LOST)));
        try {
          long given = lease.acquire(force);
          if (given <= newest) {
            violated.accept("epoch " + given + " is given when " + newest + " was");
          }
          if (given > newest) {
            newest = given;
            newestOf = this;
          }
          return given;
        } finally {
          plans.remove("take");
        }
      });
    }

    @Override
    public long acquireAlone(String words) {
      throw new IllegalStateException("nobody drives alone in this simulation");
    }

    @Override
    public void renew(long epoch) {
      plans.put("renew", plan(faults.at("lease renew", Fault.FAILS, Fault.HANGS)));
      long before = newest;
      // One's own newer epoch is no deposition.
      boolean ours = equals(newestOf);
      try {
        lease.renew(epoch);
      } finally {
        plans.remove("renew");
      }
      if (epoch < before && !ours) {
        violated.accept("epoch " + epoch + " is renewed when " + before + " was given");
      }
    }

    @Override
    public void release(long epoch) {
      lease.release(epoch);
    }

    // ---- time ---------------------------------------------------------------------------------

    @Override
    public Instant now() {
      return scheduler.now();
    }

    @Override
    public long nanoTime() {
      return scheduler.nanoTime();
    }

    @Override
    public void pause() {
      if (scheduler.inTask()) {
        scheduler.pause();
      }
    }

    /// Readers lock as well: what they wait is waited when they have read.
    @Override
    public void sleep(Duration duration) {
      if (reading) {
        owed = owed.plus(duration);
        return;
      }
      try {
        scheduler.sleep(duration);
      } catch (InterruptedException e) {
        scheduler.current().interrupt();
      }
    }

    /// What was read and not waited for yet.
    Duration owed() {
      Duration now = owed;
      owed = Duration.ZERO;
      return now;
    }

    @Override
    public boolean interrupted() {
      return scheduler.inTask() && scheduler.current().isInterrupted();
    }
  }
}
