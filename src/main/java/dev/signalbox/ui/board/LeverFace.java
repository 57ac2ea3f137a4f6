package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.OrderState;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The cutover lever.
///
/// @param to where it leads
/// @param reason why it is locked, or what it is doing
/// @param budget the stall that is allowed and the one that is expected
record LeverFace(State state, Colour to, String title, String reason, String budget) {
  enum State {
    LOCKED,
    UNLOCKED,
    SENT
  }

  /// @param steps gives the title of a step for its id
  static LeverFace of(EngineSnapshot state, OrderState order, UnaryOperator<String> steps) {
    ReleaseView release = state.release();
    boolean under = release != null && release.endedAt() == null;
    Colour to =
        under && release != null
            ? release.target()
            : state.live() == null ? Colour.GREEN : state.live().other();
    String title = Messages.text("cutover.title", Words.colour(to));
    String budget =
        state.predictedStall() == null
            ? Messages.text("cutover.budget", Format.duration(state.stallBudget()))
            : Messages.text(
                "cutover.budget.predicted",
                Format.duration(state.predictedStall()),
                Format.duration(state.stallBudget()));
    if (order instanceof OrderState.Sent
        || (release != null && release.status() instanceof Status.Moving)) {
      return new LeverFace(State.SENT, to, title, doing(release, steps), budget);
    }
    if (release == null || release.endedAt() != null) {
      return new LeverFace(State.LOCKED, to, title, Messages.text("cutover.norelease"), "");
    }
    if (!state.lease().mine()) {
      String holder = state.lease().holder();
      return new LeverFace(
          State.LOCKED,
          to,
          title,
          holder.isEmpty()
              ? Messages.text("cutover.nobody")
              : Messages.text("cutover.viewer", holder),
          "");
    }
    String locked = state.lever(LeverId.CUT_OVER).locked();
    if (!locked.isEmpty()) {
      return new LeverFace(
          State.LOCKED, to, title, Messages.text("cutover.locked", locked), budget);
    }
    return new LeverFace(State.UNLOCKED, to, title, Messages.text("cutover.hold"), budget);
  }

  private static String doing(@Nullable ReleaseView release, UnaryOperator<String> steps) {
    return release != null && release.status() instanceof Status.Moving moving
        ? Messages.text("cutover.doing", steps.apply(moving.step()))
        : Messages.text("cutover.sent");
  }
}
