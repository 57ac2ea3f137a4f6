package dev.signalbox.ui.strategy;

import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.shell.ScreenContext;
import dev.signalbox.ui.shell.ScreenModule;
import java.util.Optional;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;

/// The Strategy screen among the screens.
public final class StrategyModule implements ScreenModule {
  private final ScreenContext context;
  private final StrategyViewModel model;
  private @Nullable StrategyScreen screen;

  public StrategyModule(ScreenContext context) {
    this.context = context;
    model = new StrategyViewModel(context.orders());
  }

  @Override
  public String id() {
    return "strategy";
  }

  @Override
  public Node view() {
    StrategyScreen made = new StrategyScreen(model, context.orders(), context.ask());
    screen = made;
    return made;
  }

  @Override
  public void show(EngineBridge.Update update) {
    model.show(update);
  }

  @Override
  public void setOpen(boolean seen) {
    model.setOpen(seen);
  }

  @Override
  public Optional<Search> search() {
    return Optional.of(new Search(model.filter(), this::focusSearch));
  }

  private void focusSearch() {
    if (screen != null) {
      screen.search();
    }
  }

  @Override
  public String help() {
    return Messages.text("help.strategy");
  }
}
