package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.StepTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the journal says about the newest release: a fold over its entries, the same for the
/// console that drives and for one that looks on. Immutable.
///
/// @param number 0 before the first release
/// @param intended ids of the steps outside moves whose intent was written and that were not
///   undone, in the order of their intents
/// @param moveSteps ids of the steps of the move under way, likewise
/// @param moves every switch so far, the last one perhaps under way
/// @param unproven the last move, when it was done and the proof of it failed; else null
public record ReleaseState(
    long number,
    String version,
    Colour origin,
    Colour target,
    Mode mode,
    Phase phase,
    String step,
    Map<Phase, PhaseTimes> phases,
    Set<String> intended,
    Set<String> moveSteps,
    List<MoveView> moves,
    @Nullable Move unproven,
    Instant startedAt,
    @Nullable Instant endedAt,
    long lastSequence) {
  /// No release yet.
  public static final ReleaseState NONE =
      new ReleaseState(
          0,
          "",
          Colour.BLUE,
          Colour.GREEN,
          new Mode.Ended(false),
          Phase.INITIALIZE,
          "",
          Map.of(),
          Set.of(),
          Set.of(),
          List.of(),
          null,
          Instant.EPOCH,
          null,
          0);

  public ReleaseState {
    phases = Map.copyOf(phases);
    intended = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(intended));
    moveSteps = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(moveSteps));
    moves = List.copyOf(moves);
  }

  /// What the release is doing, as journalled.
  public sealed interface Mode {
    /// Phases are being worked through.
    record Advancing() implements Mode {}

    /// Waits for the operator: before the cutover, while watching, or before clean-up.
    record Waiting() implements Mode {}

    record Moving(Move move, boolean lossAcknowledged) implements Mode {}

    /// @param undoing whether what it did was being undone
    record Holding(String reason, boolean undoing) implements Mode {}

    record Undoing() implements Mode {}

    record Ended(boolean completed) implements Mode {}
  }

  /// @param doneAt null while it runs
  public record PhaseTimes(Instant startedAt, @Nullable Instant doneAt) {}

  /// Whether a release exists that has not ended.
  public boolean active() {
    return number > 0 && !(mode instanceof Mode.Ended);
  }

  /// Where traffic is, by the last move that was done.
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
    return !moves.isEmpty() && moves.getLast().result() == MoveView.Result.UNDER_WAY
        ? moves.getLast().move()
        : null;
  }

  /// @return the move that the operator may make next: to the other side of [#live]
  public Move nextMove() {
    return Move.to(live().other());
  }

  /// Whether every phase before the cutover is done.
  public boolean synchronizedBefore() {
    PhaseTimes times = phases.get(Phase.SYNCHRONIZE);
    return times != null && times.doneAt() != null;
  }

  public Plane.ReleaseInfo info() {
    return new Plane.ReleaseInfo(number, version, origin, target);
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
      return started(event);
    }
    if (event.release() != number) {
      return draft.build();
    }
    switch (event.kind()) {
      case PHASE_STARTED -> {
        draft.mode = event.phase() == Phase.WATCH ? new Mode.Waiting() : new Mode.Advancing();
        draft.phase = event.phase();
        draft.phases.put(event.phase(), new PhaseTimes(event.at(), null));
      }
      case PHASE_DONE -> {
        PhaseTimes began = phases.getOrDefault(event.phase(), new PhaseTimes(event.at(), null));
        draft.phases.put(event.phase(), new PhaseTimes(began.startedAt(), event.at()));
        draft.step = "";
        if (event.phase() == Phase.SYNCHRONIZE) {
          draft.phase = Phase.CUT_OVER;
          draft.mode = new Mode.Waiting();
        }
      }
      case STEP_INTENT -> {
        draft.step = event.step();
        if (mode instanceof Mode.Moving) {
          draft.moveSteps.add(event.step());
        } else {
          draft.mode = new Mode.Advancing();
          draft.intended.add(event.step());
        }
      }
      case STEP_DONE -> {
        draft.step = "";
        if (mode instanceof Mode.Moving) {
          draft.timed(event);
        }
      }
      case UNDO_INTENT -> draft.step = event.step();
      case UNDO_DONE -> {
        draft.step = "";
        if (mode instanceof Mode.Moving) {
          draft.moveSteps.remove(event.step());
        } else {
          draft.intended.remove(event.step());
        }
      }
      case MOVE_STARTED -> draft.moveStarted(event);
      case MOVE_DONE -> draft.moveEnded(event, MoveView.Result.DONE, this);
      case MOVE_UNDONE -> draft.moveEnded(event, MoveView.Result.UNDONE, this);
      case HOLDING ->
          draft.mode =
              new Mode.Holding(
                  event.text(),
                  mode instanceof Mode.Undoing
                      || (mode instanceof Mode.Holding held && held.undoing()));
      case ABORT_STARTED -> draft.mode = new Mode.Undoing();
      case RELEASE_ENDED -> {
        draft.mode = new Mode.Ended("completed".equals(event.data().get("result")));
        draft.endedAt = event.at();
        draft.step = "";
      }
      case STEP_FAILED, UNDO_FAILED -> draft.step = "";
      case COMMAND, LEASE_TAKEN, GATE, NOTE, RELEASE_STARTED -> {}
    }
    return draft.build();
  }

  private static ReleaseState started(EngineEvent event) {
    Map<String, String> data = event.data();
    return new ReleaseState(
        event.release(),
        data.getOrDefault("version", ""),
        Colour.parse(data.getOrDefault("origin", "blue")),
        Colour.parse(data.getOrDefault("target", "green")),
        new Mode.Advancing(),
        Phase.INITIALIZE,
        "",
        Map.of(),
        Set.of(),
        Set.of(),
        List.of(),
        null,
        event.at(),
        null,
        event.sequence());
  }

  /// A copy that is being changed.
  private static final class Draft {
    private final ReleaseState from;
    private Mode mode;
    private Phase phase;
    private String step;
    private final Map<Phase, PhaseTimes> phases;
    private final Set<String> intended;
    private final Set<String> moveSteps;
    private final List<MoveView> moves;
    private @Nullable Move unproven;
    private @Nullable Instant endedAt;
    private long lastSequence;

    Draft(ReleaseState from) {
      this.from = from;
      this.mode = from.mode;
      this.phase = from.phase;
      this.step = from.step;
      this.phases = new EnumMap<>(Phase.class);
      this.phases.putAll(from.phases);
      this.intended = new LinkedHashSet<>(from.intended);
      this.moveSteps = new LinkedHashSet<>(from.moveSteps);
      this.moves = new ArrayList<>(from.moves);
      this.unproven = from.unproven;
      this.endedAt = from.endedAt;
      this.lastSequence = from.lastSequence;
    }

    void moveStarted(EngineEvent event) {
      Move move =
          new Move(
              Colour.parse(Objects.requireNonNull(event.data().get("from"))),
              Colour.parse(Objects.requireNonNull(event.data().get("to"))));
      mode = new Mode.Moving(move, Boolean.parseBoolean(event.data().get("lossAcknowledged")));
      phase = Phase.CUT_OVER;
      phases.put(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
      phases.remove(Phase.WATCH);
      moveSteps.clear();
      unproven = null;
      moves.add(new MoveView(move, MoveView.Result.UNDER_WAY, event.at(), null, List.of()));
    }

    void timed(EngineEvent event) {
      String millis = event.data().get("ms");
      if (millis != null && !moves.isEmpty()) {
        MoveView last = moves.removeLast();
        List<StepTime> steps = new ArrayList<>(last.steps());
        steps.add(new StepTime(event.step(), millis(millis)));
        moves.add(new MoveView(last.move(), last.result(), last.at(), last.stall(), steps));
      }
    }

    void moveEnded(EngineEvent event, MoveView.Result result, ReleaseState before) {
      if (!moves.isEmpty()) {
        MoveView last = moves.removeLast();
        String stall = event.data().get("stallMs");
        moves.add(
            new MoveView(
                last.move(),
                result,
                last.at(),
                stall == null ? null : millis(stall),
                last.steps()));
      }
      moveSteps.clear();
      step = "";
      boolean proven = !"false".equals(event.data().get("proven"));
      unproven = proven || moves.isEmpty() ? null : moves.getLast().move();
      mode = proven ? new Mode.Waiting() : new Mode.Holding(event.text(), false);
      PhaseTimes began =
          before.phases.getOrDefault(Phase.CUT_OVER, new PhaseTimes(event.at(), null));
      if (build().live() == before.target) {
        phases.put(Phase.CUT_OVER, new PhaseTimes(began.startedAt(), event.at()));
      } else {
        // Back where it came from: the cutover may be tried again.
        phases.remove(Phase.CUT_OVER);
        phase = Phase.CUT_OVER;
      }
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
          mode,
          phase,
          step,
          phases,
          intended,
          moveSteps,
          moves,
          unproven,
          from.startedAt,
          endedAt,
          lastSequence);
    }
  }
}
