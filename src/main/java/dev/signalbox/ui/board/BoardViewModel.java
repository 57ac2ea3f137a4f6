package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.control.PhasePresentation;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.HoldViewModel;
import dev.signalbox.ui.order.Orders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// The Board without its nodes: each part of the screen is one property that changes only when that
/// part of the screen does.
public final class BoardViewModel {
  private final Orders orders;
  private final AskViewModel ask;
  private final HoldViewModel hold = new HoldViewModel(this::cutOver);

  private final ObjectProperty<List<PhasePresentation>> phases =
      new SimpleObjectProperty<>(List.of());
  private final StringProperty phasesEmpty =
      new SimpleStringProperty(Messages.text("unknown.journal"));
  private final StringProperty eventsEmpty =
      new SimpleStringProperty(Messages.text("unknown.journal"));
  private final ObjectProperty<@Nullable StackPresentation> blue = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable StackPresentation> green = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable TrackPresentation> track = new SimpleObjectProperty<>();
  private final ObjectProperty<GatesPresentation> gates =
      new SimpleObjectProperty<>(
          new GatesPresentation(Messages.text("gates.title"), List.of(), ""));
  private final ObjectProperty<ReleasePresentation> release =
      new SimpleObjectProperty<>(
          new ReleasePresentation("", Sign.UNKNOWN, "", List.of(), Map.of()));
  private final ObjectProperty<@Nullable StrategyStripPresentation> strategy =
      new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable LeverPresentation> lever = new SimpleObjectProperty<>();
  private final ObjectProperty<ChartPresentation> charts =
      new SimpleObjectProperty<>(
          new ChartPresentation(
              EngineSnapshot.History.NONE,
              Messages.text("chart.lag"),
              Lags.UNKNOWN,
              Lags.UNKNOWN,
              true,
              false));
  private final EventLog events = new EventLog();
  private EngineBridge.@Nullable Update newest;

  public BoardViewModel(Orders orders, AskViewModel ask) {
    this.orders = orders;
    this.ask = ask;
    orders.state(Action.CUT_OVER).addListener((_, _, _) -> showLever());
    orders.state(Action.ROLL_BACK).addListener((_, _, _) -> showLever());
  }

  /// Shows the newest state. JavaFX thread, or the thread of a test.
  public void show(EngineBridge.Update update) {
    EngineSnapshot state = update.snapshot();
    Instant now = update.now();
    Validity validity = Validity.of(state, now);
    newest = update;
    events.add(update.events(), state.stallBudget());
    phasesEmpty.set(PhasePresenter.empty(validity));
    set(phases, PhasePresenter.of(state, validity));
    set(blue, StackPresenter.of(state, Colour.BLUE, now));
    set(green, StackPresenter.of(state, Colour.GREEN, now));
    set(track, TrackPresentation.of(state, now));
    set(gates, GatesPresentation.of(state, validity));
    set(release, ReleasePresentation.of(state, validity, events::title));
    StrategyStripPresentation strip = StrategyStripPresentation.of(state, now);
    if (!Objects.equals(strip, strategy.get())) {
      strategy.set(strip);
    }
    showLever();
    ChartPresentation curves = ChartPresentation.of(state, validity);
    if (!curves.looksLike(charts.get())) {
      charts.set(curves);
    }
    eventsEmpty.set(
        validity.knowsRelease() ? Messages.text("events.empty") : validity.unknownRelease());
    putOvertakenAway(state);
  }

  /// Nobody drives alone once there is a majority again, and perhaps another console with it.
  private void putOvertakenAway(EngineSnapshot state) {
    Ask open = ask.open().get();
    if (open != null
        && open.expected().equals(Command.TakeOver.OTHER_SIDE_CLOSED)
        && state.lease().majority()) {
      ask.putAway();
    }
  }

  private void showLever() {
    if (newest != null) {
      EngineSnapshot state = newest.snapshot();
      set(
          lever,
          LeverPresentation.of(
              state,
              Validity.of(state, newest.now()),
              orders.state(Action.CUT_OVER).get(),
              orders.isUnderWay(Action.ROLL_BACK),
              events::title));
    }
  }

  private void cutOver() {
    LeverPresentation presentation = lever.get();
    if (presentation != null && presentation.state() == LeverPresentation.State.UNLOCKED) {
      orders.give(Action.CUT_OVER, new Command.CutOver());
    }
  }

  /// Does what was chosen, or asks for what must be typed first.
  void choose(Action action) {
    if (newest == null) {
      return;
    }
    EngineSnapshot state = newest.snapshot();
    switch (action) {
      case START -> ask.ask(ReleaseQuestions.start());
      case RESUME -> orders.give(Action.RESUME, new Command.Resume());
      case GIVE_UP -> ask.ask(ReleaseQuestions.giveUp(state));
      case CLEAN_UP -> ask.ask(ReleaseQuestions.cleanUp(state));
      case TAKE_OVER -> ask.ask(ReleaseQuestions.takeOver(state));
      case CUT_OVER, ROLL_BACK, CANCEL_QUERY ->
          throw new IllegalArgumentException(action + " has a lever of its own");
    }
  }

  private static <T> void set(ObjectProperty<T> property, T value) {
    if (!value.equals(property.get())) {
      property.set(value);
    }
  }

  HoldViewModel hold() {
    return hold;
  }

  Orders orders() {
    return orders;
  }

  AskViewModel ask() {
    return ask;
  }

  ReadOnlyObjectProperty<List<PhasePresentation>> phases() {
    return phases;
  }

  /// What stands there instead of no phases.
  ReadOnlyStringProperty phasesEmpty() {
    return phasesEmpty;
  }

  ReadOnlyObjectProperty<@Nullable StackPresentation> stack(Colour colour) {
    return switch (colour) {
      case BLUE -> blue;
      case GREEN -> green;
    };
  }

  ReadOnlyObjectProperty<@Nullable TrackPresentation> track() {
    return track;
  }

  ReadOnlyObjectProperty<GatesPresentation> gates() {
    return gates;
  }

  ReadOnlyObjectProperty<ReleasePresentation> release() {
    return release;
  }

  /// Null without a query cluster.
  ReadOnlyObjectProperty<@Nullable StrategyStripPresentation> strategy() {
    return strategy;
  }

  ReadOnlyObjectProperty<@Nullable LeverPresentation> lever() {
    return lever;
  }

  ReadOnlyObjectProperty<ChartPresentation> charts() {
    return charts;
  }

  /// What stands there instead of no events.
  ReadOnlyStringProperty eventsEmpty() {
    return eventsEmpty;
  }

  ObservableList<EventLine> events() {
    return events.lines();
  }
}
