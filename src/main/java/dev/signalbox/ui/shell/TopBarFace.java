package dev.signalbox.ui.shell;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// The top bar.
///
/// @param warning why nothing on the screen should be trusted; empty while it may be
record TopBarFace(
    String environment,
    String release,
    String route,
    @Nullable Colour live,
    String liveText,
    String since,
    String driver,
    boolean mine,
    String driverHint,
    String clock,
    String local,
    String warning) {

  static TopBarFace of(EngineSnapshot state, Instant now, ZoneId zone) {
    ReleaseView release = state.release();
    return new TopBarFace(
        state.environment(),
        release == null
            ? Messages.text("top.release.none")
            : Messages.text(
                "top.release.number", Format.count(release.number()), release.version()),
        release == null
            ? ""
            : Messages.text("top.release.route", release.origin(), release.target()),
        state.live(),
        state.live() == null ? Messages.text("top.live.unknown") : Words.marked(state.live()),
        since(state, release),
        driver(state),
        state.lease().mine(),
        Messages.text("top.driver.hint", Format.count(state.lease().epoch())),
        Format.utc(now),
        Format.local(now, zone),
        Age.warning(state.at(), now, state.pollInterval()));
  }

  private static String since(EngineSnapshot state, @Nullable ReleaseView release) {
    if (release != null && !release.moves().isEmpty()) {
      MoveView last = release.moves().getLast();
      if (last.result() == MoveView.Result.DONE && last.move().to() == state.live()) {
        return Messages.text("top.live.since", Format.utcMinute(last.at()));
      }
    }
    return "";
  }

  private static String driver(EngineSnapshot state) {
    if (state.lease().mine()) {
      return Messages.text("top.driver.mine");
    }
    String holder = state.lease().holder();
    return holder.isEmpty()
        ? Messages.text("top.driver.nobody")
        : Messages.text("top.driver.other", holder);
  }
}
