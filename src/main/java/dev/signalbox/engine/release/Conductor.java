package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.ReleaseState.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what happens. One thread takes commands and results from its mailbox, one after the
/// other; the work itself is an activity on a virtual thread, at most one at a time.
///
/// Going back does not wait for work that hangs: it is interrupted, and when it does not end it is
/// left behind under its old epoch, which every database and router refuses from then on.
final class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final List<Phase> UP_TO_READY =
      List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Environment environment;
  private final List<Plane> planes;
  private final Recorder recorder;
  private final Lease lease;
  private final Consumer<String> teller;
  private final ExecutorService mailbox =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("signalbox-conductor").daemon().factory());

  /// The epoch we drive under; 0 while another console drives. Written by the mailbox thread.
  private final AtomicLong epoch = new AtomicLong();

  /// Mailbox thread only, read by others to show it.
  private volatile @Nullable Activity activity;

  private record Activity(String title, Thread thread, CompletableFuture<Outcome> outcome) {}

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
  }

  /// The epoch that we drive under, 0 when we do not.
  long epoch() {
    return epoch.get();
  }

  boolean busy() {
    return activity != null;
  }

  CompletionStage<Outcome> submit(Command command) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
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
    return answer;
  }

  private void post(Runnable work) {
    try {
      mailbox.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closed; a late message falls on the floor", e);
    }
  }

  /// Tells that the lease is ours now. Goes on with what the journal says was under way.
  void drives(long newEpoch, String how) {
    post(() -> {
      try {
        recorder.follow();
        setEpoch(newEpoch);
        recorder
            .batch(newEpoch)
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

  /// Tells that another console drives.
  void lost() {
    post(this::deposed);
  }

  private void deposed() {
    setEpoch(0);
    Activity running = activity;
    if (running != null) {
      running.thread().interrupt();
    }
  }

  /// Looks at the clock and at the planes; called a few times a second.
  void tick() {
    post(() -> {
      if (epoch.get() == 0 || activity != null) {
        return;
      }
      try {
        watch();
      } catch (DeposedException e) {
        deposed();
      } catch (RuntimeException e) {
        LOG.warn("watching: {}", Sentences.of(e), e);
      }
    });
  }

  private Drive drive() {
    return new Drive(planes, recorder, epoch.get(), epoch, teller);
  }

  private Recorder.Batch batch() {
    return recorder.batch(epoch.get());
  }

  // ---- commands -------------------------------------------------------------------------------

  private void handle(Command command, CompletableFuture<Outcome> answer) {
    if (command instanceof Command.TakeOver takeOver) {
      takeOver(takeOver, answer);
      return;
    }
    if (epoch.get() == 0) {
      answer.complete(new Outcome.Refused(whoDrives()));
      return;
    }
    switch (command) {
      case Command.StartRelease start -> start(start, answer);
      case Command.CutOver cutOver -> cutOver(answer);
      case Command.RollBack rollBack -> rollBack(rollBack, answer);
      case Command.Resume resume -> resume(answer);
      case Command.Abort abort -> abort("abort", answer);
      case Command.CleanUp cleanUp -> cleanUp(cleanUp, answer);
      case Command.TakeOver takeOver -> throw new IllegalStateException("handled above");
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
    if (epoch.get() != 0) {
      answer.complete(new Outcome.Refused("This console drives already."));
    } else if (!command.typedName().equals(environment.name())) {
      answer.complete(
          new Outcome.Refused(
              "To take over, type the name of the environment, '" + environment.name() + "'."));
    } else {
      long taken = lease.acquire(true);
      drives(taken, ", taken over by an operator");
      post(
          () -> answer.complete(new Outcome.Done("This console drives now, epoch " + taken + ".")));
    }
  }

  private boolean busyRefused(CompletableFuture<Outcome> answer) {
    Activity running = activity;
    if (running == null) {
      return false;
    }
    answer.complete(new Outcome.Refused("'" + running.title() + "' is under way."));
    return true;
  }

  private void start(Command.StartRelease command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (busyRefused(answer)) {
      return;
    }
    if (state.active()) {
      answer.complete(
          new Outcome.Refused(
              "Release " + state.number() + " (" + state.version() + ") has not ended yet."));
      return;
    }
    if (command.version().isBlank() || command.version().length() > 100) {
      answer.complete(new Outcome.Refused("A release needs a version of 1 to 100 characters."));
      return;
    }
    Colour live = liveBeforeRelease();
    if (live == null) {
      answer.complete(
          new Outcome.Refused(
              "It cannot be seen which stack is live: the router does not answer. Start it, then try"
                  + " again."));
      return;
    }
    long number = state.number() + 1;
    batch()
        .add(
            number,
            Kind.RELEASE_STARTED,
            Phase.INITIALIZE,
            "",
            "Release " + number + " of " + command.version() + " begins: " + Move.to(live.other()),
            Map.of("version", command.version(), "origin", live.id(), "target", live.other().id()))
        .write();
    advance();
    answer.complete(new Outcome.Done("Release " + number + " has begun."));
  }

  /// Before a release the databases may not know yet which of them is live: the router decides.
  private @Nullable Colour liveBeforeRelease() {
    Colour seen = null;
    for (Plane plane : planes) {
      plane.refresh();
      Colour colour = plane.live();
      if (colour != null && seen != null && colour != seen) {
        return null;
      }
      seen = colour == null ? seen : colour;
    }
    return seen;
  }

  private void cutOver(CompletableFuture<Outcome> answer) {
    String locked = locked();
    if (!locked.isEmpty()) {
      answer.complete(new Outcome.Refused(locked));
      return;
    }
    Move move = recorder.state().nextMove();
    command("cut over", "An operator pulls 'Cut over to " + move.to() + "'.");
    move(move, false, answer);
  }

  /// Why the lever is locked; empty when it may be pulled.
  String locked() {
    ReleaseState state = recorder.state();
    Activity running = activity;
    if (epoch.get() == 0) {
      return "another console drives";
    } else if (!state.active()) {
      return "no release is under way";
    } else if (state.mode() instanceof Mode.Undoing) {
      return "the release is being undone";
    } else if (running != null && state.synchronizedBefore()) {
      return "'" + running.title() + "' is under way";
    } else if (!state.synchronizedBefore()) {
      return state.mode() instanceof Mode.Holding holding
          ? holding.reason()
          : "the stacks are not in step yet";
    } else if (state.live() == state.target()) {
      return state.target() + " is live already";
    }
    for (GateView gate : gates(state)) {
      if (gate.state() != GateView.State.OPEN) {
        return gate.title() + ": " + gate.evidence();
      }
    }
    return "";
  }

  /// Those of the next move: over, and once the target is live, back.
  List<GateView> gates(ReleaseState state) {
    if (!state.active()) {
      return List.of();
    }
    return planes.stream().flatMap(p -> p.gates(state.nextMove()).stream()).toList();
  }

  private void command(String name, String text) {
    batch().add(Kind.COMMAND, recorder.state().phase(), "", text, Map.of("command", name)).write();
  }

  private void rollBack(Command.RollBack command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (!state.active()) {
      answer.complete(new Outcome.Refused("No release is under way, so there is no way back."));
    } else if (activity != null && state.mode() instanceof Mode.Moving) {
      // The move takes itself back, or goes back by the mirrored one when it is past its commit.
      Activity moving = Objects.requireNonNull(activity);
      command("roll back", "An operator rolls back while traffic is being moved.");
      moving.thread().interrupt();
      var _ = moving.outcome().thenAccept(o -> answer.complete(new Outcome.Done(o.text())));
    } else if (state.live() == state.origin()) {
      abort("roll back", answer);
    } else {
      Plane.Risk risk = risk(state.nextMove());
      String words = WayBacks.wordsToType(risk);
      if (!words.equals(command.acknowledgedLoss()) && !words.isEmpty()) {
        answer.complete(
            new Outcome.Refused(risk.evidence() + " To go back all the same, type: " + words));
        return;
      }
      if (!stopActivity()) {
        bumpEpoch();
      }
      command(
          "roll back",
          "An operator rolls back to "
              + state.origin()
              + (words.isEmpty() ? "." : " and accepts that writes are lost."));
      move(state.nextMove(), !words.isEmpty(), answer);
    }
  }

  Plane.Risk risk(Move move) {
    long writes = 0;
    StringBuilder evidence = new StringBuilder();
    boolean possible = true;
    for (Plane plane : planes) {
      Plane.Risk risk = plane.risk(move);
      possible &= risk.possible();
      writes = writes < 0 || risk.writes() < 0 ? -1 : writes + risk.writes();
      if (!risk.evidence().isEmpty()) {
        evidence.append(evidence.isEmpty() ? "" : " ").append(risk.evidence());
      }
    }
    return new Plane.Risk(possible, writes, evidence.toString());
  }

  private void resume(CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (busyRefused(answer)) {
      return;
    }
    if (!(state.mode() instanceof Mode.Holding)) {
      answer.complete(new Outcome.Refused("Nothing holds, so there is nothing to resume."));
      return;
    }
    command("resume", "An operator resumes the release.");
    recover();
    answer.complete(new Outcome.Done("The release goes on."));
  }

  private void abort(String name, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (!state.active()) {
      answer.complete(new Outcome.Refused("No release is under way."));
    } else if (state.live() != state.origin()) {
      answer.complete(
          new Outcome.Refused(
              state.target() + " is live: roll back first, then the release can be given up."));
    } else if (activity != null && state.mode() instanceof Mode.Moving) {
      answer.complete(new Outcome.Refused("Traffic is being moved; roll back to stop it."));
    } else {
      if (!stopActivity()) {
        bumpEpoch();
      }
      command(name, "An operator gives the release up.");
      undoRelease(answer);
    }
  }

  private void cleanUp(Command.CleanUp command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (busyRefused(answer)) {
      return;
    }
    if (!state.active() || state.live() != state.target()) {
      answer.complete(
          new Outcome.Refused(
              state.active()
                  ? state.origin() + " is live: cut over first, or give the release up."
                  : "No release is under way."));
    } else if (!command.typedName().equals(environment.name())) {
      answer.complete(
          new Outcome.Refused(
              "Clean-up ends the way back. To confirm, type the name of the environment, '"
                  + environment.name()
                  + "'."));
    } else {
      command("clean up", "An operator ends the way back and cleans up.");
      cleanUp(answer);
    }
  }

  // ---- activities -----------------------------------------------------------------------------

  /// Interrupts what runs and waits a little.
  ///
  /// @return whether it ended
  private boolean stopActivity() {
    Activity running = activity;
    if (running == null) {
      return true;
    }
    running.thread().interrupt();
    try {
      running.thread().join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean ended = !running.thread().isAlive();
    activity = null;
    return ended;
  }

  private void bumpEpoch() {
    long taken = lease.acquire(false);
    setEpoch(taken);
    batch()
        .add(
            Kind.LEASE_TAKEN,
            recorder.state().phase(),
            "",
            "What still hangs is left behind: the epoch is " + taken + " now.",
            Map.of("epoch", Long.toString(taken)))
        .write();
  }

  private interface Work {
    Outcome run(Drive drive) throws InterruptedException;
  }

  private void begin(String title, CompletableFuture<Outcome> answer, Work work) {
    Drive drive = drive();
    Thread thread =
        Thread.ofVirtual()
            .name("signalbox " + title)
            .unstarted(() -> {
              Outcome outcome;
              try {
                outcome = work.run(drive);
              } catch (InterruptedException e) {
                outcome = new Outcome.Failed(title + " was cancelled.");
              } catch (DeposedException e) {
                lost();
                outcome = new Outcome.Refused(Sentences.of(e));
              } catch (RuntimeException e) {
                LOG.error("{} failed", title, e);
                outcome = new Outcome.Failed(title + " failed: " + Sentences.of(e));
              }
              ended(Thread.currentThread(), outcome);
            });
    activity = new Activity(title, thread, answer);
    thread.start();
  }

  private void ended(Thread thread, Outcome outcome) {
    post(() -> {
      Activity running = activity;
      if (running != null && running.thread().equals(thread)) {
        activity = null;
        teller.accept("");
        running.outcome().complete(outcome);
      }
    });
  }

  private void advance() {
    begin(
        "Work up to the cutover",
        new CompletableFuture<>(),
        drive -> {
          ReleaseState state = drive.state();
          return new AdvanceRun(drive)
                  .through(UP_TO_READY, new Move(state.origin(), state.target()))
              ? new Outcome.Done("Both stacks are in step; the cutover may be made.")
              : new Outcome.Failed("The release holds.");
        });
  }

  private void undoRelease(CompletableFuture<Outcome> answer) {
    begin(
        "Undo the release",
        answer,
        drive ->
            new AbortRun(drive).run()
                ? new Outcome.Done("The release was given up and everything undone.")
                : new Outcome.Failed("Not everything could be undone; the release holds."));
  }

  private void cleanUp(CompletableFuture<Outcome> answer) {
    begin(
        "Clean up",
        answer,
        drive -> {
          ReleaseState state = drive.state();
          if (!new AdvanceRun(drive)
              .through(List.of(Phase.CLEAN_UP), new Move(state.origin(), state.target()))) {
            return new Outcome.Failed("Clean-up holds.");
          }
          drive
              .batch()
              .add(
                  Kind.RELEASE_ENDED,
                  Phase.CLEAN_UP,
                  "",
                  "Release " + state.number() + " is complete; " + state.target() + " is live.",
                  Map.of("result", "completed"))
              .write();
          return new Outcome.Done("Release " + state.number() + " is complete.");
        });
  }

  private void move(Move move, boolean lossAcknowledged, CompletableFuture<Outcome> answer) {
    begin(
        "Move " + move,
        answer,
        drive ->
            settle(
                drive,
                move,
                new MoveRun(drive, move, stallBudget(), lossAcknowledged).run(),
                true));
  }

  private Duration stallBudget() {
    return environment.release().stallBudget();
  }

  /// What follows a move: watching, the way back when it is not proven, or holding.
  private Outcome settle(Drive drive, Move move, MoveRun.End end, boolean mayGoBack) {
    planes.forEach(Plane::refresh);
    return switch (end) {
      case MoveRun.End.Done done -> {
        watchOrWait(drive);
        yield new Outcome.Done(
            move.to() + " is live; requests waited " + done.stall().toMillis() + " ms.");
      }
      case MoveRun.End.Undone undone -> new Outcome.Failed(undone.reason());
      case MoveRun.End.Stuck stuck -> new Outcome.Failed(stuck.reason());
      case MoveRun.End.Unproven unproven -> {
        Plane.Risk risk = risk(move.mirrored());
        if (!mayGoBack || !risk.possible() || risk.writes() != 0) {
          drive
              .batch()
              .add(
                  Kind.HOLDING,
                  Phase.WATCH,
                  "",
                  unproven.reason() + " It does not go back by itself: " + risk.evidence())
              .write();
          yield new Outcome.Failed(unproven.reason());
        }
        drive
            .batch()
            .add(
                Kind.NOTE,
                Phase.CUT_OVER,
                "",
                "The switch is not proven, so traffic goes back by itself: " + unproven.reason())
            .write();
        Move back = move.mirrored();
        Outcome outcome =
            settle(drive, back, new MoveRun(drive, back, stallBudget(), false).run(), false);
        yield new Outcome.Failed(
            "Rolled back by itself: " + unproven.reason() + " " + outcome.text());
      }
    };
  }

  private static void watchOrWait(Drive drive) {
    if (drive.state().live() == drive.state().target()) {
      drive
          .batch()
          .add(Kind.PHASE_STARTED, Phase.WATCH, "", drive.state().target() + " is being watched.")
          .write();
    }
  }

  /// Goes on with what the journal says, after taking the lease or at 'resume'.
  private void recover() {
    ReleaseState state = recorder.state();
    if (!state.active() || activity != null) {
      return;
    }
    boolean moving =
        !state.moves().isEmpty()
            && state.moves().getLast().result()
                == dev.signalbox.engine.ReleaseView.MoveView.Result.UNDER_WAY;
    if (moving) {
      Move move = state.moves().getLast().move();
      boolean acknowledged = state.mode() instanceof Mode.Moving m && m.lossAcknowledged();
      begin(
          "Take up the move " + move,
          new CompletableFuture<>(),
          drive ->
              settle(
                  drive,
                  move,
                  new MoveRun(drive, move, stallBudget(), acknowledged).recover(),
                  true));
      return;
    }
    switch (state.mode()) {
      case Mode.Undoing undoing -> undoRelease(new CompletableFuture<>());
      case Mode.Advancing advancing -> goOn(state);
      case Mode.Holding holding -> goOn(state);
      case Mode.Waiting waiting -> {
        if (state.phase() == Phase.CUT_OVER && state.live() == state.target()) {
          watchOrWait(drive());
        }
      }
      case Mode.Moving move -> throw new IllegalStateException("a move without its entry");
      case Mode.Ended ended -> {}
    }
  }

  private void goOn(ReleaseState state) {
    if (!state.synchronizedBefore()) {
      advance();
    } else if (state.phase() == Phase.CLEAN_UP) {
      cleanUp(new CompletableFuture<>());
    } else if (state.live() == state.target()) {
      watchOrWait(drive());
    } else {
      batch()
          .add(Kind.PHASE_DONE, Phase.SYNCHRONIZE, "", "The cutover may be tried again.")
          .write();
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
    Plane.Risk risk = risk(back);
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
    move(back, false, new CompletableFuture<>());
  }

  @Override
  public void close() {
    Activity running = activity;
    if (running != null) {
      running.thread().interrupt();
    }
    mailbox.shutdown();
  }
}
