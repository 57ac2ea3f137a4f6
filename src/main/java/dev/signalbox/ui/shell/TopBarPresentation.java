package dev.signalbox.ui.shell;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// The top bar.
///
/// @param known whether the release is; its route says since when it is not
/// @param mine whether this console drives, as far as is known
/// @param warning why nothing on the screen should be trusted, or who is missing for the lease;
///   empty when nothing is wrong
record TopBarPresentation(
    String environment,
    String release,
    String route,
    boolean known,
    @Nullable Colour live,
    String liveText,
    String since,
    String driver,
    boolean mine,
    String driverHint,
    String clock,
    String local,
    String warning) {

  static TopBarPresentation of(EngineSnapshot state, Instant now, ZoneId zone) {
    ReleaseView release = state.release();
    Validity validity = Validity.of(state, now);
    Colour live = validity.fresh() ? state.live() : null;
    return new TopBarPresentation(
        state.environment(),
        release == null
            ? Messages.text(validity.knowsRelease() ? "top.release.none" : "top.unknown")
            : Messages.text(
                "top.release.number", Format.count(release.number()), release.version()),
        route(validity, release),
        validity.knowsRelease(),
        live,
        live == null ? Messages.text("top.unknown") : Words.marked(live),
        live == null ? "" : since(state, release),
        driver(state, validity),
        state.lease().mine() && validity.knowsRelease(),
        hint(state.lease()),
        Format.utc(now),
        Format.local(now, zone),
        warning(state, now));
  }

  private static String warning(EngineSnapshot state, Instant now) {
    String old = Age.warning(state.at(), now, state.pollInterval());
    if (!old.isEmpty()) {
      return Messages.text("top.warning", old);
    }
    LeaseView lease = state.lease();
    if (lease.silent().isEmpty() || (!lease.majority() && !lease.nobodyCan())) {
      return "";
    }
    return Messages.text(
        lease.majority() ? "top.lease.silent" : "top.lease.none",
        String.join(", ", lease.silent()));
  }

  private static String hint(LeaseView lease) {
    String epoch = Messages.text("top.driver.hint", Format.count(lease.epoch()));
    return lease.silent().isEmpty()
        ? epoch
        : epoch + "\n" + Messages.text("top.driver.hint.silent", String.join(", ", lease.silent()));
  }

  private static String route(Validity validity, @Nullable ReleaseView release) {
    if (validity.journalSince() != null) {
      return Messages.text("top.release.old", Format.utc(validity.journalSince()));
    }
    return release == null || !validity.knowsRelease()
        ? ""
        : Messages.text("top.release.route", release.origin(), release.target());
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

  private static String driver(EngineSnapshot state, Validity validity) {
    if (!validity.knowsRelease()) {
      return Messages.text("top.unknown");
    }
    if (state.lease().mine()) {
      return Messages.text("top.driver.mine");
    }
    if (state.lease().nobodyCan()) {
      return Messages.text("top.driver.none");
    } else if (!state.lease().known()) {
      return Messages.text("top.unknown");
    }
    String holder = state.lease().holder();
    return holder.isEmpty()
        ? Messages.text("top.driver.nobody")
        : Messages.text("top.driver.other", holder);
  }
}
