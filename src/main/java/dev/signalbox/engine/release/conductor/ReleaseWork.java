package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EventPayload.GateSeen;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.engine.release.model.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the activities of a release do, from what begins one to what must follow it. Each method
/// runs on the task of an activity.
final class ReleaseWork {
  private static final List<Phase> UP_TO_READY =
      List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE);

  private static final Duration MENDING = Duration.ofSeconds(15);

  private final ActivityContext context;

  ReleaseWork(ActivityContext context) {
    this.context = context;
  }

  private Planes planes() {
    return context.planes();
  }

  /// Writes what an operator asked for into the audit.
  void note(Ordered order, String text) {
    context.write(order, context.state().phase(), "", text);
  }

  /// @return refused when it cannot be seen which stack is live
  Outcome start(String version) {
    planes().refresh();
    List<Sighting> seen = planes().sightings();
    Optional<Colour> agreed = Sighting.agreed(seen);
    if (agreed.isEmpty()) {
      return new Outcome.Refused(
          "It cannot be seen which stack is live: "
              + Sighting.list(seen)
              + ". Start what does not answer, bring all to the same stack, then try again.");
    }
    Colour live = agreed.get();
    long number = context.state().number() + 1;
    context
        .batch()
        .add(
            number,
            new ReleaseStarted(version, live, live.other()),
            Phase.INITIALIZE,
            "",
            "Release " + number + " of " + version + " begins: " + Move.to(live.other()))
        .write();
    return new Outcome.Done("Release " + number + " has begun.");
  }

  Outcome setUp() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    return new AdvanceRun(context).through(UP_TO_READY, new Move(state.origin(), state.target()))
        ? new Outcome.Done("Both stacks are in step; the cutover may be made.")
        : new Outcome.Failed("The release holds: " + context.state().holdReason());
  }

  /// @param alone whether an operator typed that it ends without the target, which is lost: what it
  ///   alone knows is given up. Nothing moves to the target without both databases
  Outcome giveUp(boolean alone) throws InterruptedException {
    if (alone) {
      List<String> _ = context.readJournals();
    } else {
      context.readBothJournals();
    }
    if (!context.state().mayGiveUp()) {
      return knownOnlyNow("given up");
    }
    return new GiveUpRun(context)
        .run()
        .<Outcome>map(Outcome.Failed::new)
        .orElseGet(() -> new Outcome.Done("The release was given up and everything undone."));
  }

  Outcome cleanUp() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    if (!state.mayCleanUp()) {
      return knownOnlyNow("cleaned up");
    }
    if (!new AdvanceRun(context)
        .through(List.of(Phase.CLEAN_UP), new Move(state.origin(), state.target()))) {
      return new Outcome.Failed("Clean-up holds: " + context.state().holdReason());
    }
    context
        .batch()
        .add(
            new ReleaseEnded(true),
            Phase.CLEAN_UP,
            "",
            "Release " + state.number() + " is complete; " + state.target() + " is live.")
        .write();
    return new Outcome.Done("Release " + state.number() + " is complete.");
  }

  private static Outcome knownOnlyNow(String what) {
    return new Outcome.Failed(
        "Another console did something that is known only now, so nothing was " + what + ".");
  }

  Outcome cutOver() throws InterruptedException {
    // What the lever showed may be a few looks old.
    planes().refresh();
    ReleaseState state = context.state();
    Move move = state.nextMove();
    Recorder.Batch batch =
        context
            .batch()
            .add(
                Ordered.CUT_OVER,
                state.phase(),
                "",
                "An operator pulls 'Cut over to " + move.to() + "'.");
    // What was known when the lever was pulled belongs to the audit.
    List<GateView> gates = planes().gates(move, state.origin());
    gates.forEach(gate ->
        batch.add(
            new GateSeen(gate.state()),
            state.phase(),
            gate.id(),
            gate.title() + ": " + gate.evidence()));
    batch.write();
    Optional<GateView> shut =
        gates.stream().filter(gate -> gate.state() != GateView.State.OPEN).findFirst();
    return shut.isPresent()
        ? new Outcome.Refused(shut.get().title() + ": " + shut.get().evidence())
        : move(move, false);
  }

  /// @param lossAcknowledged by an operator: one database may be gone then
  Outcome move(Move move, boolean lossAcknowledged) throws InterruptedException {
    if (!lossAcknowledged) {
      context.readBothJournals();
    }
    if (!context.state().mayMove()) {
      return new Outcome.Failed(
          "Another console did something that is known only now, so the move was not begun.");
    }
    return settle(move, new MoveRun(context, move, lossAcknowledged).run(), true);
  }

  /// Goes on with what the journal says is under way, from what is observed.
  Outcome takeUp() throws InterruptedException {
    Work work = context.state().work();
    return switch (work) {
      case Work.SetUp _ -> setUp();
      case Work.Moving(Move move, boolean acknowledged, Work _) -> {
        if (move.to() == context.state().origin() && !acknowledged) {
          // That an operator gave the old side up may be written in the new one alone.
          List<String> _ = context.readJournals();
          if (!context.state().work().equals(work)) {
            yield takeUp();
          }
        }
        planes().refresh();
        yield settle(
            move,
            new MoveRun(context, move, acknowledged)
                .takeUp("Whoever moved traffic is gone, and the switch had not been made."),
            true);
      }
      case Work.Proving(Move move, boolean acknowledged) -> {
        planes().refresh();
        yield settle(move, new MoveRun(context, move, acknowledged).prove(), false);
      }
      case Work.CleaningUp _ -> cleanUp();
      case Work.GivingUp _ -> giveUp(false);
      // What held was an alarm or the like, not a work.
      case Work.Ready _, Work.Watching _ -> mend();
      case Work.Ended _ -> new Outcome.Refused("No release is under way.");
    };
  }

  /// Ends what is in use beside the live side.
  private Outcome mend() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    Colour live = state.live();
    Optional<String> astray =
        state.moveUnderWay() == null ? planes().astray(live) : Optional.empty();
    if (astray.isEmpty()) {
      return new Outcome.Done("The release goes on.");
    }
    Attempt attempt = context.attempt(new Move(live.other(), live), MENDING);
    try {
      context.within(
          MENDING,
          "close " + live.other(),
          () -> {
            planes().mend(live, attempt);
            return true;
          });
    } catch (DeposedException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return new Outcome.Failed(
          live.other() + " could not be closed for writes: " + Sentences.of(e));
    }
    planes().refresh();
    String text = astray.get() + " " + live.other() + " was closed for writes.";
    context.write(Plain.NOTE, state.phase(), "", text);
    return new Outcome.Done(text);
  }

  /// Goes back to the origin, for an operator, from wherever the release stands now.
  ///
  /// @param typed the words that say that writes may be lost; empty when none
  Outcome rollBack(String typed) throws InterruptedException {
    ReleaseState state = context.state();
    boolean acknowledged = typed.equals(Levers.UNKNOWN_LOSS);
    if (state.work() instanceof Work.Moving moving) {
      boolean goesBack = moving.move().to() == state.origin();
      if (goesBack && typed.equals(Levers.losing(state.origin()))) {
        note(Ordered.ROLL_BACK, "An operator gives up what " + state.origin() + " took.");
        return takeBack(moving, typed, true);
      }
      if (goesBack && acknowledged) {
        note(Ordered.ROLL_BACK, "An operator rolls back and accepts that writes are lost.");
        return settle(moving.move(), new MoveRun(context, moving.move(), true).run(), false);
      }
      if (goesBack) {
        note(Ordered.ROLL_BACK, "An operator rolls back: the way back is taken up again.");
        MoveRun run = new MoveRun(context, moving.move(), moving.lossAcknowledged());
        return settle(moving.move(), run.takeUp("The way back had not been made."), false);
      }
      note(Ordered.ROLL_BACK, "An operator takes back a switch that was neither done nor undone.");
      return takeBack(moving, typed, acknowledged);
    }
    if (state.live() == state.origin()) {
      return takenBack(state.origin());
    }
    note(
        Ordered.ROLL_BACK,
        "An operator rolls back to "
            + state.origin()
            + (typed.isEmpty() ? "." : " and accepts that writes are lost."));
    // What the lever showed may be a few looks old.
    planes().refresh();
    return mirrored(typed);
  }

  /// @param givenUp whether what the new side took may be lost
  private Outcome takeBack(Work.Moving moving, String typed, boolean givenUp)
      throws InterruptedException {
    Move move = moving.move();
    MoveRun.End end =
        new MoveRun(context, move, moving.lossAcknowledged())
            .takeBack("An operator takes it back.", givenUp);
    planes().refresh();
    return switch (end) {
      case MoveRun.End.Undone _ -> takenBack(move.from());
      case MoveRun.End.Stuck(String reason) -> new Outcome.Failed(reason);
      case MoveRun.End.Unproven(String reason) ->
          move.to() == context.state().origin()
              ? hold(move.to() + " is seen open, so the way back is not taken back. " + reason)
              : mirrored(typed);
      case MoveRun.End.Done _, MoveRun.End.NotBegun _ ->
          throw new IllegalStateException("taking back neither ends nor begins a move");
    };
  }

  private static Outcome takenBack(Colour live) {
    return new Outcome.Done("The switch was taken back; " + live + " is live.");
  }

  private Outcome mirrored(String typed) throws InterruptedException {
    ReleaseState state = context.state();
    Move back = new Move(state.target(), state.origin());
    Risk risk = planes().risk(back);
    String words = Levers.wordsToType(risk);
    if (!risk.possible()) {
      return new Outcome.Refused("There is no way back now: " + risk.evidence());
    }
    if (!words.isEmpty() && !words.equals(typed) && !typed.equals(Levers.UNKNOWN_LOSS)) {
      return new Outcome.Refused(risk.evidence() + " To go back all the same, type: " + words);
    }
    return move(back, !words.isEmpty());
  }

  /// Traffic goes back because of what was seen while the target is live, unless writes could be
  /// lost by it: then the release holds.
  Outcome goBackByItself(String alarm) throws InterruptedException {
    planes().refresh();
    ReleaseState state = context.state();
    Move back = new Move(state.target(), state.origin());
    Risk risk = planes().risk(back);
    if (!risk.possible() || risk.writes() != 0) {
      String why =
          alarm
              + " It does not go back by itself, because writes could be lost: "
              + risk.evidence();
      context.write(Plain.HOLDING, Phase.WATCH, "", why);
      return new Outcome.Failed(why);
    }
    context.write(Plain.NOTE, Phase.WATCH, "", "Traffic goes back by itself: " + alarm);
    Outcome outcome = move(back, false);
    if (context.state().doing().equals(Doing.of(new Work.Watching()))) {
      // Once: what failed is not tried over and over under traffic.
      return hold(alarm + " Going back failed: " + outcome.text());
    }
    return outcome;
  }

  /// What follows a move: watching, the way back when it is not proven, or holding.
  private Outcome settle(Move move, MoveRun.End end, boolean mayGoBack) {
    context.routed(false);
    planes().refresh();
    return switch (end) {
      case MoveRun.End.Done done ->
          new Outcome.Done(
              move.to()
                  + " is live; from hold to route it took "
                  + done.stall().toMillis()
                  + " ms.");
      case MoveRun.End.NotBegun(String reason) -> new Outcome.Failed(reason);
      case MoveRun.End.Undone(String reason) -> new Outcome.Failed(reason);
      case MoveRun.End.Stuck(String reason) -> new Outcome.Failed(reason);
      case MoveRun.End.Unproven(String reason) -> {
        ReleaseState state = context.state();
        if (move.to() == state.origin()) {
          // It is home. Going to the other side again would be the opposite of a way back.
          yield hold(reason + " " + move.to() + " stays live. Resume to try it again.");
        }
        Risk risk = planes().risk(move.mirrored());
        if (!mayGoBack || !risk.possible() || risk.writes() != 0) {
          yield hold(reason + " It does not go back by itself: " + risk.evidence());
        }
        context.write(
            Plain.NOTE,
            Phase.CUT_OVER,
            "",
            "The switch is not proven, so traffic goes back by itself: " + reason);
        Move back = move.mirrored();
        MoveRun.End gone = new MoveRun(context, back, false).run();
        Outcome outcome = settle(back, gone, false);
        boolean stays = gone instanceof MoveRun.End.Undone || gone instanceof MoveRun.End.NotBegun;
        // When the journal does not know of its end yet, it is settled before anything else begins.
        if (stays && context.state().moveUnderWay() == null) {
          // Traffic must not stay on a side that is closed: it follows the writes once more.
          context.write(
              Plain.NOTE,
              Phase.CUT_OVER,
              "",
              "Going back failed, so traffic follows to " + move.to() + ": " + outcome.text());
          yield settle(move, new MoveRun(context, move, false).prove(), false);
        }
        yield new Outcome.Failed("Rolled back by itself: " + reason + " " + outcome.text());
      }
    };
  }

  private Outcome hold(String why) {
    context.write(Plain.HOLDING, Phase.CUT_OVER, "", why);
    return new Outcome.Failed(why);
  }
}
