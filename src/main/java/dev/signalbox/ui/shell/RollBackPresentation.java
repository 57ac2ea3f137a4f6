package dev.signalbox.ui.shell;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.WayBack;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.OrderState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The way back, always in the top bar. It moves traffic and writes back, and never becomes
/// anything else: what a release built is given up elsewhere.
///
/// @param possible whether pulling it would do anything
/// @param loses whether its words must be typed first
/// @param evidence what it does, or why it cannot be pulled
record RollBackPresentation(
    boolean possible, boolean loses, String title, String detail, String evidence, String words) {

  static RollBackPresentation of(EngineSnapshot state, Validity validity, OrderState order) {
    WayBack way = state.wayBack();
    String to = Words.colour(way.to());
    if (order instanceof OrderState.Sent) {
      boolean seen = isGoingBack(state.release());
      return busy(Messages.text(seen ? "rollback.doing" : "rollback.sent", to), way.evidence());
    }
    return switch (state.lever(LeverId.ROLL_BACK)) {
      case Lever.Free(String effect, String words) ->
          words.isEmpty() ? free(way, validity, effect) : losing(state, effect, words);
      case Lever.Locked(String why) -> locked(state, validity, why);
      case Lever.Elsewhere(String who, Lever _) -> locked(state, validity, who);
    };
  }

  private static RollBackPresentation locked(EngineSnapshot state, Validity validity, String why) {
    return validity.journal() == Validity.Journal.NEVER
        ? busy(Messages.text("top.unknown"), validity.unknownRelease())
        : busy(locked(state), why);
  }

  private static RollBackPresentation busy(String detail, String why) {
    return new RollBackPresentation(false, false, Messages.text("rollback.title"), detail, why, "");
  }

  private static RollBackPresentation free(WayBack way, Validity validity, String effect) {
    String loss =
        validity.knowsRelease() && way.writesAtRisk() >= 0
            ? Messages.text("rollback.losing", Format.count(way.writesAtRisk()))
            : Messages.text("rollback.losing.unknown");
    return new RollBackPresentation(
        true,
        false,
        Messages.text("rollback.title.to", Words.colour(way.to())),
        way.estimate() == null
            ? loss
            : Messages.text("rollback.joined", loss, Format.duration(way.estimate())),
        effect,
        "");
  }

  private static RollBackPresentation losing(EngineSnapshot state, String effect, String words) {
    WayBack way = state.wayBack();
    ReleaseView release = state.release();
    String title;
    if (release != null && way.to() == release.target()) {
      // A way back that lost the side that it led to is taken back itself.
      title =
          Messages.text(
              "rollback.title.other", Words.colour(way.to()), Words.colour(release.origin()));
    } else if (way.writesAtRisk() < 0) {
      title = Messages.text("rollback.title.unknown");
    } else {
      title = Messages.text("rollback.title.loses", Format.count(way.writesAtRisk()));
    }
    return new RollBackPresentation(
        true,
        true,
        title,
        Messages.text("rollback.detail.loses", Words.colour(way.to()).toLowerCase(Locale.ROOT)),
        effect,
        words);
  }

  /// A few words; the sentence is the engine's.
  private static String locked(EngineSnapshot state) {
    ReleaseView release = state.release();
    if (release == null || release.endedAt() != null) {
      return Messages.text("rollback.norelease");
    }
    if (isGoingBack(release)) {
      return Messages.text("rollback.doing", Words.colour(release.origin()));
    }
    return state.live() == release.origin()
        ? Messages.text("rollback.nothing", Words.colour(release.origin()))
        : Messages.text("rollback.locked");
  }

  private static boolean isGoingBack(@Nullable ReleaseView release) {
    return release != null
        && release.status() instanceof Status.Moving moving
        && moving.move().to() == release.origin();
  }
}
