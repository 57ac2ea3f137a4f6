package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.journal.SimClient;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
            return new ChangedJournal.Pretending(real, ChangedJournal.Begins.ANYTHING);
          }
        },
        new SimMutant("what is read before a read fails is forgotten") {
          @Override
          Journal journal(Journal real) {
            return new ChangedJournal.Forgetful(real);
          }
        },
        new SimMutant("a move begins though only one database's journal was read") {
          @Override
          Journal journal(Journal real) {
            return new ChangedJournal.Incomplete(real);
          }

          @Override
          Set<String> often() {
            return Set.of("journal GIVE_UP_STARTED", "journal COMMAND");
          }
        },
        new SimMutant("a viewer never rereads what came late") {
          @Override
          Journal journal(Journal real) {
            return new ChangedJournal.NeverRereading(real);
          }
        });
  }

  // ---- state and levers -----------------------------------------------------------------------

  private static ReleaseState with(
      ReleaseState s, Doing doing, Set<String> intended, List<MoveView> moves) {
    return new ReleaseState(
        s.info(),
        doing,
        s.progress(),
        new ReleaseState.Intents(intended, s.moveSteps()),
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
            return new ChangedJournal.Pretending(real, ChangedJournal.Begins.A_MOVE);
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

          @Override
          Set<String> often() {
            return Set.of("run database.switch", "look at database.switch");
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
        new SimMutant("nobody judges the health of what gets traffic") {
          @Override
          Plane plane(Plane real, Supplier<ReleaseState> journal) {
            return new ChangedPlane(real) {
              @Override
              public @Nullable String alarm(Colour live) {
                return null;
              }
            };
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
  private static final class Believing extends ChangedPlane {
    private final Supplier<ReleaseState> journal;

    Believing(Plane real, Supplier<ReleaseState> journal) {
      super(real);
      this.journal = journal;
    }

    @Override
    public @Nullable Colour live() {
      return journal.get().live();
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
            return new ChangedExecution(real) {
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
            return new ChangedExecution(real) {
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
            return new ChangedExecution(real) {
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
        new SimMutant("a COMMIT that hangs is taken for one that was not made") {
          @Override
          boolean settled() {
            return false;
          }

          @Override
          Set<String> often() {
            return Set.of("COMMIT of an opening");
          }
        },
        new SimMutant("giving up goes on after a step could not be undone") {
          @Override
          Step step(Step real) {
            return real.stage() == Stage.WORK ? new Careless(real) : real;
          }
        });
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
}
