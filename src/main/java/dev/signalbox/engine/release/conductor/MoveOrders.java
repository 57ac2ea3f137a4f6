package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EventPayload.GateSeen;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.Risk;
import java.util.List;
import java.util.Optional;

/// What an operator or an alarm asks to do with moves: begin one, go back, and what must follow.
/// Each method runs on the task of an activity.
final class MoveOrders {
  private final ActivityContext context;

  MoveOrders(ActivityContext context) {
    this.context = context;
  }

  private Planes planes() {
    return context.planes();
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
  private Outcome move(Move move, boolean lossAcknowledged) throws InterruptedException {
    if (!lossAcknowledged) {
      context.readBothJournals();
    }
    if (!context.state().mayMove()) {
      return new Outcome.Failed(
          "Another console did something that is known only now, so the move was not begun.");
    }
    return settle(move, new MoveRun(context, move, lossAcknowledged).run(), true);
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
        context.order(Ordered.ROLL_BACK, "An operator gives up what " + state.origin() + " took.");
        return takeBack(moving, typed, true);
      }
      if (goesBack && acknowledged) {
        context.order(
            Ordered.ROLL_BACK, "An operator rolls back and accepts that writes are lost.");
        return settle(moving.move(), new MoveRun(context, moving.move(), true).run(), false);
      }
      if (goesBack) {
        context.order(Ordered.ROLL_BACK, "An operator rolls back: the way back is taken up again.");
        MoveRun run = new MoveRun(context, moving.move(), moving.lossAcknowledged());
        return settle(moving.move(), run.takeUp("The way back had not been made."), false);
      }
      context.order(
          Ordered.ROLL_BACK, "An operator takes back a switch that was neither done nor undone.");
      return takeBack(moving, typed, acknowledged);
    }
    if (state.live() == state.origin()) {
      return takenBack(state.origin());
    }
    context.order(
        Ordered.ROLL_BACK,
        "An operator rolls back to "
            + state.origin()
            + (typed.isEmpty() ? "." : " and accepts that writes are lost."));
    // What the lever showed may be a few looks old.
    planes().refresh();
    return mirrored(typed);
  }

  /// Goes on with a move that was begun and is neither done nor undone.
  Outcome takeUp(Move move, boolean lossAcknowledged) {
    planes().refresh();
    return settle(
        move,
        new MoveRun(context, move, lossAcknowledged)
            .takeUp("Whoever moved traffic is gone, and the switch had not been made."),
        true);
  }

  /// Goes on with a move that was done and is not proven.
  Outcome prove(Move move, boolean lossAcknowledged) {
    planes().refresh();
    return settle(move, new MoveRun(context, move, lossAcknowledged).prove(), false);
  }

  /// @param givenUp whether what the new side took may be lost
  private Outcome takeBack(Work.Moving moving, String typed, boolean givenUp)
      throws InterruptedException {
    Move move = moving.move();
    MoveEnd end =
        new MoveRun(context, move, moving.lossAcknowledged())
            .takeBack("An operator takes it back.", givenUp);
    planes().refresh();
    return switch (end) {
      case MoveEnd.Undone _ -> takenBack(move.from());
      case MoveEnd.Stuck(String reason) -> new Outcome.Failed(reason);
      case MoveEnd.Unproven(String reason) ->
          move.to() == context.state().origin()
              ? hold(move.to() + " is seen open, so the way back is not taken back. " + reason)
              : mirrored(typed);
      case MoveEnd.Done _, MoveEnd.NotBegun _ ->
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
  private Outcome settle(Move move, MoveEnd end, boolean mayGoBack) {
    context.routed(false);
    planes().refresh();
    return switch (end) {
      case MoveEnd.Done done -> new Outcome.Done(Sentences.live(move, done.stall()));
      case MoveEnd.NotBegun(String reason) -> new Outcome.Failed(reason);
      case MoveEnd.Undone(String reason) -> new Outcome.Failed(reason);
      case MoveEnd.Stuck(String reason) -> new Outcome.Failed(reason);
      case MoveEnd.Unproven(String reason) -> {
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
        MoveEnd gone = new MoveRun(context, back, false).run();
        Outcome outcome = settle(back, gone, false);
        boolean stays = gone instanceof MoveEnd.Undone || gone instanceof MoveEnd.NotBegun;
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
