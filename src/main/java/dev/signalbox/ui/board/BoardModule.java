package dev.signalbox.ui.board;

import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.shell.ScreenContext;
import dev.signalbox.ui.shell.ScreenModule;
import javafx.scene.Node;

/// The Board among the screens.
public final class BoardModule implements ScreenModule {
  /// The screen that the strip about the query cluster leads to.
  private static final String STRATEGY = "strategy";

  private final BoardViewModel model;
  private final Runnable openStrategy;

  public BoardModule(ScreenContext context) {
    model = new BoardViewModel(context.orders(), context.ask());
    openStrategy = () -> context.open().accept(STRATEGY);
  }

  @Override
  public String id() {
    return "board";
  }

  @Override
  public Node view() {
    return new BoardView(model, openStrategy);
  }

  @Override
  public void show(EngineBridge.Update update) {
    model.show(update);
  }

  @Override
  public String help() {
    return Messages.text("help.board");
  }
}
