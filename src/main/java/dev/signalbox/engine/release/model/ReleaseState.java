package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.release.model.Doing.Work;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    return new Transition(this, event).result();
  }
}
