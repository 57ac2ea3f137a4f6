package dev.signalbox.ui.shell;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.WayBack;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.OrderState;

/// The way back, always in the top bar.
///
/// @param possible whether pulling it would do anything
/// @param loses whether its words must be typed first
record RollBackFace(
    boolean possible, boolean loses, String title, String detail, String evidence, String words) {

  static RollBackFace of(EngineSnapshot state, OrderState order) {
    WayBack way = state.wayBack();
    boolean loses = !way.wordsToType().isEmpty();
    String to = Words.colour(way.to());
    if (order instanceof OrderState.Sent) {
      boolean seen = state.release() != null && state.release().status() instanceof Status.Moving;
      return new RollBackFace(
          way.possible(),
          false,
          Messages.text("rollback.title"),
          Messages.text(seen ? "rollback.doing" : "rollback.sent", to),
          way.evidence(),
          way.wordsToType());
    }
    if (!way.possible()) {
      return new RollBackFace(
          false,
          false,
          Messages.text("rollback.title"),
          Messages.text("rollback.nothing"),
          way.evidence(),
          "");
    }
    String detail =
        Messages.text("rollback.detail", to.toLowerCase(java.util.Locale.ROOT), losing(way));
    return new RollBackFace(
        true,
        loses,
        loses ? title(way) : Messages.text("rollback.title"),
        loses
            ? Messages.text("rollback.detail.loses", to.toLowerCase(java.util.Locale.ROOT))
            : Messages.text("rollback.joined", detail, Format.duration(way.estimate())),
        way.evidence(),
        way.wordsToType());
  }

  private static String title(WayBack way) {
    return way.writesAtRisk() < 0
        ? Messages.text("rollback.title.unknown")
        : Messages.text("rollback.title.loses", Format.count(way.writesAtRisk()));
  }

  private static String losing(WayBack way) {
    return way.writesAtRisk() < 0
        ? Messages.text("rollback.losing.unknown")
        : Messages.text("rollback.losing", Format.count(way.writesAtRisk()));
  }
}
