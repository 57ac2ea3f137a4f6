package dev.signalbox.ui.shell;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.board.BoardViewModel;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Sight;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.NoticeKeeper;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.strategy.StrategyViewModel;
import java.time.ZoneId;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/// The window without its nodes.
public final class ShellViewModel {
  private final Orders orders;
  private final ZoneId zone;
  private final AskViewModel ask;
  private final NoticeKeeper notices;
  private final BoardViewModel board;
  private final StrategyViewModel strategy;
  private final ReadOnlyObjectWrapper<Screen> screen = new ReadOnlyObjectWrapper<>(Screen.BOARD);
  private final ReadOnlyObjectWrapper<@Nullable TopBarFace> topBar = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable RollBackFace> rollBack =
      new ReadOnlyObjectWrapper<>();
  private EngineBridge.@Nullable Update newest;

  /// @param zone where this window stands, for the local time beside UTC
  public ShellViewModel(Orders orders, ZoneId zone) {
    this.orders = orders;
    this.zone = zone;
    ask = new AskViewModel(orders);
    notices = new NoticeKeeper(orders);
    board = new BoardViewModel(orders, ask);
    strategy = new StrategyViewModel(orders);
    orders.state(Action.ROLL_BACK).addListener((_, _, _) -> showRollBack());
  }

  /// Shows the newest state. JavaFX thread, or the thread of a test.
  public void show(EngineBridge.Update update) {
    newest = update;
    notices.look(update.snapshot(), update.now());
    TopBarFace face = TopBarFace.of(update.snapshot(), update.now(), zone);
    if (!face.equals(topBar.get())) {
      topBar.set(face);
    }
    showRollBack();
    board.show(update);
    strategy.show(update);
  }

  /// Goes to a screen. The others go on following the engine as far as they must.
  public void open(Screen chosen) {
    screen.set(chosen);
    strategy.setOpen(chosen == Screen.STRATEGY);
  }

  private void showRollBack() {
    if (newest != null) {
      EngineSnapshot state = newest.snapshot();
      RollBackFace face =
          RollBackFace.of(
              state, Sight.of(state, newest.now()), orders.state(Action.ROLL_BACK).get());
      if (!face.equals(rollBack.get())) {
        rollBack.set(face);
      }
    }
  }

  /// The one click. Asks first only when something would be lost.
  public void rollBack() {
    RollBackFace face = rollBack.get();
    if (face == null || !face.possible() || orders.isUnderWay(Action.ROLL_BACK)) {
      return;
    }
    if (face.words().isEmpty()) {
      orders.give(Action.ROLL_BACK, Command.RollBack.losingNothing());
      return;
    }
    ask.ask(
        new Ask(
            Action.ROLL_BACK,
            face.title(),
            face.evidence(),
            Messages.text("ask.type", face.words()),
            face.words(),
            Messages.text("ask.rollback.verb"),
            true,
            Command.RollBack::new));
  }

  public BoardViewModel board() {
    return board;
  }

  public StrategyViewModel strategy() {
    return strategy;
  }

  /// The screen that is seen.
  public ReadOnlyObjectProperty<Screen> screen() {
    return screen.getReadOnlyProperty();
  }

  AskViewModel ask() {
    return ask;
  }

  Orders orders() {
    return orders;
  }

  ReadOnlyObjectProperty<@Nullable TopBarFace> topBar() {
    return topBar.getReadOnlyProperty();
  }

  ReadOnlyObjectProperty<@Nullable RollBackFace> rollBackFace() {
    return rollBack.getReadOnlyProperty();
  }
}
