package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView;
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

/// A copy of a [ReleaseState] that a [Transition] changes.
final class ReleaseDraft {
  private final ReleaseState from;
  Doing doing;
  Phase phase;
  String step;
  final Map<Phase, PhaseTimes> phases = new EnumMap<>(Phase.class);
  final Set<String> intended;
  final Set<String> moveSteps;
  final List<MoveView> moves;
  @Nullable Instant endedAt;

  ReleaseDraft(ReleaseState from) {
    this.from = from;
    this.doing = from.doing();
    this.phase = from.phase();
    this.step = from.step();
    this.phases.putAll(from.phases());
    this.intended = new LinkedHashSet<>(from.intended());
    this.moveSteps = new LinkedHashSet<>(from.moveSteps());
    this.moves = new ArrayList<>(from.moves());
    this.endedAt = from.endedAt();
  }

  boolean ofMove() {
    return doing.work() instanceof Work.Moving || doing.work() instanceof Work.Proving;
  }

  /// The intents that steps belong to now.
  Set<String> steps() {
    return ofMove() ? moveSteps : intended;
  }

  void end(MoveView.Result result, @Nullable Duration stall) {
    MoveView last = moves.removeLast();
    moves.add(new MoveView(last.move(), result, last.at(), stall, last.steps()));
    step = "";
  }

  void cutOverDone(Instant at) {
    PhaseTimes began = phases.getOrDefault(Phase.CUT_OVER, new PhaseTimes(at, null));
    phases.put(Phase.CUT_OVER, new PhaseTimes(began.startedAt(), at));
  }

  void home() {
    phases.remove(Phase.CUT_OVER);
    phases.remove(Phase.WATCH);
    phase = Phase.CUT_OVER;
    doing = Doing.of(new Work.Ready());
  }

  /// @param sequence of the entry that it was changed for
  ReleaseState build(long sequence) {
    return new ReleaseState(
        from.info(),
        doing,
        new ReleaseState.Progress(phase, step, phases),
        new ReleaseState.Intents(intended, moveSteps),
        moves,
        from.startedAt(),
        endedAt,
        sequence);
  }
}
