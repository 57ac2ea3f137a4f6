package dev.signalbox.ui.board;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;

/// What is asked before a release is begun or ended, or the lease is taken.
final class ReleaseQuestions {
  private ReleaseQuestions() {}

  static Ask start() {
    return new Ask(
        Action.START,
        Messages.text("ask.start.title"),
        Messages.text("ask.start.text"),
        Messages.text("ask.start.prompt"),
        "",
        Messages.text("ask.start.verb"),
        false,
        Command.StartRelease::new);
  }

  static Ask giveUp(EngineSnapshot state) {
    ReleaseView release = state.release();
    String name = release == null ? state.environment() : release.version();
    return new Ask(
        Action.GIVE_UP,
        Messages.text("ask.give_up.title", name),
        state.lever(LeverId.GIVE_UP).text(),
        Messages.text("ask.type", state.environment()),
        state.environment(),
        Messages.text("ask.give_up.verb"),
        true,
        Command.GiveUp::new);
  }

  static Ask cleanUp(EngineSnapshot state) {
    String kept =
        state.live() == null ? Messages.text("stack.unknown") : Words.colour(state.live());
    String gone =
        state.live() == null ? Messages.text("stack.unknown") : Words.colour(state.live().other());
    return new Ask(
        Action.CLEAN_UP,
        Messages.text("ask.cleanup.title", kept),
        Messages.text("ask.cleanup.text", kept, gone),
        Messages.text("ask.type", state.environment()),
        state.environment(),
        Messages.text("ask.cleanup.verb"),
        true,
        Command.CleanUp::new);
  }

  static Ask takeOver(EngineSnapshot state) {
    if (state.lease().nobodyCan()) {
      return driveAlone(state);
    }
    return new Ask(
        Action.TAKE_OVER,
        Messages.text("ask.takeover.title"),
        state.lease().holder().isEmpty()
            ? Messages.text("ask.takeover.free")
            : Messages.text("ask.takeover.text", state.lease().holder()),
        Messages.text("ask.type", state.environment()),
        state.environment(),
        Messages.text("ask.takeover.verb"),
        true,
        Command.TakeOver::new);
  }

  /// Nobody can drive for want of a majority: the operator answers for those that are silent. The
  /// engine refuses while anything takes connections at their addresses.
  private static Ask driveAlone(EngineSnapshot state) {
    String words = Command.TakeOver.OTHER_SIDE_CLOSED;
    return new Ask(
        Action.TAKE_OVER,
        Messages.text("ask.alone.title", state.environment()),
        Messages.text("ask.alone.text", String.join(", ", state.lease().silent())),
        Messages.text("ask.type", words),
        words,
        Messages.text("ask.alone.verb"),
        true,
        typed -> new Command.TakeOver(state.environment(), typed));
  }
}
