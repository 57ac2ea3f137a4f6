package dev.signalbox.ui;

import dev.signalbox.ui.board.BoardModule;
import dev.signalbox.ui.shell.ScreenContext;
import dev.signalbox.ui.shell.ScreenModule;
import dev.signalbox.ui.strategy.StrategyModule;
import java.util.List;

/// The screens that there are, in the order of the rail; `Ctrl` and the place in it opens one.
final class Screens {
  private Screens() {}

  static List<ScreenModule> of(ScreenContext context) {
    return List.of(new BoardModule(context), new StrategyModule(context));
  }
}
