package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.journal.SimClient;
import dev.signalbox.engine.release.Doing.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Faults that the release core once had, put back one by one. The simulation must find each.
final class SimMutants {
  private static final Logger LOG = LoggerFactory.getLogger(SimMutants.class);

  private SimMutants() {}

  static List<SimMutant> all() {
    List<SimMutant> all = new ArrayList<>(ofTheJournal());
    all.addAll(ofTheState());
    all.addAll(ofRecovery());
    return all;
  }

  // ---- journal and lease ----------------------------------------------------------------------

  private static SimMutant flawed(String name, SimClient.Flaw flaw) {
    return new SimMutant(name) {
      @Override
      SimClient.Flaw flaw() {
        return flaw;
      }
    };
  }

  private static List<SimMutant> ofTheJournal() {
    return List.of(
        flawed(
            "the number of an append that timed out is used again",
            SimClient.Flaw.NUMBERS_USED_AGAIN),
        flawed("an append that timed out is not declared void", SimClient.Flaw.NOT_DECLARED_VOID),
        flawed(
            "what a console was told to have failed it acts upon when it reads it",
            SimClient.Flaw.FAILED_IS_READ),
        flawed("the witness agrees with two consoles", SimClient.Flaw.WITNESS_AGREES),
        new SimMutant("something begins whose intent was not written") {
          @Override
          Journal journal(Journal real) {
            return new Pretending(real, Begins.ANYTHING);
          }
        },
        new SimMutant("what is read before a read fails is forgotten") {
          @Override
          Journal journal(Journal real) {
            return new Forgetful(real);
          }
        },
        new SimMutant("a move begins though only one database's journal was read") {
          @Override
          Journal journal(Journal real) {
            return new Incomplete(real);
          }

          @Override
          Set<String> often() {
            return Set.of("journal GIVE_UP_STARTED", "journal COMMAND");
          }
        },
        new SimMutant("a viewer never rereads what came late") {
          @Override
          Journal journal(Journal real) {
            return new NeverRereading(real);
          }
        });
  }

  /// Which first entries of a batch are meant.
  private enum Begins {
    ANYTHING,
    A_MOVE;

    boolean has(Kind kind) {
      return this == ANYTHING || kind == Kind.MOVE_STARTED;
    }
  }

  /// Goes on as if what could not be written had been.
  private record Pretending(Journal real, Begins kinds) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      try {
        return real.append(epoch, actor, drafts);
      } catch (JournalException e) {
        if (kinds.has(drafts.getFirst().kind())) {
          return List.of();
        }
        throw e;
      }
    }

    @Override
    public Reader reader() {
      return real.reader();
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }

  /// Does not tell that a database was not read.
  private record Incomplete(Journal real) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return real.append(epoch, actor, drafts);
    }

    @Override
    public Reader reader() {
      Reader pages = real.reader();
      return new Reader() {
        @Override
        public List<EngineEvent> next() {
          return pages.next();
        }

        @Override
        public Set<Long> voided() {
          return pages.voided();
        }
      };
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }

  /// Forgets a page when the next one cannot be read.
  private record Forgetful(Journal real) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return real.append(epoch, actor, drafts);
    }

    @Override
    public Reader reader() {
      Reader pages = real.reader();
      return new Reader() {
        @Override
        public List<EngineEvent> next() {
          List<EngineEvent> all = new ArrayList<>();
          for (List<EngineEvent> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            all.addAll(page);
          }
          return all;
        }

        @Override
        public boolean complete() {
          return pages.complete();
        }

        @Override
        public Set<Long> voided() {
          return pages.voided();
        }
      };
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }

  /// Asks for what is behind the last number only.
  private record NeverRereading(Journal real) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return real.append(epoch, actor, drafts);
    }

    @Override
    public Reader reader() {
      Reader pages = real.reader();
      return new Reader() {
        private long last;

        @Override
        public List<EngineEvent> next() {
          while (true) {
            List<EngineEvent> page = pages.next();
            List<EngineEvent> behind = page.stream().filter(e -> e.sequence() > last).toList();
            if (!behind.isEmpty()) {
              last = behind.getLast().sequence();
            }
            if (page.isEmpty() || !behind.isEmpty()) {
              return behind;
            }
          }
        }

        @Override
        public boolean complete() {
          return pages.complete();
        }

        @Override
        public Set<Long> voided() {
          return pages.voided();
        }
      };
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }

  // ---- state and levers -----------------------------------------------------------------------

  private static ReleaseState with(
      ReleaseState s, Doing doing, Set<String> intended, List<MoveView> moves) {
    return new ReleaseState(
        s.number(),
        s.version(),
        s.origin(),
        s.target(),
        doing,
        s.phase(),
        s.step(),
        s.phases(),
        intended,
        s.moveSteps(),
        moves,
        s.startedAt(),
        s.endedAt(),
        s.lastSequence());
  }

  private static ReleaseState doing(ReleaseState s, Work work) {
    return with(s, new Doing(work, s.doing().hold()), s.intended(), s.moves());
  }

  private static List<SimMutant> ofTheState() {
    return List.of(
        new SimMutant(
            "the write that begins a way back fails and the move before is marked undone") {
          @Override
          Journal journal(Journal real) {
            return new Pretending(real, Begins.A_MOVE);
          }

          @Override
          ReleaseState after(ReleaseState state, EngineEvent event) {
            ReleaseState after = state.after(event);
            if (event.kind() != Kind.MOVE_UNDONE || state.moves().isEmpty()) {
              return after;
            }
            List<MoveView> moves = new ArrayList<>(after.moves());
            MoveView last = moves.removeLast();
            moves.add(
                new MoveView(
                    last.move(), MoveView.Result.UNDONE, last.at(), last.stall(), last.steps()));
            return with(after, Doing.of(new Work.Ready()), after.intended(), moves);
          }
        },
        new SimMutant("a hold erases what was being done") {
          @Override
          ReleaseState after(ReleaseState state, EngineEvent event) {
            ReleaseState after = state.after(event);
            return event.kind() == Kind.HOLDING && state.work() instanceof Work.Moving
                ? doing(after, new Work.SetUp())
                : after;
          }
        },
        new SimMutant("steps of a move leak into the set-up") {
          @Override
          ReleaseState after(ReleaseState state, EngineEvent event) {
            ReleaseState after = state.after(event);
            if (event.kind() != Kind.STEP_INTENT || !(state.work() instanceof Work.Moving)) {
              return after;
            }
            Set<String> intended = new HashSet<>(after.intended());
            intended.add(event.step());
            return with(after, after.doing(), intended, after.moves());
          }
        },
        new SimMutant("whoever resumes a move forgets that a loss was accepted") {
          @Override
          ReleaseState after(ReleaseState state, EngineEvent event) {
            ReleaseState after = state.after(event);
            return after.work() instanceof Work.Moving moving && event.kind() == Kind.HOLDING
                ? doing(after, new Work.Moving(moving.move(), false, moving.before()))
                : after;
          }
        },
        new SimMutant("whoever proves a move forgets that a loss was accepted") {
          @Override
          ReleaseState after(ReleaseState state, EngineEvent event) {
            ReleaseState after = state.after(event);
            return after.work() instanceof Work.Proving proving
                ? doing(after, new Work.Proving(proving.move(), false))
                : after;
          }
        },
        new SimMutant("giving up believes the journal") {
          @Override
          Plane plane(Plane real, Supplier<ReleaseState> journal) {
            return new Believing(real, journal);
          }
        },
        new SimMutant("rolling back is refused as busy") {
          @Override
          Map<LeverId, Lever> levers(ReleaseState state, Observed seen) {
            Map<LeverId, Lever> levers = new EnumMap<>(Levers.of(state, seen));
            if (seen.activity().isPresent()) {
              levers.put(LeverId.ROLL_BACK, new Lever.Locked("Something is under way."));
            }
            return levers;
          }
        });
  }

  /// Sees what the journal says.
  private record Believing(Plane real, Supplier<ReleaseState> journal) implements Plane {
    @Override
    public @Nullable Colour live() {
      return journal.get().live();
    }

    @Override
    public String id() {
      return real.id();
    }

    @Override
    public void start() {
      real.start();
    }

    @Override
    public PlaneView view() {
      return real.view();
    }

    @Override
    public List<GateView> gates(Move move) {
      return real.gates(move);
    }

    @Override
    public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
      return real.steps(phase, move, release);
    }

    @Override
    public Risk risk(Move move) {
      return real.risk(move);
    }

    @Override
    public void refresh() {
      real.refresh();
    }

    @Override
    public void driving(long epoch) {
      real.driving(epoch);
    }

    @Override
    public Optional<Outcome> obey(Command.OnPlane command, long epoch) {
      return real.obey(command, epoch);
    }

    @Override
    public @Nullable String alarm(Colour live) {
      return real.alarm(live);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  // ---- activities and recovery ----------------------------------------------------------------

  private static List<SimMutant> ofRecovery() {
    return List.of(
        new SimMutant("what is under way with nobody at it is not taken up") {
          @Override
          boolean ticks() {
            return false;
          }
        },
        new SimMutant("a step that may still act is undone under the same epoch") {
          @Override
          Execution execution(Execution real, LongSupplier epoch) {
            return new Changed(real) {
              @Override
              public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
                try {
                  return super.within(limit, what, work);
                } catch (StillRunning e) {
                  throw new TimeoutException(e.getMessage());
                } catch (InterruptedException e) {
                  throw new InterruptedException(e.getMessage());
                }
              }
            };
          }
        },
        new SimMutant("an activity that ends under a newer epoch is not let go") {
          @Override
          Execution execution(Execution real, LongSupplier epoch) {
            return new Changed(real) {
              private final ThreadLocal<Long> began = ThreadLocal.withInitial(epoch::getAsLong);

              @Override
              public Task start(String name, Runnable work) {
                return super.start(
                    name,
                    () -> {
                      began.set(epoch.getAsLong());
                      work.run();
                    });
              }

              @Override
              public boolean post(Runnable work) {
                // What a task posts is how it ended.
                boolean late = began.get() != 0 && began.get() != epoch.getAsLong();
                return late || super.post(work);
              }
            };
          }
        },
        new SimMutant("a command waits for databases before it is answered") {
          @Override
          Execution execution(Execution real, LongSupplier epoch) {
            return new Changed(real) {
              @Override
              public Task start(String name, Runnable work) {
                if (!name.equals("take over")) {
                  return super.start(name, work);
                }
                work.run();
                return super.start(name, () -> {});
              }
            };
          }
        },
        new SimMutant("recovery undoes a commit that it could have seen") {
          @Override
          Step step(Step real) {
            return real.stage() == Stage.COMMIT ? new Blind(real) : real;
          }
        },
        new SimMutant("giving up goes on after a step could not be undone") {
          @Override
          Step step(Step real) {
            return real.stage() == Stage.WORK ? new Careless(real) : real;
          }
        });
  }

  private static class ChangedStep implements Step {
    private final Step real;

    ChangedStep(Step real) {
      this.real = real;
    }

    @Override
    public String id() {
      return real.id();
    }

    @Override
    public String title() {
      return real.title();
    }

    @Override
    public Stage stage() {
      return real.stage();
    }

    @Override
    public Duration timeout() {
      return real.timeout();
    }

    @Override
    public Reality observe(StepContext context) throws Exception {
      return real.observe(context);
    }

    @Override
    public String run(StepContext context) throws Exception {
      return real.run(context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
      real.undo(context);
    }
  }

  private static final class Blind extends ChangedStep {
    Blind(Step real) {
      super(real);
    }

    @Override
    public Reality observe(StepContext context) {
      return Reality.NOT_DONE;
    }
  }

  private static final class Careless extends ChangedStep {
    Careless(Step real) {
      super(real);
    }

    @Override
    public void undo(StepContext context) {
      try {
        super.undo(context);
      } catch (Exception e) {
        LOG.debug("not minded", e);
      }
    }
  }

  private static class Changed implements Execution {
    private final Execution real;

    Changed(Execution real) {
      this.real = real;
    }

    @Override
    public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
      return real.within(limit, what, work);
    }

    @Override
    public Instant now() {
      return real.now();
    }

    @Override
    public long nanoTime() {
      return real.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }

    @Override
    public Task start(String name, Runnable work) {
      return real.start(name, work);
    }

    @Override
    public boolean interrupted() {
      return real.interrupted();
    }

    @Override
    public boolean post(Runnable work) {
      return real.post(work);
    }

    @Override
    public void later(Duration delay, Runnable work) {
      real.later(delay, work);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
