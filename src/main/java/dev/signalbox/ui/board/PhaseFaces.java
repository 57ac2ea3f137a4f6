package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.PhaseFace;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Sight;
import java.util.List;
import java.util.Locale;

/// Makes the phase strip of a snapshot; empty without a release.
final class PhaseFaces {
  private PhaseFaces() {}

  static List<PhaseFace> of(EngineSnapshot state, Sight sight) {
    ReleaseView release = state.release();
    return release == null
        ? List.of()
        : release.phases().stream()
            .map(phase ->
                sight.knowsRelease() ? face(state, release, phase) : was(state, release, phase))
            .toList();
  }

  /// What stands there without a release, or while it is not known whether there is one.
  static String empty(Sight sight) {
    return sight.knowsRelease() ? Messages.text("phase.none") : sight.unknownRelease();
  }

  private static PhaseFace was(
      EngineSnapshot state, ReleaseView release, ReleaseView.PhaseView phase) {
    PhaseFace last = face(state, release, phase);
    return phase.state() == ReleaseView.PhaseView.State.WAITING
        ? last
        : new PhaseFace(
            last.title(),
            PhaseFace.State.UNKNOWN,
            Messages.text("top.unknown"),
            last.took(),
            Messages.text("phase.was", last.word()));
  }

  private static PhaseFace face(
      EngineSnapshot state, ReleaseView release, ReleaseView.PhaseView phase) {
    Stall stall =
        phase.phase() == Phase.CUT_OVER && phase.state() == ReleaseView.PhaseView.State.DONE
            ? Stall.of(release.lastStanding(), state.stallBudget())
            : Stall.NONE;
    return new PhaseFace(
        title(phase.phase(), release.target()),
        switch (phase.state()) {
          case WAITING -> PhaseFace.State.WAITING;
          case RUNNING -> PhaseFace.State.RUNNING;
          case HOLDING -> PhaseFace.State.HOLDING;
          case DONE -> stall.over() ? PhaseFace.State.WARNING : PhaseFace.State.DONE;
          case UNDOING -> PhaseFace.State.UNDOING;
          case UNDONE -> PhaseFace.State.UNDONE;
        },
        Messages.text("phase.state." + phase.state().name().toLowerCase(Locale.ROOT)),
        phase.took() == null ? "" : Format.duration(phase.took()),
        detail(phase, stall));
  }

  private static String detail(ReleaseView.PhaseView phase, Stall stall) {
    return switch (phase.state()) {
      case UNDOING, UNDONE ->
          Messages.text("phase.state." + phase.state().name().toLowerCase(Locale.ROOT));
      case WAITING, RUNNING, HOLDING, DONE ->
          phase.detail().isEmpty() ? stall.words() : phase.detail();
    };
  }

  private static String title(Phase phase, Colour target) {
    return phase == Phase.PREPARE
        ? Messages.text("phase.prepare", target.id())
        : Messages.text("phase." + phase.name().toLowerCase(Locale.ROOT));
  }
}
