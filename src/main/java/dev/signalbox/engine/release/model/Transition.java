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
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one entry of the journal makes of a [ReleaseState]: a copy that is changed, and thrown away
/// once it is built. An entry that does not fit what is being done changes nothing and is logged.
final class Transition {
  private static final Logger LOG = LoggerFactory.getLogger(Transition.class);

  private final ReleaseState from;
  private final EngineEvent event;
  private Doing doing;
  private Phase phase;
  private String step;
  private final Map<Phase, PhaseTimes> phases;
  private final Set<String> intended;
  private final Set<String> moveSteps;
  private final List<MoveView> moves;
  private @Nullable Instant endedAt;

  Transition(ReleaseState from, EngineEvent event) {
    this.from = from;
    this.event = event;
    this.doing = from.doing();
    this.phase = from.phase();
    this.step = from.step();
    this.phases = new EnumMap<>(Phase.class);
    this.phases.putAll(from.phases());
    this.intended = new LinkedHashSet<>(from.intended());
    this.moveSteps = new LinkedHashSet<>(from.moveSteps());
    this.moves = new ArrayList<>(from.moves());
    this.endedAt = from.endedAt();
  }

  ReleaseState result() {
    if (event.payload() instanceof ReleaseStarted started) {
      return from.active() || event.release() <= from.number() ? refused() : begun(started);
    }
    boolean ours = event.release() == from.number() && from.active();
    return !ours || take() ? build() : refused();
  }

  private ReleaseState refused() {
    LOG.warn(
        "entry {} ({}) does not fit a release that is {}",
        event.sequence(),
        event.kind(),
        from.doing());
    return new Transition(from, event).build();
  }

  private ReleaseState begun(ReleaseStarted started) {
    return new ReleaseState(
        event.release(),
        started.version(),
        started.origin(),
        started.target(),
        Doing.of(new Work.SetUp()),
        Phase.INITIALIZE,
        "",
        Map.of(),
        Set.of(),
        Set.of(),
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
        step = "";
        steps().remove(event.step());
        yield true;
      }
      case MoveStarted started -> (from.mayMove() || beganAgain(started)) && moveStarted(started);
      case MoveDone done -> moveDone(done);
      case MoveProven(Move move) ->
          doing.work() instanceof Work.Proving proving
              && proving.move().equals(move)
              && settled(move);
      case MoveUndone undone -> moveUndone(undone);
      case Ordered order -> {
        if (order == Ordered.RESUME) {
          doing = doing.goingOn();
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
        if (event.phase() == Phase.CUT_OVER && !ofMove()) {
          yield false;
        }
        step = event.step();
        doing = doing.goingOn();
        steps().add(event.step());
        yield true;
      }
      case UNDO_INTENT -> {
        step = event.step();
        doing = doing.goingOn();
        yield true;
      }
      case STEP_FAILED, UNDO_FAILED -> {
        step = "";
        yield true;
      }
      case HOLDING -> {
        doing = doing.held(event.text());
        yield true;
      }
      case GIVE_UP_STARTED -> {
        if (from.moveUnderWay() != null || from.live() != from.origin()) {
          yield false;
        }
        doing = Doing.of(new Work.GivingUp());
        yield true;
      }
      case LEASE_TAKEN, NOTE -> true;
    };
  }

  // ---- phases and steps -----------------------------------------------------------------------

  private boolean phaseStarted() {
    Work work = doing.work();
    switch (event.phase()) {
      case INITIALIZE, PREPARE, REPLICATE, SYNCHRONIZE -> {
        if (!(work instanceof Work.SetUp)) {
          return false;
        }
        doing = doing.goingOn();
      }
      case CLEAN_UP -> {
        if (!(work instanceof Work.Watching) && !(work instanceof Work.CleaningUp)) {
          return false;
        }
        doing = Doing.of(new Work.CleaningUp());
      }
      case CUT_OVER, WATCH -> {
        return true;
      }
    }
    phase = event.phase();
    phases.put(event.phase(), new PhaseTimes(event.at(), null));
    return true;
  }

  private boolean phaseDone() {
    PhaseTimes began = phases.get(event.phase());
    if (began == null) {
      return false;
    }
    phases.put(event.phase(), new PhaseTimes(began.startedAt(), event.at()));
    step = "";
    if (event.phase() == Phase.SYNCHRONIZE && doing.work() instanceof Work.SetUp) {
      phase = Phase.CUT_OVER;
      doing = Doing.of(new Work.Ready());
    }
    return true;
  }

  private boolean stepDone(StepDone done) {
    step = "";
    Duration took = done.took();
    if (ofMove() && took != null && !moves.isEmpty()) {
      MoveView last = moves.removeLast();
      List<StepTime> steps = new ArrayList<>(last.steps());
      steps.add(new StepTime(event.step(), took));
      moves.add(new MoveView(last.move(), last.result(), last.at(), last.stall(), steps));
    }
    return true;
  }

  private boolean ofMove() {
    return doing.work() instanceof Work.Moving || doing.work() instanceof Work.Proving;
  }

  /// The steps that the entry's step is one of.
  private Set<String> steps() {
    return ofMove() ? moveSteps : intended;
  }

  private boolean ended(boolean completed) {
    Work work = doing.work();
    if (completed ? !(work instanceof Work.CleaningUp) : !(work instanceof Work.GivingUp)) {
      return false;
    }
    doing = Doing.of(new Work.Ended(completed));
    endedAt = event.at();
    step = "";
    return true;
  }

  // ---- moves ----------------------------------------------------------------------------------

  /// A move that waits for its old side is begun again without it, with an operator's word.
  private boolean beganAgain(MoveStarted started) {
    return doing.work() instanceof Work.Moving moving
        && moving.move().equals(started.move())
        && started.lossAcknowledged();
  }

  private boolean moveStarted(MoveStarted started) {
    Work before = doing.work();
    if (before instanceof Work.Moving waiting) {
      before = waiting.before();
      moves.removeLast();
    }
    doing = Doing.of(new Work.Moving(started.move(), started.lossAcknowledged(), before));
    phase = Phase.CUT_OVER;
    phases.put(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
    moveSteps.clear();
    moves.add(new MoveView(started.move(), MoveView.Result.UNDER_WAY, event.at(), null, List.of()));
    return true;
  }

  private boolean moveDone(MoveDone done) {
    if (!(doing.work() instanceof Work.Moving moving) || !moving.move().equals(done.move())) {
      return false;
    }
    end(MoveView.Result.DONE, done.stall());
    if (!done.proven()) {
      doing = Doing.of(new Work.Proving(moving.move(), moving.lossAcknowledged()));
      return true;
    }
    return settled(moving.move());
  }

  private void end(MoveView.Result result, @Nullable Duration stall) {
    MoveView last = moves.removeLast();
    moves.add(new MoveView(last.move(), result, last.at(), stall, last.steps()));
    step = "";
  }

  /// A proven move to the target is watched; one home leaves the cutover to be tried again.
  private boolean settled(Move move) {
    moveSteps.clear();
    step = "";
    if (move.to() == from.target()) {
      cutOverDone();
      phases.put(Phase.WATCH, new PhaseTimes(event.at(), null));
      phase = Phase.WATCH;
      doing = Doing.of(new Work.Watching());
    } else {
      home();
    }
    return true;
  }

  private void cutOverDone() {
    PhaseTimes began = phases.getOrDefault(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
    phases.put(Phase.CUT_OVER, new PhaseTimes(began.startedAt(), event.at()));
  }

  private void home() {
    phases.remove(Phase.CUT_OVER);
    phases.remove(Phase.WATCH);
    phase = Phase.CUT_OVER;
    doing = Doing.of(new Work.Ready());
  }

  private boolean moveUndone(MoveUndone undone) {
    Work before;
    if (doing.work() instanceof Work.Moving moving && moving.move().equals(undone.move())) {
      before = moving.before();
    } else if (takenBackAfterAll(undone)) {
      before = undone.move().to() == from.target() ? new Work.Ready() : new Work.Watching();
    } else {
      return false;
    }
    end(MoveView.Result.UNDONE, undone.stall());
    moveSteps.clear();
    if (before instanceof Work.Ready) {
      home();
      return true;
    }
    // The target stays live, and is watched or waits for its proof as before.
    doing = Doing.of(before);
    phase = before instanceof Work.Watching ? Phase.WATCH : Phase.CUT_OVER;
    if (phase == Phase.WATCH) {
      phases.putIfAbsent(Phase.WATCH, new PhaseTimes(event.at(), null));
    }
    cutOverDone();
    return true;
  }

  /// An operator gave the new side up without knowing that the move was done, which was in the
  /// other database only: his word counts, and what was seen of it.
  private boolean takenBackAfterAll(MoveUndone undone) {
    Work work = doing.work();
    boolean settled = work instanceof Work.Ready || work instanceof Work.Watching || ofMove();
    return settled
        && undone.takenBack()
        && !moves.isEmpty()
        && moves.getLast().result() == MoveView.Result.DONE
        && moves.getLast().move().equals(undone.move());
  }

  private ReleaseState build() {
    return new ReleaseState(
        from.number(),
        from.version(),
        from.origin(),
        from.target(),
        doing,
        phase,
        step,
        phases,
        intended,
        moveSteps,
        moves,
        from.startedAt(),
        endedAt,
        event.sequence());
  }
}
