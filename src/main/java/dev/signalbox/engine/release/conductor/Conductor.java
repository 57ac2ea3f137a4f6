package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.Observed.Driver;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what happens. Commands and results are posted to it and taken one after the other;
/// nothing that is posted waits for a database or a network. The work itself is an activity, at
/// most one at a time, on a task of its own.
///
/// Nothing is under way with nobody at it: while this console drives, whatever the journal says is
/// under way and does not hold is taken up again by [#tick], from what is observed. This covers the
/// death of another console, a journal that could not be written, and a lease that was lost and
/// came back, in one way.
///
/// Going back and giving up do not wait for work that hangs: it is interrupted, and when it does
/// not end it is left behind under its old epoch, which every database and router refuses from then
/// on.
class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /// Between two attempts to take up what is under way.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Environment environment;
  private final Planes planes;
  private final Recorder recorder;
  private final Lease lease;
  private final Execution execution;
  private final Consumer<String> progress;
  private final BiFunction<ReleaseState, Observed, Map<LeverId, Lever>> rules;
  private final ActivityContext.Shared shared;

  /// The epoch we drive under; 0 while another console drives.
  private final AtomicLong epoch = new AtomicLong();

  /// The epoch that was taken and that we do not drive under yet: the journal is being read. 0 when
  /// there is none.
  private final AtomicLong taking = new AtomicLong();

  private final AtomicBoolean stillRunning = new AtomicBoolean();
  private final AtomicBoolean noting = new AtomicBoolean();
  private final PlaneCommands planeCommands;

  /// Written by what is posted alone.
  private volatile @Nullable Activity activity;

  private volatile Instant retryAt = Instant.MIN;

  /// Who drives while it is not this console.
  private volatile Driver other =
      new Driver.Nowhere("It is not known yet who drives this environment.");

  private volatile boolean closing;

  /// For whose sake the activity under way was cancelled. Written by what is posted alone.
  private volatile @Nullable Order waiting;

  /// @param progress told how far a step is; must return at once
  Conductor(
      Environment environment,
      Planes planes,
      Recorder recorder,
      Lease lease,
      Execution execution,
      Consumer<String> progress) {
    this(environment, planes, recorder, lease, execution, progress, Levers::of);
  }

  /// @param rules decide what an operator may do
  Conductor(
      Environment environment,
      Planes planes,
      Recorder recorder,
      Lease lease,
      Execution execution,
      Consumer<String> progress,
      BiFunction<ReleaseState, Observed, Map<LeverId, Lever>> rules) {
    this.environment = environment;
    this.planes = planes;
    this.recorder = recorder;
    this.lease = lease;
    this.execution = execution;
    this.progress = progress;
    this.rules = rules;
    this.planeCommands = new PlaneCommands(environment.name(), planes);
    this.shared =
        new ActivityContext.Shared(
            planes,
            recorder,
            lease,
            execution,
            epoch,
            stillRunning,
            () -> closing,
            progress,
            environment.release().stallBudget());
  }

  /// One piece of work under way.
  ///
  /// @param lever that an operator pulled for it; empty when it began by itself
  /// @param move the move that it was begun for; empty when for none
  private record Activity(
      String title,
      Optional<LeverId> lever,
      Optional<Move> move,
      ActivityContext context,
      CompletableFuture<Outcome> answer,
      CompletableFuture<Execution.Task> task) {}

  /// An operator's order that does not wait for work under way.
  ///
  /// @param words what was typed
  /// @param answers of all who gave it
  private record Order(LeverId lever, String words, List<CompletableFuture<Outcome>> answers) {}

  /// What an activity does, on its own task.
  private interface Job {
    Outcome run(ReleaseWork work) throws InterruptedException;
  }

  // ---- what is known --------------------------------------------------------------------------

  /// The epoch that we drive under, 0 when we do not.
  long epoch() {
    return epoch.get();
  }

  /// The epoch that is being taken up; 0 when none is. Until it is driven under, its lease wants to
  /// be renewed all the same.
  long taking() {
    return taking.get();
  }

  boolean busy() {
    return activity != null;
  }

  /// Whether somebody must be at the release and nobody is.
  boolean unattended() {
    ReleaseState state = recorder.state();
    return activity == null && state.active() && state.doing().wantsSomebody();
  }

  /// What may be done now. From any thread; asks planes only for what they saw.
  Map<LeverId, Lever> levers() {
    return rules.apply(recorder.state(), observed());
  }

  Lever lever(LeverId id) {
    return Objects.requireNonNull(levers().get(id));
  }

  Observed observed() {
    ReleaseState state = recorder.state();
    boolean here = epoch.get() != 0;
    return planes.observed(
        environment.name(),
        here || recorder.readAt() != null,
        here ? new Driver.Here() : other,
        here ? underWay(state) : presumed(state),
        state);
  }

  private Optional<Observed.Activity> underWay(ReleaseState state) {
    return Optional.ofNullable(activity)
        .map(a -> new Observed.Activity(a.title(), a.move().or(() -> moveOf(state))));
  }

  /// What another console that drives is at, by what the journal says. A console that takes the
  /// lease begins with the same.
  private static Optional<Observed.Activity> presumed(ReleaseState state) {
    return state.active() && state.doing().wantsSomebody()
        ? Optional.of(new Observed.Activity(takingUp(state), moveOf(state)))
        : Optional.empty();
  }

  /// The move that an activity is about.
  private static Optional<Move> moveOf(ReleaseState state) {
    return switch (state.work()) {
      case Work.Moving moving -> Optional.of(moving.move());
      case Work.Proving proving -> Optional.of(proving.move());
      case Work.SetUp _, Work.Ready _, Work.Watching _, Work.CleaningUp _ -> Optional.empty();
      case Work.GivingUp _, Work.Ended _ -> Optional.empty();
    };
  }

  // ---- commands -------------------------------------------------------------------------------

  /// Never completes exceptionally.
  CompletionStage<Outcome> submit(Command command) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    boolean posted =
        execution.post(() -> {
          try {
            handle(command, answer);
          } catch (RuntimeException e) {
            LOG.warn("{} failed", command, e);
            answer.complete(new Outcome.Failed(Sentences.of(e)));
          }
        });
    if (!posted) {
      answer.complete(new Outcome.Refused(closed()));
    }
    return answer;
  }

  private String closing() {
    return "The console '" + recorder.actor() + "' is being closed";
  }

  private String closed() {
    return closing() + "; give the command again in a moment.";
  }

  private void handle(Command command, CompletableFuture<Outcome> answer) {
    switch (command) {
      case Command.StartRelease(String version) -> {
        if (version.isBlank() || version.length() > 100) {
          answer.complete(new Outcome.Refused("A release needs a version of 1 to 100 characters."));
        } else if (pulled(LeverId.START, "", answer)) {
          start(version, answer);
        }
      }
      case Command.CutOver _ -> {
        if (pulled(LeverId.CUT_OVER, "", answer)) {
          Move move = recorder.state().nextMove();
          begin(
              "Cut over to " + move.to(),
              LeverId.CUT_OVER,
              Optional.of(move),
              answer,
              ReleaseWork::cutOver);
        }
      }
      case Command.RollBack(String words) -> {
        if (pulled(LeverId.ROLL_BACK, words, answer)) {
          instead(LeverId.ROLL_BACK, words, answer);
        }
      }
      case Command.Resume _ -> {
        Activity now = activity;
        if (now != null && epoch.get() != 0) {
          // Whoever wants it to go on is told how it ends: nothing else is begun.
          var _ = now.answer().thenAccept(answer::complete);
        } else if (pulled(LeverId.RESUME, "", answer)) {
          begin(
              takingUp(recorder.state()),
              LeverId.RESUME,
              Optional.empty(),
              answer,
              work -> {
                work.note(Ordered.RESUME, "An operator resumes the release.");
                return work.takeUp();
              });
        }
      }
      case Command.GiveUp(String name) -> {
        if (pulled(LeverId.GIVE_UP, name, answer)) {
          instead(LeverId.GIVE_UP, name, answer);
        }
      }
      case Command.CleanUp(String name) -> {
        if (pulled(LeverId.CLEAN_UP, name, answer)) {
          begin(
              "Clean up",
              LeverId.CLEAN_UP,
              Optional.empty(),
              answer,
              work -> {
                work.note(Ordered.CLEAN_UP, "An operator ends the way back and cleans up.");
                return work.cleanUp();
              });
        }
      }
      case Command.TakeOver(String name, String alone) -> {
        if (pulled(LeverId.TAKE_OVER, name, answer)) {
          takeOver(alone, answer);
        }
      }
      case Command.OnPlane onPlane -> {
        if (epoch.get() == 0) {
          answer.complete(new Outcome.Refused(other.sentence()));
        } else {
          onPlane(onPlane, answer);
        }
      }
    }
  }

  /// Whether the lever is free and the right words were typed; else the answer says why not.
  private boolean pulled(LeverId id, String typed, CompletableFuture<Outcome> answer) {
    switch (lever(id)) {
      case Lever.Locked(String why) -> answer.complete(new Outcome.Refused(why));
      case Lever.Elsewhere(String who, Lever _) -> answer.complete(new Outcome.Refused(who));
      case Lever.Free(String effect, String words) -> {
        if (words.isEmpty() || words.equals(typed)) {
          return true;
        }
        answer.complete(new Outcome.Refused(effect + " To confirm, type: " + words));
      }
    }
    return false;
  }

  /// Answered as soon as the release has begun; its set-up goes on.
  private void start(String version, CompletableFuture<Outcome> answer) {
    begin(
        "Work up to the cutover",
        LeverId.START,
        Optional.empty(),
        new CompletableFuture<>(),
        work -> {
          Outcome begun;
          try {
            begun = work.start(version);
          } catch (RuntimeException e) {
            answer.complete(new Outcome.Failed(Sentences.of(e)));
            throw e;
          }
          answer.complete(begun);
          return begun instanceof Outcome.Done ? work.setUp() : begun;
        });
  }

  /// @param alone words that stand for the voters that do not answer; empty for a majority
  private void takeOver(String alone, CompletableFuture<Outcome> answer) {
    var _ =
        execution.start(
            "take over",
            () -> {
              try {
                long taken = alone.isEmpty() ? lease.acquire(true) : lease.acquireAlone(alone);
                taking.set(taken);
                taken(taken, ", taken over by an operator", answer);
              } catch (RuntimeException e) {
                LOG.warn("the lease could not be taken over", e);
                answer.complete(new Outcome.Failed(Sentences.of(e)));
              }
            });
  }

  /// What a plane asks may take its time to answer. Written to the journal before it is done.
  private void onPlane(Command.OnPlane command, CompletableFuture<Outcome> answer) {
    ActivityContext context = new ActivityContext(shared, epoch.get());
    var _ =
        execution.start(
            "command",
            () -> {
              try {
                answer.complete(planeCommands.obey(command, context));
              } catch (DeposedException e) {
                answer.complete(new Outcome.Refused(Sentences.of(e)));
              } catch (RuntimeException | Error e) {
                LOG.error("{} failed", command, e);
                answer.complete(new Outcome.Failed(Sentences.of(e)));
              }
            });
  }

  // ---- activities -----------------------------------------------------------------------------

  private void begin(
      String title,
      LeverId lever,
      Optional<Move> move,
      CompletableFuture<Outcome> answer,
      Job job) {
    begin(title, Optional.of(lever), move, answer, job);
  }

  /// For what nobody ordered.
  private void begin(String title, Optional<Move> move, Job job) {
    begin(title, Optional.empty(), move, new CompletableFuture<>(), job);
  }

  private void begin(
      String title,
      Optional<LeverId> lever,
      Optional<Move> move,
      CompletableFuture<Outcome> answer,
      Job job) {
    if (activity != null) {
      throw new IllegalStateException("'" + title + "' while another activity is under way");
    }
    ActivityContext context = new ActivityContext(shared, epoch.get());
    Activity now = new Activity(title, lever, move, context, answer, new CompletableFuture<>());
    activity = now;
    now.task()
        .complete(
            execution.start(
                title,
                () -> {
                  Result result = run(title, context, job);
                  execution.post(() -> ended(now, result));
                }));
  }

  private record Result(Outcome outcome, boolean deposed, boolean broken) {}

  private static Result run(String title, ActivityContext context, Job job) {
    try {
      return new Result(job.run(new ReleaseWork(context)), false, false);
    } catch (InterruptedException e) {
      return cancelled(title, context);
    } catch (DeposedException e) {
      return new Result(new Outcome.Refused(Sentences.of(e)), true, true);
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", title, e);
      if (context.wasCancelled()) {
        // What it was at met the interrupt, whatever it calls that.
        return cancelled(title, context);
      }
      return new Result(new Outcome.Failed(title + " failed: " + Sentences.of(e)), false, true);
    }
  }

  private static Result cancelled(String title, ActivityContext context) {
    return new Result(
        new Outcome.Failed(title + " was cancelled. " + context.cancelReason()), false, true);
  }

  private void ended(Activity which, Result result) {
    if (result.deposed() && epoch.get() == which.context().epoch() && !closing) {
      deposed(new Driver.Elsewhere("This environment was taken over meanwhile."));
    }
    if (!which.equals(activity)) {
      return;
    }
    activity = null;
    progress.accept("");
    if (result.broken()) {
      retryAt = execution.now().plus(PAUSE);
    }
    which.answer().complete(result.outcome());
    Order next = waiting;
    waiting = null;
    if (next != null) {
      // What ran may have ended otherwise than thought.
      carryOut(next);
    }
  }

  /// Does what was ordered, and cancels what is under way before. What does not end in time is left
  /// behind: the next attempt at anything takes a new epoch first.
  ///
  /// Whoever orders what is under way or waits already hears how that ends; an order never waits
  /// for more than the one activity that it met.
  private void instead(LeverId lever, String words, CompletableFuture<Outcome> answer) {
    Activity now = activity;
    Order before = waiting;
    if (now == null) {
      carryOut(new Order(lever, words, List.of(answer)));
    } else if (before != null && before.lever() == lever && before.words().equals(words)) {
      before.answers().add(answer);
    } else if (before != null) {
      answer.complete(
          new Outcome.Refused(
              "Another order waits for '" + now.title() + "' to end. Try again when it has."));
    } else if (now.lever().equals(Optional.of(lever))) {
      var _ = now.answer().thenAccept(answer::complete);
    } else {
      waiting = new Order(lever, words, new ArrayList<>(List.of(answer)));
      cancel(
          now,
          lever == LeverId.ROLL_BACK
              ? "An operator rolls back."
              : "An operator gives the release up.");
      execution.later(PATIENCE, () -> leave(now));
    }
  }

  private void leave(Activity hanging) {
    // A move takes itself back, within limits of its own; it is not left in the middle.
    if (hanging.equals(activity) && recorder.state().moveUnderWay() == null) {
      hanging.context().leave();
      stillRunning.set(true);
      ended(hanging, cancelled(hanging.title(), hanging.context()));
    }
  }

  private void carryOut(Order order) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    var _ = answer.thenAccept(outcome -> order.answers().forEach(a -> a.complete(outcome)));
    if (closing) {
      answer.complete(new Outcome.Refused(closed()));
      return;
    }
    ReleaseState state = recorder.state();
    if (order.lever() == LeverId.ROLL_BACK) {
      boolean takenBack =
          state.active() && state.moveUnderWay() == null && state.live() == state.origin();
      if (takenBack || pulled(LeverId.ROLL_BACK, order.words(), answer)) {
        begin(
            "Roll back",
            LeverId.ROLL_BACK,
            Optional.of(Move.to(state.origin())),
            answer,
            work -> work.rollBack(order.words()));
      }
    } else if (pulled(LeverId.GIVE_UP, order.words(), answer)) {
      begin(
          "Give up the release",
          LeverId.GIVE_UP,
          Optional.empty(),
          answer,
          work -> {
            work.note(Ordered.GIVE_UP, "An operator gives the release up.");
            return work.giveUp(!order.words().equals(environment.name()));
          });
    }
  }

  private static void cancel(Activity which, String reason) {
    which.context().cancel(reason);
    var _ = which.task().thenAccept(Execution.Task::interrupt);
  }

  // ---- driving --------------------------------------------------------------------------------

  /// Tells that the lease is ours now. Reads the journal and drives from then on, beginning with
  /// what is under way.
  void drives(long newEpoch, String how) {
    taking.set(newEpoch);
    var _ =
        execution.start(
            "take up",
            () -> {
              try {
                taken(newEpoch, how, new CompletableFuture<>());
              } catch (RuntimeException e) {
                LOG.error("the release could not be taken up", e);
              }
            });
  }

  private void taken(long newEpoch, String how, CompletableFuture<Outcome> answer) {
    try {
      takeUp(newEpoch, how, answer);
    } catch (RuntimeException e) {
      taking.compareAndSet(newEpoch, 0);
      throw e;
    }
  }

  private void takeUp(long newEpoch, String how, CompletableFuture<Outcome> answer) {
    recorder.follow();
    recorder
        .batch(newEpoch)
        .add(
            Plain.LEASE_TAKEN,
            recorder.state().phase(),
            "",
            recorder.actor() + " drives now" + how + ".")
        .write();
    boolean posted =
        execution.post(() -> {
          taking.compareAndSet(newEpoch, 0);
          if (closing) {
            answer.complete(new Outcome.Refused(closed()));
            return;
          }
          setEpoch(newEpoch);
          retryAt = Instant.MIN;
          takeUpWhatIsUnattended();
          answer.complete(new Outcome.Done("This console drives now, epoch " + newEpoch + "."));
        });
    if (!posted) {
      answer.complete(new Outcome.Refused(closed()));
    }
  }

  private void setEpoch(long newest) {
    epoch.set(newest);
    planes.driving(newest);
  }

  /// Tells who drives while it is not this console.
  void elsewhere(Driver driver) {
    other = driver;
  }

  /// Tells that another console drives since this epoch of ours.
  ///
  /// @param driver who drives now
  void lost(long ours, Driver driver) {
    execution.post(() -> {
      if (epoch.get() == ours) {
        deposed(driver);
      }
    });
  }

  private void deposed(Driver driver) {
    other = driver;
    setEpoch(0);
    Activity now = activity;
    if (now != null) {
      cancel(now, driver.sentence());
    }
  }

  // ---- watching -------------------------------------------------------------------------------

  /// Looks at the clock and at the planes; called a few times a second.
  ///
  /// @return false when this console is closed
  boolean tick() {
    return execution.post(() -> {
      if (epoch.get() == 0 || closing) {
        return;
      }
      Activity now = activity;
      if (now != null) {
        judge(now);
      } else {
        takeUpWhatIsUnattended();
        if (activity == null) {
          watch();
        }
      }
    });
  }

  private static String takingUp(ReleaseState state) {
    return switch (state.work()) {
      case Work.SetUp _ -> "Work up to the cutover";
      case Work.Moving moving -> "Take up the move " + moving.move();
      case Work.Proving proving -> "Prove the move " + proving.move();
      case Work.CleaningUp _ -> "Clean up";
      case Work.GivingUp _ -> "Give up the release";
      case Work.Ready _, Work.Watching _, Work.Ended _ -> "Go on";
    };
  }

  private void takeUpWhatIsUnattended() {
    if (unattended() && !execution.now().isBefore(retryAt)) {
      begin(takingUp(recorder.state()), Optional.empty(), ReleaseWork::takeUp);
    }
  }

  /// While a move is being proven the health of the new side is judged as it is while watching.
  private void judge(Activity now) {
    Move move = moveOf(recorder.state()).orElse(null);
    if (move != null && now.context().routed()) {
      String alarm = planes.alarm(move.to());
      if (alarm != null) {
        // Once: what follows must not be interrupted as well.
        now.context().routed(false);
        cancel(now, alarm);
      }
    }
  }

  private void watch() {
    ReleaseState state = recorder.state();
    ReleaseState.PhaseTimes times = state.phases().get(Phase.WATCH);
    if (times == null || !state.underWatch()) {
      return;
    }
    String alarm = planes.alarm(state.live());
    if (alarm != null) {
      begin(
          "Go back by itself",
          Optional.of(Move.to(state.origin())),
          work -> work.goBackByItself(alarm));
    } else if (execution.now().isAfter(times.startedAt().plus(environment.release().watch()))
        && noting.compareAndSet(false, true)) {
      endWatch(new ActivityContext(shared, epoch.get()));
    }
  }

  private void endWatch(ActivityContext context) {
    var _ =
        execution.start(
            "end of the watch",
            () -> {
              try {
                context.write(
                    Plain.PHASE_DONE,
                    Phase.WATCH,
                    "",
                    "Nothing was found while watching. Clean up when you no longer need the way"
                        + " back.");
              } catch (DeposedException | Journal.JournalException e) {
                LOG.warn("the end of the watch is not in the journal yet", e);
              } finally {
                noting.set(false);
              }
            });
  }

  /// Interrupts what runs and lets it take back what it began. A move that is being proven stays
  /// under way: the next console goes on with it.
  @Override
  public void close() {
    closing = true;
    Activity now = activity;
    if (now != null) {
      cancel(now, closing() + ".");
      now.task().join().join(LAST_WORDS);
      now.answer().complete(cancelled(now.title(), now.context()).outcome());
    }
    Order never = waiting;
    if (never != null) {
      never.answers().forEach(a -> a.complete(new Outcome.Refused(closed())));
    }
    execution.close();
  }
}
