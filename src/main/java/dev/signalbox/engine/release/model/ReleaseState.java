package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.StepTime;
import dev.signalbox.engine.release.model.Doing.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the journal says about the newest release: a fold over its entries, the same for the
/// console that drives and for one that looks on. Immutable.
///
/// The state owns its transitions: an entry that does not fit what is being done changes nothing
/// and is logged. Only a move that is under way can end; a release is given up only while its
/// origin is live.
///
/// @param number 0 before the first release
/// @param intended ids of the steps outside moves whose intent was written and that were not
///   undone, in the order of their intents
/// @param moveSteps ids of the steps of the move under way, likewise
/// @param moves every switch so far, the last one perhaps under way
public record ReleaseState(
    long number,
    String version,
    Colour origin,
    Colour target,
    Doing doing,
    Phase phase,
    String step,
    Map<Phase, PhaseTimes> phases,
    Set<String> intended,
    Set<String> moveSteps,
    List<MoveView> moves,
    Instant startedAt,
    @Nullable Instant endedAt,
    long lastSequence) {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseState.class);

  /// No release yet.
  public static final ReleaseState NONE =
      new ReleaseState(
          0,
          "",
          Colour.BLUE,
          Colour.GREEN,
          Doing.of(new Work.Ended(false)),
          Phase.INITIALIZE,
          "",
          Map.of(),
          Set.of(),
          Set.of(),
          List.of(),
          Instant.EPOCH,
          null,
          0);

  public ReleaseState {
    phases = Map.copyOf(phases);
    intended = Collections.unmodifiableSet(new LinkedHashSet<>(intended));
    moveSteps = Collections.unmodifiableSet(new LinkedHashSet<>(moveSteps));
    moves = List.copyOf(moves);
  }

  /// @param doneAt null while it runs
  public record PhaseTimes(Instant startedAt, @Nullable Instant doneAt) {}

  public Work work() {
    return doing.work();
  }

  /// Why it waits for an operator; empty when it does not.
  public String holdReason() {
    return doing.hold().map(Doing.Hold::reason).orElse("");
  }

  /// Whether a release exists that has not ended.
  public boolean active() {
    return number > 0 && !(work() instanceof Work.Ended);
  }

  /// Whether the target is live and somebody should be watching it: the watch is not over, and
  /// nothing holds.
  public boolean underWatch() {
    PhaseTimes times = phases.get(Phase.WATCH);
    return active()
        && work() instanceof Work.Watching
        && doing.hold().isEmpty()
        && times != null
        && times.doneAt() == null;
  }

  /// Where traffic and writes are by the last move that was done. What is really live is what the
  /// planes see.
  public Colour live() {
    for (int i = moves.size() - 1; i >= 0; i--) {
      if (moves.get(i).result() == MoveView.Result.DONE) {
        return moves.get(i).move().to();
      }
    }
    return origin;
  }

  /// The move that was begun and is neither done nor undone; null when there is none.
  public @Nullable Move moveUnderWay() {
    return work() instanceof Work.Moving moving ? moving.move() : null;
  }

  /// @return the move that the operator may make next: to the other side of [#live]
  public Move nextMove() {
    return Move.to(live().other());
  }

  /// Whether a move may begin.
  public boolean mayMove() {
    return synchronizedBefore()
        && (work() instanceof Work.Ready
            || work() instanceof Work.Watching
            || work() instanceof Work.Proving);
  }

  /// Whether the release may be given up: no move is under way, and its origin is live.
  public boolean mayGiveUp() {
    return active() && moveUnderWay() == null && live() == origin();
  }

  /// Whether the way back may end: no move is under way or wants proof, and its target is live.
  public boolean mayCleanUp() {
    return active()
        && moveUnderWay() == null
        && !(work() instanceof Work.Proving)
        && live() == target();
  }

  /// Whether every phase before the cutover is done.
  public boolean synchronizedBefore() {
    PhaseTimes times = phases.get(Phase.SYNCHRONIZE);
    return times != null && times.doneAt() != null;
  }

  public ReleaseInfo info() {
    return new ReleaseInfo(number, version, origin, target);
  }

  /// The state after one more entry. Entries of the journal must come in the order of their
  /// numbers.
  public ReleaseState after(EngineEvent event) {
    if (event.sequence() <= lastSequence) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.lastSequence = event.sequence();
    if (event.kind() == EngineEvent.Kind.RELEASE_STARTED) {
      return active() || event.release() <= number ? draft.refuse(event) : started(event);
    }
    return event.release() == number && active() ? draft.take(event) : draft.build();
  }

  private static ReleaseState started(EngineEvent event) {
    Map<String, String> data = event.data();
    return new ReleaseState(
        event.release(),
        data.getOrDefault("version", ""),
        Colour.parse(data.getOrDefault("origin", "blue")),
        Colour.parse(data.getOrDefault("target", "green")),
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

  /// A copy that is being changed.
  private static final class Draft {
    private final ReleaseState from;
    private Doing doing;
    private Phase phase;
    private String step;
    private final Map<Phase, PhaseTimes> phases;
    private final Set<String> intended;
    private final Set<String> moveSteps;
    private final List<MoveView> moves;
    private @Nullable Instant endedAt;
    private long lastSequence;

    Draft(ReleaseState from) {
      this.from = from;
      this.doing = from.doing;
      this.phase = from.phase;
      this.step = from.step;
      this.phases = new EnumMap<>(Phase.class);
      this.phases.putAll(from.phases);
      this.intended = new LinkedHashSet<>(from.intended);
      this.moveSteps = new LinkedHashSet<>(from.moveSteps);
      this.moves = new ArrayList<>(from.moves);
      this.endedAt = from.endedAt;
      this.lastSequence = from.lastSequence;
    }

    ReleaseState refuse(EngineEvent event) {
      LOG.warn(
          "entry {} ({}) does not fit a release that is {}",
          event.sequence(),
          event.kind(),
          from.doing);
      return build();
    }

    ReleaseState take(EngineEvent event) {
      Work work = doing.work();
      return switch (event.kind()) {
        case PHASE_STARTED -> phaseStarted(event);
        case PHASE_DONE -> phaseDone(event);
        case STEP_INTENT -> {
          if (event.phase() == Phase.CUT_OVER && !ofMove(work)) {
            yield refuse(event);
          }
          step = event.step();
          doing = doing.goingOn();
          (ofMove(work) ? moveSteps : intended).add(event.step());
          yield build();
        }
        case STEP_DONE -> {
          step = "";
          if (ofMove(work)) {
            timed(event);
          }
          yield build();
        }
        case UNDO_INTENT -> {
          step = event.step();
          doing = doing.goingOn();
          yield build();
        }
        case UNDO_DONE -> {
          step = "";
          (ofMove(work) ? moveSteps : intended).remove(event.step());
          yield build();
        }
        case STEP_FAILED, UNDO_FAILED -> {
          step = "";
          yield build();
        }
        case MOVE_STARTED ->
            from.mayMove() || beganAgain(event) ? moveStarted(event) : refuse(event);
        case MOVE_DONE ->
            work instanceof Work.Moving moving && isOf(event, moving.move())
                ? moveDone(event, moving)
                : refuse(event);
        case MOVE_PROVEN ->
            work instanceof Work.Proving proving && isOf(event, proving.move())
                ? settled(event, proving.move())
                : refuse(event);
        case MOVE_UNDONE ->
            work instanceof Work.Moving moving && isOf(event, moving.move())
                ? moveUndone(event, moving.before())
                : takenBackAfterAll(event) ? moveUndone(event, beforeLast()) : refuse(event);
        case HOLDING -> {
          doing = doing.held(event.text());
          yield build();
        }
        case GIVE_UP_STARTED -> {
          if (from.moveUnderWay() != null || from.live() != from.origin) {
            yield refuse(event);
          }
          doing = Doing.of(new Work.GivingUp());
          yield build();
        }
        case COMMAND -> {
          if ("resume".equals(event.data().get("command"))) {
            doing = doing.goingOn();
          }
          yield build();
        }
        case RELEASE_ENDED -> {
          boolean completed = "completed".equals(event.data().get("result"));
          boolean fits =
              completed ? work instanceof Work.CleaningUp : work instanceof Work.GivingUp;
          if (!fits) {
            yield refuse(event);
          }
          doing = Doing.of(new Work.Ended(completed));
          endedAt = event.at();
          step = "";
          yield build();
        }
        case LEASE_TAKEN, GATE, NOTE, RELEASE_STARTED -> build();
      };
    }

    /// Whether an end is the end of that move, and not of one before it.
    private static boolean isOf(EngineEvent event, Move move) {
      return move.from().id().equals(event.data().get("from"))
          && move.to().id().equals(event.data().get("to"));
    }

    private static boolean ofMove(Work work) {
      return work instanceof Work.Moving || work instanceof Work.Proving;
    }

    private ReleaseState phaseStarted(EngineEvent event) {
      Work work = doing.work();
      switch (event.phase()) {
        case INITIALIZE, PREPARE, REPLICATE, SYNCHRONIZE -> {
          if (!(work instanceof Work.SetUp)) {
            return refuse(event);
          }
          doing = doing.goingOn();
        }
        case CLEAN_UP -> {
          if (!(work instanceof Work.Watching) && !(work instanceof Work.CleaningUp)) {
            return refuse(event);
          }
          doing = Doing.of(new Work.CleaningUp());
        }
        case CUT_OVER, WATCH -> {
          return build();
        }
      }
      phase = event.phase();
      phases.put(event.phase(), new PhaseTimes(event.at(), null));
      return build();
    }

    private ReleaseState phaseDone(EngineEvent event) {
      PhaseTimes began = phases.get(event.phase());
      if (began == null) {
        return refuse(event);
      }
      phases.put(event.phase(), new PhaseTimes(began.startedAt(), event.at()));
      step = "";
      if (event.phase() == Phase.SYNCHRONIZE && doing.work() instanceof Work.SetUp) {
        phase = Phase.CUT_OVER;
        doing = Doing.of(new Work.Ready());
      }
      return build();
    }

    /// A move that waits for its old side is begun again without it, with an operator's word.
    private boolean beganAgain(EngineEvent event) {
      return doing.work() instanceof Work.Moving moving
          && isOf(event, moving.move())
          && Boolean.parseBoolean(event.data().get("lossAcknowledged"));
    }

    private ReleaseState moveStarted(EngineEvent event) {
      Move move =
          new Move(
              Colour.parse(Objects.requireNonNull(event.data().get("from"))),
              Colour.parse(Objects.requireNonNull(event.data().get("to"))));
      boolean acknowledged = Boolean.parseBoolean(event.data().get("lossAcknowledged"));
      Work before = doing.work();
      if (before instanceof Work.Moving waiting) {
        before = waiting.before();
        moves.removeLast();
      }
      doing = Doing.of(new Work.Moving(move, acknowledged, before));
      phase = Phase.CUT_OVER;
      phases.put(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
      moveSteps.clear();
      moves.add(new MoveView(move, MoveView.Result.UNDER_WAY, event.at(), null, List.of()));
      return build();
    }

    private void timed(EngineEvent event) {
      String millis = event.data().get("ms");
      if (millis != null && !moves.isEmpty()) {
        MoveView last = moves.removeLast();
        List<StepTime> steps = new ArrayList<>(last.steps());
        steps.add(new StepTime(event.step(), millis(millis)));
        moves.add(new MoveView(last.move(), last.result(), last.at(), last.stall(), steps));
      }
    }

    private void end(EngineEvent event, MoveView.Result result) {
      MoveView last = moves.removeLast();
      String stall = event.data().get("stallMs");
      moves.add(
          new MoveView(
              last.move(), result, last.at(), stall == null ? null : millis(stall), last.steps()));
      step = "";
    }

    private ReleaseState moveDone(EngineEvent event, Work.Moving moving) {
      end(event, MoveView.Result.DONE);
      if ("false".equals(event.data().get("proven"))) {
        doing = Doing.of(new Work.Proving(moving.move(), moving.lossAcknowledged()));
        return build();
      }
      return settled(event, moving.move());
    }

    /// A proven move to the target is watched; one home leaves the cutover to be tried again.
    private ReleaseState settled(EngineEvent event, Move move) {
      moveSteps.clear();
      step = "";
      PhaseTimes began = phases.getOrDefault(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
      if (move.to() == from.target) {
        phases.put(Phase.CUT_OVER, new PhaseTimes(began.startedAt(), event.at()));
        phases.put(Phase.WATCH, new PhaseTimes(event.at(), null));
        phase = Phase.WATCH;
        doing = Doing.of(new Work.Watching());
      } else {
        home();
      }
      return build();
    }

    private void home() {
      phases.remove(Phase.CUT_OVER);
      phases.remove(Phase.WATCH);
      phase = Phase.CUT_OVER;
      doing = Doing.of(new Work.Ready());
    }

    /// An operator gave the new side up without knowing that the move was done, which was in the
    /// other database only: his word counts, and what was seen of it.
    private boolean takenBackAfterAll(EngineEvent event) {
      Work work = doing.work();
      boolean settled = work instanceof Work.Ready || work instanceof Work.Watching || ofMove(work);
      return settled
          && Boolean.parseBoolean(event.data().get("takenBack"))
          && !moves.isEmpty()
          && moves.getLast().result() == MoveView.Result.DONE
          && isOf(event, moves.getLast().move());
    }

    private Work beforeLast() {
      return moves.getLast().move().to() == from.target ? new Work.Ready() : new Work.Watching();
    }

    private ReleaseState moveUndone(EngineEvent event, Work before) {
      end(event, MoveView.Result.UNDONE);
      moveSteps.clear();
      if (before instanceof Work.Ready) {
        home();
      } else {
        // The target stays live, and is watched or waits for its proof as before.
        doing = Doing.of(before);
        phase = before instanceof Work.Watching ? Phase.WATCH : Phase.CUT_OVER;
        if (phase == Phase.WATCH) {
          phases.putIfAbsent(Phase.WATCH, new PhaseTimes(event.at(), null));
        }
        PhaseTimes began = phases.getOrDefault(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
        phases.put(Phase.CUT_OVER, new PhaseTimes(began.startedAt(), event.at()));
      }
      return build();
    }

    private static Duration millis(String text) {
      return Duration.ofNanos((long) (Double.parseDouble(text) * 1e6));
    }

    ReleaseState build() {
      return new ReleaseState(
          from.number,
          from.version,
          from.origin,
          from.target,
          doing,
          phase,
          step,
          phases,
          intended,
          moveSteps,
          moves,
          from.startedAt,
          endedAt,
          lastSequence);
    }
  }
}
