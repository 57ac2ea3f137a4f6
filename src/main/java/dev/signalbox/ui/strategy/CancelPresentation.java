package dev.signalbox.ui.strategy;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.OrderState;
import org.jspecify.annotations.Nullable;

/// The lever that cancels the selected query.
///
/// @param reason why it is locked, what it is doing, or what came of it
/// @param about whose query it is, and since when
record CancelPresentation(State state, String title, String reason, String about) {
  enum State {
    LOCKED,
    UNLOCKED,
    SENT
  }

  /// @param there whether the query is still open
  static CancelPresentation of(
      EngineSnapshot state, @Nullable OpenQuery query, boolean there, OrderState order) {
    if (query == null) {
      return new CancelPresentation(
          State.LOCKED, Messages.text("cancel.title.none"), Messages.text("cancel.select"), "");
    }
    String title = Messages.text("cancel.title", query.id());
    String about =
        Messages.text(
            "cancel.about",
            query.user(),
            Words.marked(query.colour()),
            Format.duration(query.age()));
    if (order instanceof OrderState.Sent) {
      return new CancelPresentation(State.SENT, title, Messages.text("cancel.sent"), about);
    }
    if (order instanceof OrderState.Done done) {
      return new CancelPresentation(
          State.LOCKED, title, Messages.text("cancel.done", done.text()), about);
    }
    String locked = locked(state, there);
    if (!locked.isEmpty()) {
      return new CancelPresentation(State.LOCKED, title, locked, about);
    }
    return new CancelPresentation(
        State.UNLOCKED,
        title,
        switch (order) {
          case OrderState.Refused refused -> Messages.text("cancel.refused", refused.text());
          case OrderState.Failed failed -> Messages.text("cancel.failed", failed.text());
          case OrderState.Idle(), OrderState.Sent(), OrderState.Done _ ->
              Messages.text("cancel.hold");
        },
        about);
  }

  private static String locked(EngineSnapshot state, boolean there) {
    StrategyView view = state.strategy();
    if (!there) {
      return Messages.text("cancel.ended");
    }
    if (view == null || !view.reachable()) {
      return Messages.text("cancel.silent");
    }
    if (state.lease().mine()) {
      return "";
    }
    String holder = state.lease().holder();
    return holder.isEmpty()
        ? Messages.text("cutover.nobody")
        : Messages.text("cutover.viewer", holder);
  }
}
