package dev.signalbox.engine.release;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.ReleaseState.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what happens. One thread takes commands and results from its mailbox, one after the
/// other; the work itself is an activity on a virtual thread, at most one at a time.
///
/// Going back does not wait for work that hangs: it is interrupted, and when it does not end it is
/// left behind under its old epoch, which every database and router refuses from then on.
final class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Environment environment;
  private final List<Plane> planes;
  private final Recorder recorder;
  private final Lease lease;
  private final Consumer<String> teller;
  private final Activities activities = new Activities(this::ended);
  private final Interlocking interlocking;
  private final Continuation continuation;
  private final Commands commands;
  private final ExecutorService mailbox =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("signalbox-conductor").daemon().factory());

  /// The epoch we drive under; 0 while another console drives. Written by the mailbox thread.
  private final AtomicLong epoch = new AtomicLong();

  private volatile boolean closing;

  /// @param teller told how far a step is; must return at once
  Conductor(
      Environment environment,
      List<Plane> planes,
      Recorder recorder,
      Lease lease,
      Consumer<String> teller) {
    this.environment = environment;
    this.planes = planes;
    this.recorder = recorder;
    this.lease = lease;
    this.teller = teller;
    this.interlocking = new Interlocking(planes, recorder, epoch::get, activities::title);
    this.continuation = new Continuation(interlocking, environment.release().stallBudget());
    this.commands =
        new Commands(environment.name(), this, recorder, interlocking, activities, continuation);
  }

  /// The epoch that we drive under, 0 when we do not.
  long epoch() {
    return epoch.get();
  }

  boolean busy() {
    return activities.title() != null;
  }

  Interlocking interlocking() {
    return interlocking;
  }

  CompletionStage<Outcome> submit(Command command) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    boolean posted =
        post(() -> {
          try {
            handle(command, answer);
          } catch (DeposedException e) {
            deposed();
            answer.complete(new Outcome.Refused(Sentences.of(e)));
          } catch (RuntimeException e) {
            LOG.warn("{} failed", command, e);
            answer.complete(new Outcome.Failed(Sentences.of(e)));
          }
        });
    if (!posted) {
      answer.complete(new Outcome.Refused("This console is being closed."));
    }
    return answer;
  }

  /// @return whether it will be run; not when the engine is closed
  boolean post(Runnable work) {
    try {
      mailbox.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closed; a late message falls on the floor", e);
      return false;
    }
  }

  private void handle(Command command, CompletableFuture<Outcome> answer) {
    if (epoch.get() != 0) {
      commands.handle(command, answer);
    } else if (command instanceof Command.TakeOver takeOver) {
      takeOver(takeOver, answer);
    } else {
      answer.complete(new Outcome.Refused(whoDrives()));
    }
  }

  private String whoDrives() {
    var view = lease.look();
    return view.holder().isEmpty()
        ? "Nobody drives this environment at the moment; try again in a second."
        : view.holder()
            + " drives this environment (epoch "
            + view.epoch()
            + "). This console looks on. Take over by typing the environment's name, or wait until"
            + " the other one is closed.";
  }

  private void takeOver(Command.TakeOver command, CompletableFuture<Outcome> answer) {
    if (!command.typedName().equals(environment.name())) {
      answer.complete(
          new Outcome.Refused(
              "To take over, type the name of the environment, '" + environment.name() + "'."));
      return;
    }
    long taken =
        command.alone().isEmpty() ? lease.acquire(true) : lease.acquireAlone(command.alone());
    drives(taken, ", taken over by an operator");
    post(() ->
        answer.complete(
            epoch.get() == taken
                ? new Outcome.Done("This console drives now, epoch " + taken + ".")
                : new Outcome.Failed("The lease was taken, but the journal could not be read.")));
  }

  // ---- driving --------------------------------------------------------------------------------

  /// Tells that the lease is ours now. Goes on with what the journal says was under way.
  void drives(long newEpoch, String how) {
    post(() -> {
      try {
        recorder.follow();
        setEpoch(newEpoch);
        batch()
            .add(
                Kind.LEASE_TAKEN,
                recorder.state().phase(),
                "",
                recorder.actor() + " drives now" + how + ".",
                Map.of("epoch", Long.toString(newEpoch)))
            .write();
        recover();
      } catch (DeposedException e) {
        deposed();
      } catch (RuntimeException e) {
        LOG.error("the release could not be taken up", e);
        setEpoch(0);
      }
    });
  }

  private void setEpoch(long newest) {
    epoch.set(newest);
    planes.forEach(plane -> plane.driving(newest));
  }

  /// Tells that another console drives since this epoch of ours.
  void lost(long ours) {
    post(() -> {
      if (epoch.get() == ours) {
        deposed();
      }
    });
  }

  private void deposed() {
    setEpoch(0);
    activities.interrupt();
  }

  Drive drive() {
    return new Drive(planes, recorder, epoch.get(), epoch, () -> closing, teller);
  }

  Recorder.Batch batch() {
    return recorder.batch(epoch.get());
  }

  /// Begins an activity; the answer is completed when it ends.
  void begin(String title, CompletableFuture<Outcome> answer, Activities.Work work) {
    activities.begin(title, drive(), answer, work);
  }

  private void ended(Thread thread, Drive drive, Activities.Result result) {
    post(() -> {
      activities.over(thread, result.outcome(), teller);
      if (result.deposed()) {
        if (epoch.get() == drive.epoch()) {
          deposed();
        }
      } else if (epoch.get() != 0 && epoch.get() != drive.epoch()) {
        // The lease was lost and came back before this had ended: take up what it left.
        guarded(this::recover);
      }
    });
  }

  /// Stops what runs. What does not end is left behind under its old epoch.
  void clearTheWay() {
    if (activities.stop()) {
      return;
    }
    long taken = lease.acquire(false);
    setEpoch(taken);
    activities.leave();
    batch()
        .add(
            Kind.LEASE_TAKEN,
            recorder.state().phase(),
            "",
            "What still hangs is left behind: the epoch is " + taken + " now.",
            Map.of("epoch", Long.toString(taken)))
        .write();
  }

  /// Goes on with what the journal says, after taking the lease or at 'resume'.
  void recover() {
    ReleaseState state = recorder.state();
    if (!state.active() || activities.running() != null) {
      return;
    }
    Move move = state.moveUnderWay();
    if (move != null) {
      boolean acknowledged = state.mode() instanceof Mode.Moving m && m.lossAcknowledged();
      begin(
          "Take up the move " + move,
          new CompletableFuture<>(),
          drive -> continuation.takeUp(drive, move, acknowledged));
      return;
    }
    switch (state.mode()) {
      case Mode.Undoing undoing -> undo();
      case Mode.Advancing advancing -> goOn(state);
      case Mode.Holding holding -> {
        if (holding.undoing()) {
          undo();
        } else {
          goOn(state);
        }
      }
      case Mode.Waiting waiting -> {
        if (state.phase() == Phase.CUT_OVER) {
          Continuation.watch(drive());
        }
      }
      case Mode.Moving moving -> throw new IllegalStateException("a move without its entry");
      case Mode.Ended ended -> {}
    }
  }

  private void undo() {
    begin("Undo the release", new CompletableFuture<>(), continuation::undoRelease);
  }

  private void goOn(ReleaseState state) {
    Move unproven = state.unproven();
    if (!state.synchronizedBefore()) {
      begin("Work up to the cutover", new CompletableFuture<>(), continuation::advance);
    } else if (state.phase() == Phase.CLEAN_UP) {
      begin("Clean up", new CompletableFuture<>(), continuation::cleanUp);
    } else if (unproven != null) {
      begin(
          "Prove the move " + unproven,
          new CompletableFuture<>(),
          drive -> continuation.prove(drive, unproven));
    } else if (state.live() == state.target()) {
      Continuation.watch(drive());
    } else {
      batch()
          .add(Kind.PHASE_DONE, Phase.SYNCHRONIZE, "", "The cutover may be tried again.")
          .write();
    }
  }

  // ---- watching -------------------------------------------------------------------------------

  /// Looks at the clock and at the planes; called a few times a second.
  void tick() {
    post(() -> {
      if (epoch.get() != 0 && activities.running() == null) {
        guarded(this::watch);
      }
    });
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (DeposedException e) {
      deposed();
    } catch (RuntimeException e) {
      LOG.warn("{}", Sentences.of(e), e);
    }
  }

  private void watch() {
    ReleaseState state = recorder.state();
    ReleaseState.PhaseTimes times = state.phases().get(Phase.WATCH);
    if (!state.active()
        || state.phase() != Phase.WATCH
        || !(state.mode() instanceof Mode.Waiting)
        || times == null
        || times.doneAt() != null) {
      return;
    }
    for (Plane plane : planes) {
      String alarm = plane.alarm(state.live());
      if (alarm != null) {
        goBackByItself(state, alarm);
        return;
      }
    }
    if (Instant.now().isAfter(times.startedAt().plus(environment.release().watch()))) {
      batch()
          .add(
              Kind.PHASE_DONE,
              Phase.WATCH,
              "",
              "Nothing was found while watching. Clean up when you no longer need the way back.")
          .write();
    }
  }

  private void goBackByItself(ReleaseState state, String alarm) {
    Move back = new Move(state.target(), state.origin());
    Plane.Risk risk = interlocking.risk(back);
    if (!risk.possible() || risk.writes() != 0) {
      batch()
          .add(
              Kind.HOLDING,
              Phase.WATCH,
              "",
              alarm
                  + " It does not go back by itself, because writes could be lost: "
                  + risk.evidence())
          .write();
      return;
    }
    batch().add(Kind.NOTE, Phase.WATCH, "", "Traffic goes back by itself: " + alarm).write();
    begin(
        "Move " + back, new CompletableFuture<>(), drive -> continuation.move(drive, back, false));
  }

  /// Interrupts what runs and lets it take back what it began. A move that is being proven stays
  /// under way: the next console goes on with it.
  @Override
  public void close() {
    closing = true;
    var _ =
        CompletableFuture.runAsync(() -> activities.stop(LAST_WORDS), mailbox)
            .orTimeout(
                LAST_WORDS.plusSeconds(1).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
            .handle((done, late) -> true)
            .join();
    mailbox.shutdown();
  }
}
