package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.PhaseFace;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.util.List;
import java.util.Locale;

/// Makes the phase strip of a snapshot; empty without a release.
final class PhaseFaces {
  private PhaseFaces() {}

  static List<PhaseFace> of(EngineSnapshot state) {
    ReleaseView release = state.release();
    return release == null
        ? List.of()
        : release.phases().stream().map(phase -> face(release, phase)).toList();
  }

  private static PhaseFace face(ReleaseView release, ReleaseView.PhaseView phase) {
    return new PhaseFace(
        title(phase.phase(), release.target()),
        switch (phase.state()) {
          case WAITING -> PhaseFace.State.WAITING;
          case RUNNING -> PhaseFace.State.RUNNING;
          case HOLDING -> PhaseFace.State.HOLDING;
          case DONE -> PhaseFace.State.DONE;
        },
        Messages.text("phase.state." + phase.state().name().toLowerCase(Locale.ROOT)),
        phase.took() == null ? "" : Format.duration(phase.took()),
        phase.detail());
  }

  private static String title(Phase phase, Colour target) {
    return phase == Phase.PREPARE
        ? Messages.text("phase.prepare", target.id())
        : Messages.text("phase." + phase.name().toLowerCase(Locale.ROOT));
  }
}
