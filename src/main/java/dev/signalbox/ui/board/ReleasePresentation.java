package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.Action;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where the release stands, in words, and what may be asked of it besides the two levers. The
/// engine has the last word on what is legal; this only keeps the rest out of validity.
///
/// @param actions what may be asked for, each with its effect as the label
record ReleasePresentation(
    String status, Sign sign, String next, List<MoveLine> moves, Map<Action, String> actions) {

  /// @param steps gives the title of a step for its id
  static ReleasePresentation of(
      EngineSnapshot state, Validity validity, UnaryOperator<String> steps) {
    ReleaseView release = state.release();
    if (!validity.knowsRelease()) {
      return new ReleasePresentation(
          Messages.text("release.unknown"),
          Sign.UNKNOWN,
          validity.unknownRelease() + "\n" + Messages.text("release.unknown.next"),
          release == null ? List.of() : MoveLine.of(release, state.stallBudget()),
          driverActions(state));
    }
    if (release == null) {
      return new ReleasePresentation(
          Messages.text("release.none"),
          Sign.UNKNOWN,
          Messages.text("release.none.next"),
          List.of(),
          state.lease().mine() ? labelled(EnumSet.of(Action.START), null) : driverActions(state));
    }
    return new ReleasePresentation(
        status(release, steps),
        sign(state, release),
        release.status() instanceof Status.Holding holding
            ? joined(holding.reason(), release.next())
            : release.next(),
        MoveLine.of(release, state.stallBudget()),
        actions(state, release));
  }

  private static String joined(String reason, String next) {
    return next.isEmpty() || reason.contains(next) ? reason : reason + "\n" + next;
  }

  private static String status(ReleaseView release, UnaryOperator<String> steps) {
    return switch (release.status()) {
      case Status.Running running -> Messages.text("release.running", steps.apply(running.step()));
      case Status.Ready() -> Messages.text("release.ready");
      case Status.Moving moving ->
          Messages.text(
              "release.moving",
              moving.move().from(),
              moving.move().to(),
              steps.apply(moving.step()));
      case Status.Watching() -> Messages.text("release.watching", Words.colour(release.target()));
      case Status.Holding _ -> Messages.text("release.holding");
      case Status.CleaningUp cleaning ->
          Messages.text("release.cleaning", steps.apply(cleaning.step()));
      case Status.GivingUp giving -> Messages.text("release.giving_up", steps.apply(giving.step()));
      case Status.Completed() -> Messages.text("release.completed", Words.colour(release.target()));
      case Status.GivenUp() -> Messages.text("release.given_up", Words.colour(release.origin()));
    };
  }

  /// A release that only waits is well only as long as the stack that is live is.
  private static Sign sign(EngineSnapshot state, ReleaseView release) {
    Colour live = state.live();
    boolean silent = live != null && state.databases().stream().anyMatch(db -> isSilent(db, live));
    return switch (release.status()) {
      case Status.Running _, Status.Moving _, Status.CleaningUp _, Status.GivingUp _ ->
          Sign.PENDING;
      case Status.Ready _, Status.Watching _, Status.Completed _ -> silent ? Sign.BAD : Sign.OK;
      case Status.Holding _ -> Sign.BAD;
      case Status.GivenUp _ -> Sign.UNKNOWN;
    };
  }

  private static boolean isSilent(DatabaseView database, Colour live) {
    Server server = database.servers().get(live);
    return server != null && server.asked() && !server.reachable();
  }

  private static Map<Action, String> driverActions(EngineSnapshot state) {
    if (state.lease().mine()) {
      return Map.of();
    }
    return state.lease().nobodyCan()
        ? Map.of(Action.TAKE_OVER, Messages.text("action.take_over.alone"))
        : labelled(EnumSet.of(Action.TAKE_OVER), null);
  }

  /// Verb and object: what it does, not what it is called.
  private static Map<Action, String> labelled(Set<Action> actions, @Nullable ReleaseView release) {
    Map<Action, String> labels = new EnumMap<>(Action.class);
    for (Action action : actions) {
      labels.put(
          action,
          Messages.text(
              "action." + action.name().toLowerCase(Locale.ROOT),
              release == null ? "" : Format.count(release.number()),
              release == null ? "" : Words.colour(release.target())));
    }
    return Map.copyOf(labels);
  }

  private static Map<Action, String> actions(EngineSnapshot state, ReleaseView release) {
    if (!state.lease().mine()) {
      return driverActions(state);
    }
    Set<Action> actions = EnumSet.noneOf(Action.class);
    switch (release.status()) {
      case Status.Running _, Status.Ready _ -> offer(actions, state, Action.GIVE_UP);
      case Status.Watching _ -> offer(actions, state, Action.CLEAN_UP);
      case Status.Holding _ -> {
        offer(actions, state, Action.RESUME);
        offer(actions, state, Action.GIVE_UP);
      }
      case Status.Moving _, Status.CleaningUp _, Status.GivingUp _ -> {}
      case Status.Completed _, Status.GivenUp _ -> offer(actions, state, Action.START);
    }
    return labelled(actions, release);
  }

  /// Only what the engine would do now.
  private static void offer(Set<Action> actions, EngineSnapshot state, Action action) {
    if (state.lever(action.lever()) instanceof Lever.Free) {
      actions.add(action);
    }
  }
}
