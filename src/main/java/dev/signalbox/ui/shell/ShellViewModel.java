package dev.signalbox.ui.shell;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.NoticeKeeper;
import dev.signalbox.ui.order.Orders;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/// The window without its nodes.
public final class ShellViewModel {
  private final Orders orders;
  private final ZoneId zone;
  private final AskViewModel ask;
  private final NoticeKeeper notices;
  private final List<ScreenModule> screens;
  private final ReadOnlyObjectWrapper<ScreenModule> screen;
  private final ReadOnlyObjectWrapper<@Nullable TopBarPresentation> topBar =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable RollBackPresentation> rollBack =
      new ReadOnlyObjectWrapper<>();
  private EngineBridge.@Nullable Update newest;

  /// @param zone where this window stands, for the local time beside UTC
  /// @param list makes the screens, in the order of the rail; the first one is seen first
  public ShellViewModel(
      Orders orders, ZoneId zone, Function<ScreenContext, List<ScreenModule>> list) {
    this.orders = orders;
    this.zone = zone;
    ask = new AskViewModel(orders);
    notices = new NoticeKeeper(orders);
    screens = List.copyOf(list.apply(new ScreenContext(orders, ask, this::open)));
    screen = new ReadOnlyObjectWrapper<>(screens.getFirst());
    screen.get().setOpen(true);
    orders.state(Action.ROLL_BACK).addListener((_, _, _) -> showRollBack());
  }

  /// Shows the newest state. JavaFX thread, or the thread of a test.
  public void show(EngineBridge.Update update) {
    newest = update;
    notices.look(update.snapshot(), update.now());
    TopBarPresentation presentation = TopBarPresentation.of(update.snapshot(), update.now(), zone);
    if (!presentation.equals(topBar.get())) {
      topBar.set(presentation);
    }
    showRollBack();
    screens.forEach(each -> each.show(update));
  }

  /// Goes to the screen with that id, or to the first one when there is none. The others go on
  /// following the engine as far as they must.
  public void open(String id) {
    ScreenModule chosen =
        screens.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElse(screens.getFirst());
    screen.set(chosen);
    screens.forEach(each -> each.setOpen(each.equals(chosen)));
  }

  private void showRollBack() {
    if (newest != null) {
      EngineSnapshot state = newest.snapshot();
      RollBackPresentation presentation =
          RollBackPresentation.of(
              state, Validity.of(state, newest.now()), orders.state(Action.ROLL_BACK).get());
      if (!presentation.equals(rollBack.get())) {
        rollBack.set(presentation);
      }
    }
  }

  /// The one click. Asks first only when something would be lost.
  public void rollBack() {
    RollBackPresentation presentation = rollBack.get();
    if (presentation == null || !presentation.possible() || orders.isUnderWay(Action.ROLL_BACK)) {
      return;
    }
    if (presentation.words().isEmpty()) {
      orders.give(Action.ROLL_BACK, Command.RollBack.losingNothing());
      return;
    }
    ask.ask(
        new Ask(
            Action.ROLL_BACK,
            presentation.title(),
            presentation.evidence(),
            Messages.text("ask.type", presentation.words()),
            presentation.words(),
            Messages.text("ask.rollback.verb"),
            true,
            Command.RollBack::new));
  }

  /// In the order of the rail.
  public List<ScreenModule> screens() {
    return screens;
  }

  /// The screen that is seen.
  public ReadOnlyObjectProperty<ScreenModule> screen() {
    return screen.getReadOnlyProperty();
  }

  ReadOnlyObjectProperty<@Nullable TopBarPresentation> topBar() {
    return topBar.getReadOnlyProperty();
  }

  ReadOnlyObjectProperty<@Nullable RollBackPresentation> rollBackPresentation() {
    return rollBack.getReadOnlyProperty();
  }
}
