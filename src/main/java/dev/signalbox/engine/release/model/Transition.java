package dev.signalbox.engine.release.model;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.GateSeen;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveProven;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.StepTime;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.ReleaseState.PhaseTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one entry of the journal makes of a [ReleaseState]: a copy that is changed, and thrown away
/// once it is built. An entry that does not fit what is being done changes nothing and is logged.
final class Transition {
  private static final Logger LOG = LoggerFactory.getLogger(Transition.class);

  private final ReleaseState from;
  private final EngineEvent event;
  private final ReleaseDraft draft;

  Transition(ReleaseState from, EngineEvent event) {
    this.from = from;
    this.event = event;
    this.draft = new ReleaseDraft(from);
  }

  ReleaseState result() {
    if (event.payload() instanceof ReleaseStarted started) {
      return from.active() || event.release() <= from.number() ? refused() : begun(started);
    }
    boolean ours = event.release() == from.number() && from.active();
    return !ours || take() ? draft.build(event.sequence()) : refused();
  }

  private ReleaseState refused() {
    LOG.warn(
        "entry {} ({}) does not fit a release that is {}",
        event.sequence(),
        event.kind(),
        from.doing());
    return new ReleaseDraft(from).build(event.sequence());
  }

  private ReleaseState begun(ReleaseStarted started) {
    return new ReleaseState(
        new ReleaseInfo(event.release(), started.version(), started.origin(), started.target()),
        Doing.of(new Work.SetUp()),
        ReleaseState.Progress.NONE,
        ReleaseState.Intents.NONE,
        List.of(),
        event.at(),
        null,
        event.sequence());
  }

  /// @return whether the entry fits
  private boolean take() {
    return switch (event.payload()) {
      case Plain plain -> take(plain);
      case StepDone done -> stepDone(done);
      case UndoDone _ -> {
        draft.step = "";
        draft.steps().remove(event.step());
        yield true;
      }
      case MoveStarted started -> (from.mayMove() || beganAgain(started)) && moveStarted(started);
      case MoveDone done -> moveDone(done);
      case MoveProven(Move move) ->
          draft.doing.work() instanceof Work.Proving proving
              && proving.move().equals(move)
              && settled(move);
      case MoveUndone undone -> moveUndone(undone);
      case Ordered order -> {
        if (order == Ordered.RESUME) {
          draft.doing = draft.doing.goingOn();
        }
        yield true;
      }
      case ReleaseEnded(boolean completed) -> ended(completed);
      case GateSeen _, ReleaseStarted _ -> true;
    };
  }

  private boolean take(Plain plain) {
    return switch (plain) {
      case PHASE_STARTED -> phaseStarted();
      case PHASE_DONE -> phaseDone();
      case STEP_INTENT -> {
        if (event.phase() == Phase.CUT_OVER && !draft.ofMove()) {
          yield false;
        }
        draft.step = event.step();
        draft.doing = draft.doing.goingOn();
        draft.steps().add(event.step());
        yield true;
      }
      case UNDO_INTENT -> {
        draft.step = event.step();
        draft.doing = draft.doing.goingOn();
        yield true;
      }
      case STEP_FAILED, UNDO_FAILED -> {
        draft.step = "";
        yield true;
      }
      case HOLDING -> {
        draft.doing = draft.doing.held(event.text());
        yield true;
      }
      case GIVE_UP_STARTED -> {
        if (from.moveUnderWay() != null || from.live() != from.origin()) {
          yield false;
        }
        draft.doing = Doing.of(new Work.GivingUp());
        yield true;
      }
      case LEASE_TAKEN, NOTE -> true;
    };
  }

  // ---- phases and steps -----------------------------------------------------------------------

  private boolean phaseStarted() {
    Work work = draft.doing.work();
    switch (event.phase()) {
      case INITIALIZE, PREPARE, REPLICATE, SYNCHRONIZE -> {
        if (!(work instanceof Work.SetUp)) {
          return false;
        }
        draft.doing = draft.doing.goingOn();
      }
      case CLEAN_UP -> {
        if (!(work instanceof Work.Watching) && !(work instanceof Work.CleaningUp)) {
          return false;
        }
        draft.doing = Doing.of(new Work.CleaningUp());
      }
      case CUT_OVER, WATCH -> {
        return true;
      }
    }
    draft.phase = event.phase();
    draft.phases.put(event.phase(), new PhaseTimes(event.at(), null));
    return true;
  }

  private boolean phaseDone() {
    PhaseTimes began = draft.phases.get(event.phase());
    if (began == null) {
      return false;
    }
    draft.phases.put(event.phase(), new PhaseTimes(began.startedAt(), event.at()));
    draft.step = "";
    if (event.phase() == Phase.SYNCHRONIZE && draft.doing.work() instanceof Work.SetUp) {
      draft.phase = Phase.CUT_OVER;
      draft.doing = Doing.of(new Work.Ready());
    }
    return true;
  }

  private boolean stepDone(StepDone done) {
    draft.step = "";
    Duration took = done.took();
    if (draft.ofMove() && took != null && !draft.moves.isEmpty()) {
      MoveView last = draft.moves.removeLast();
      List<StepTime> steps = new ArrayList<>(last.steps());
      steps.add(new StepTime(event.step(), took));
      draft.moves.add(new MoveView(last.move(), last.result(), last.at(), last.stall(), steps));
    }
    return true;
  }

  private boolean ended(boolean completed) {
    Work work = draft.doing.work();
    if (completed ? !(work instanceof Work.CleaningUp) : !(work instanceof Work.GivingUp)) {
      return false;
    }
    draft.doing = Doing.of(new Work.Ended(completed));
    draft.endedAt = event.at();
    draft.step = "";
    return true;
  }

  // ---- moves ----------------------------------------------------------------------------------

  /// A move that waits for its old side is begun again without it, with an operator's word.
  private boolean beganAgain(MoveStarted started) {
    return draft.doing.work() instanceof Work.Moving moving
        && moving.move().equals(started.move())
        && started.lossAcknowledged();
  }

  private boolean moveStarted(MoveStarted started) {
    Work before = draft.doing.work();
    if (before instanceof Work.Moving waiting) {
      before = waiting.before();
      draft.moves.removeLast();
    }
    draft.doing = Doing.of(new Work.Moving(started.move(), started.lossAcknowledged(), before));
    draft.phase = Phase.CUT_OVER;
    draft.phases.put(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
    draft.moveSteps.clear();
    draft.moves.add(
        new MoveView(started.move(), MoveView.Result.UNDER_WAY, event.at(), null, List.of()));
    return true;
  }

  private boolean moveDone(MoveDone done) {
    if (!(draft.doing.work() instanceof Work.Moving moving) || !moving.move().equals(done.move())) {
      return false;
    }
    draft.end(MoveView.Result.DONE, done.stall());
    if (!done.proven()) {
      draft.doing = Doing.of(new Work.Proving(moving.move(), moving.lossAcknowledged()));
      return true;
    }
    return settled(moving.move());
  }

  /// A proven move to the target is watched; one home leaves the cutover to be tried again.
  private boolean settled(Move move) {
    draft.moveSteps.clear();
    draft.step = "";
    if (move.to() == from.target()) {
      draft.cutOverDone(event.at());
      draft.phases.put(Phase.WATCH, new PhaseTimes(event.at(), null));
      draft.phase = Phase.WATCH;
      draft.doing = Doing.of(new Work.Watching());
    } else {
      draft.home();
    }
    return true;
  }

  private boolean moveUndone(MoveUndone undone) {
    Work before;
    if (draft.doing.work() instanceof Work.Moving moving && moving.move().equals(undone.move())) {
      before = moving.before();
    } else if (takenBackAfterAll(undone)) {
      before = undone.move().to() == from.target() ? new Work.Ready() : new Work.Watching();
    } else {
      return false;
    }
    draft.end(MoveView.Result.UNDONE, undone.stall());
    draft.moveSteps.clear();
    if (before instanceof Work.Ready) {
      draft.home();
      return true;
    }
    // The target stays live, and is watched or waits for its proof as before.
    draft.doing = Doing.of(before);
    draft.phase = before instanceof Work.Watching ? Phase.WATCH : Phase.CUT_OVER;
    if (draft.phase == Phase.WATCH) {
      draft.phases.putIfAbsent(Phase.WATCH, new PhaseTimes(event.at(), null));
    }
    draft.cutOverDone(event.at());
    return true;
  }

  /// An operator gave the new side up without knowing that the move was done, which was in the
  /// other database only: his word counts, and what was seen of it.
  private boolean takenBackAfterAll(MoveUndone undone) {
    Work work = draft.doing.work();
    boolean settled = work instanceof Work.Ready || work instanceof Work.Watching || draft.ofMove();
    return settled
        && undone.takenBack()
        && !draft.moves.isEmpty()
        && draft.moves.getLast().result() == MoveView.Result.DONE
        && draft.moves.getLast().move().equals(undone.move());
  }
}
