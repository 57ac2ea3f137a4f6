package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.OrderState;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The cutover lever. While something else is being done it names that, and cannot be taken for an
/// invitation to cut over.
///
/// @param to where it leads; null when it leads nowhere now
/// @param reason why it is locked, or what it is doing
/// @param budget the stall that is allowed and the one that is expected
record LeverPresentation(
    State state, @Nullable Colour to, String title, String reason, String budget) {
  enum State {
    LOCKED,
    UNLOCKED,
    /// The engine is at it.
    DOING
  }

  /// @param order what became of the last cutover that was asked for
  /// @param backAsked whether a rollback was asked for and is not answered yet
  /// @param steps gives the title of a step for its id
  static LeverPresentation of(
      EngineSnapshot state,
      Validity validity,
      OrderState order,
      boolean backAsked,
      UnaryOperator<String> steps) {
    ReleaseView release = state.release();
    if (!validity.knowsRelease()) {
      return locked(null, Messages.text("cutover.title.unknown"), validity.unknownRelease());
    }
    if (release == null || release.endedAt() != null) {
      Colour to = state.live() == null ? Colour.GREEN : state.live().other();
      return locked(to, title(to), Messages.text("cutover.norelease"));
    }
    Colour to = release.target();
    if (release.status() instanceof Status.Moving moving) {
      return doing(moving.move(), release, steps.apply(moving.step()), budget(state));
    }
    if (release.status() instanceof Status.GivingUp giving) {
      return new LeverPresentation(
          State.DOING,
          null,
          Messages.text("giveup.title", Format.count(release.number())),
          Messages.text("cutover.doing", steps.apply(giving.step())),
          "");
    }
    if (backAsked) {
      return new LeverPresentation(
          State.DOING,
          release.origin(),
          Messages.text("rollback.title.doing", Words.colour(release.origin())),
          Messages.text("cutover.sent"),
          "");
    }
    Move halted = underWay(release);
    if (halted != null && halted.to() == release.origin()) {
      return locked(
          null,
          Messages.text("rollback.title.halted", Words.colour(release.origin())),
          state.lever(LeverId.CUT_OVER).locked());
    }
    if (release.onTarget() && state.live() == to && halted == null) {
      return locked(
          null,
          Messages.text("cutover.title.live", Words.colour(to)),
          Messages.text("cutover.live"));
    }
    if (order instanceof OrderState.Sent) {
      return new LeverPresentation(
          State.DOING, to, title(to), Messages.text("cutover.sent"), budget(state));
    }
    if (!state.lease().mine()) {
      String holder = state.lease().holder();
      return locked(
          to,
          title(to),
          state.lease().nobodyCan()
              ? Messages.text("cutover.nomajority")
              : holder.isEmpty()
                  ? Messages.text("cutover.nobody")
                  : Messages.text("cutover.viewer", holder));
    }
    String locked = state.lever(LeverId.CUT_OVER).locked();
    return locked.isEmpty()
        ? new LeverPresentation(
            State.UNLOCKED, to, title(to), Messages.text("cutover.hold"), budget(state))
        : new LeverPresentation(
            State.LOCKED, to, title(to), Messages.text("cutover.locked", locked), budget(state));
  }

  private static LeverPresentation doing(
      Move move, ReleaseView release, String step, String budget) {
    String to = Words.colour(move.to());
    return new LeverPresentation(
        State.DOING,
        move.to(),
        move.to() == release.origin()
            ? Messages.text("rollback.title.doing", to)
            : Messages.text("cutover.title.doing", to),
        Messages.text("cutover.doing", step),
        budget);
  }

  /// A switch that is neither done nor undone, also while the release holds in the middle of it.
  private static @Nullable Move underWay(ReleaseView release) {
    if (release.moves().isEmpty()) {
      return null;
    }
    MoveView last = release.moves().getLast();
    return last.result() == MoveView.Result.UNDER_WAY ? last.move() : null;
  }

  private static LeverPresentation locked(@Nullable Colour to, String title, String why) {
    return new LeverPresentation(State.LOCKED, to, title, why, "");
  }

  private static String title(Colour to) {
    return Messages.text("cutover.title", Words.colour(to));
  }

  private static String budget(EngineSnapshot state) {
    return state.predictedStall() == null
        ? Messages.text("cutover.budget", Format.duration(state.stallBudget()))
        : Messages.text(
            "cutover.budget.predicted",
            Format.duration(state.predictedStall()),
            Format.duration(state.stallBudget()));
  }
}
