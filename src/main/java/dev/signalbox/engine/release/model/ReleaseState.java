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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the journal says about the newest release: a fold over its entries, the same for the
/// console that drives and for one that looks on. Immutable.
///
/// The state owns its transitions: an entry that does not fit what is being done changes nothing
/// and is logged. Only a move that is under way can end; a release is given up only while its
/// origin is live.
///
/// @param info number 0 before the first release
/// @param moves every switch so far, the last one perhaps under way
public record ReleaseState(
    ReleaseInfo info,
    Doing doing,
    Progress progress,
    Intents intents,
    List<MoveView> moves,
    Instant startedAt,
    @Nullable Instant endedAt,
    long lastSequence) {
  /// No release yet.
  public static final ReleaseState NONE =
      new ReleaseState(
          new ReleaseInfo(0, "", Colour.BLUE, Colour.GREEN),
          Doing.of(new Work.Ended(false)),
          Progress.NONE,
          Intents.NONE,
          List.of(),
          Instant.EPOCH,
          null,
          0);

  public ReleaseState {
    moves = List.copyOf(moves);
  }

  /// How far the phases are.
  ///
  /// @param step the one that was begun and has no result yet; empty for none
  public record Progress(Phase phase, String step, Map<Phase, PhaseTimes> phases) {
    static final Progress NONE = new Progress(Phase.INITIALIZE, "", Map.of());

    public Progress {
      phases = Map.copyOf(phases);
    }
  }

  /// Steps whose intent was written and that were not undone, in the order of their intents.
  ///
  /// @param setUp ids of those outside moves
  /// @param move ids of those of the move under way
  public record Intents(Set<String> setUp, Set<String> move) {
    static final Intents NONE = new Intents(Set.of(), Set.of());

    public Intents {
      setUp = Collections.unmodifiableSet(new LinkedHashSet<>(setUp));
      move = Collections.unmodifiableSet(new LinkedHashSet<>(move));
    }
  }

  /// @param doneAt null while it runs
  public record PhaseTimes(Instant startedAt, @Nullable Instant doneAt) {}

  public long number() {
    return info.number();
  }

  public String version() {
    return info.version();
  }

  public Colour origin() {
    return info.origin();
  }

  public Colour target() {
    return info.target();
  }

  public Phase phase() {
    return progress.phase();
  }

  public String step() {
    return progress.step();
  }

  public Map<Phase, PhaseTimes> phases() {
    return progress.phases();
  }

  /// Ids of the steps outside moves whose intent was written and that were not undone.
  public Set<String> intended() {
    return intents.setUp();
  }

  /// Ids of the steps of the move under way, likewise.
  public Set<String> moveSteps() {
    return intents.move();
  }

  public Work work() {
    return doing.work();
  }

  /// Why it waits for an operator; empty when it does not.
  public String holdReason() {
    return doing.hold().map(Doing.Hold::reason).orElse("");
  }

  /// Whether a release exists that has not ended.
  public boolean active() {
    return number() > 0 && !(work() instanceof Work.Ended);
  }

  /// Whether the target is live and somebody should be watching it: the watch is not over, and
  /// nothing holds.
  public boolean underWatch() {
    PhaseTimes times = phases().get(Phase.WATCH);
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
    return origin();
  }

  /// The move that was begun and is neither done nor undone; null when there is none.
  public @Nullable Move moveUnderWay() {
    return work() instanceof Work.Moving moving ? moving.move() : null;
  }

  /// The move that is being made or proven.
  public Optional<Move> currentMove() {
    return switch (work()) {
      case Work.Moving moving -> Optional.of(moving.move());
      case Work.Proving proving -> Optional.of(proving.move());
      case Work.SetUp _, Work.Ready _, Work.Watching _, Work.CleaningUp _ -> Optional.empty();
      case Work.GivingUp _, Work.Ended _ -> Optional.empty();
    };
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
    PhaseTimes times = phases().get(Phase.SYNCHRONIZE);
    return times != null && times.doneAt() != null;
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
