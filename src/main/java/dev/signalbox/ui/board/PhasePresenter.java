package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.PhasePresentation;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.util.List;
import java.util.Locale;

/// Makes the phase strip of a snapshot; empty without a release.
final class PhasePresenter {
  private PhasePresenter() {}

  static List<PhasePresentation> of(EngineSnapshot state, Validity validity) {
    ReleaseView release = state.release();
    return release == null
        ? List.of()
        : release.phases().stream()
            .map(phase ->
                validity.knowsRelease()
                    ? presentation(state, release, phase)
                    : was(state, release, phase))
            .toList();
  }

  /// What stands there without a release, or while it is not known whether there is one.
  static String empty(Validity validity) {
    return validity.knowsRelease() ? Messages.text("phase.none") : validity.unknownRelease();
  }

  private static PhasePresentation was(
      EngineSnapshot state, ReleaseView release, ReleaseView.PhaseView phase) {
    PhasePresentation last = presentation(state, release, phase);
    return phase.state() == ReleaseView.PhaseView.State.WAITING
        ? last
        : new PhasePresentation(
            last.title(),
            PhasePresentation.State.UNKNOWN,
            Messages.text("top.unknown"),
            last.took(),
            Messages.text("phase.was", last.word()));
  }

  private static PhasePresentation presentation(
      EngineSnapshot state, ReleaseView release, ReleaseView.PhaseView phase) {
    Stall stall =
        phase.phase() == Phase.CUT_OVER && phase.state() == ReleaseView.PhaseView.State.DONE
            ? Stall.of(release.lastStanding(), state.stallBudget())
            : Stall.NONE;
    return new PhasePresentation(
        title(phase.phase(), release.target()),
        switch (phase.state()) {
          case WAITING -> PhasePresentation.State.WAITING;
          case RUNNING -> PhasePresentation.State.RUNNING;
          case HOLDING -> PhasePresentation.State.HOLDING;
          case DONE ->
              stall.over() ? PhasePresentation.State.WARNING : PhasePresentation.State.DONE;
          case UNDOING -> PhasePresentation.State.UNDOING;
          case UNDONE -> PhasePresentation.State.UNDONE;
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
