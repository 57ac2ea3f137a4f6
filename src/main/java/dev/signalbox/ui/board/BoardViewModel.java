package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.PhaseFace;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Sight;
import dev.signalbox.ui.fx.Words;
import dev.signalbox.ui.order.Action;
import dev.signalbox.ui.order.Ask;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.HoldViewModel;
import dev.signalbox.ui.order.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// The Board without its nodes: each part of the screen is one property that changes only when that
/// part of the screen does.
public final class BoardViewModel {
  private final Orders orders;
  private final AskViewModel ask;
  private final HoldViewModel hold = new HoldViewModel(this::cutOver);

  private final ObjectProperty<List<PhaseFace>> phases = new SimpleObjectProperty<>(List.of());
  private final StringProperty phasesEmpty =
      new SimpleStringProperty(Messages.text("unknown.journal"));
  private final StringProperty eventsEmpty =
      new SimpleStringProperty(Messages.text("unknown.journal"));
  private final ObjectProperty<@Nullable StackPresentation> blue = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable StackPresentation> green = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable TrackPresentation> track = new SimpleObjectProperty<>();
  private final ObjectProperty<GatesFace> gates =
      new SimpleObjectProperty<>(new GatesFace(Messages.text("gates.title"), List.of(), ""));
  private final ObjectProperty<ReleaseFace> release =
      new SimpleObjectProperty<>(new ReleaseFace("", Sign.UNKNOWN, "", List.of(), Map.of()));
  private final ObjectProperty<@Nullable StrategyStripFace> strategy = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable LeverFace> lever = new SimpleObjectProperty<>();
  private final ObjectProperty<ChartFace> charts =
      new SimpleObjectProperty<>(
          new ChartFace(
              EngineSnapshot.History.NONE,
              Messages.text("chart.lag"),
              Lags.UNKNOWN,
              Lags.UNKNOWN,
              true,
              false));
  private final ObservableList<EventLine> events = FXCollections.observableArrayList();
  private final Map<String, String> titles = new HashMap<>();
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
    Sight sight = Sight.of(state, now);
    newest = update;
    nameSteps(update.events());
    phasesEmpty.set(PhaseFaces.empty(sight));
    set(phases, PhaseFaces.of(state, sight));
    set(blue, StackPresenter.of(state, Colour.BLUE, now));
    set(green, StackPresenter.of(state, Colour.GREEN, now));
    set(track, TrackPresentation.of(state, now));
    set(gates, GatesFace.of(state, sight));
    set(release, ReleaseFace.of(state, sight, this::title));
    StrategyStripFace strip = StrategyStripFace.of(state, now);
    if (!Objects.equals(strip, strategy.get())) {
      strategy.set(strip);
    }
    showLever();
    ChartFace curves = ChartFace.of(state, sight);
    if (!curves.looksLike(charts.get())) {
      charts.set(curves);
    }
    eventsEmpty.set(sight.knowsRelease() ? Messages.text("events.empty") : sight.unknownRelease());
    addEvents(update.events(), state.stallBudget());
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
          LeverFace.of(
              state,
              Sight.of(state, newest.now()),
              orders.state(Action.CUT_OVER).get(),
              orders.isUnderWay(Action.ROLL_BACK),
              this::title));
    }
  }

  /// The state names steps by their id; the event that announced a step says it in words.
  private void nameSteps(List<EngineEvent> fresh) {
    for (EngineEvent event : fresh) {
      if (event.kind() == EngineEvent.Kind.STEP_INTENT) {
        String text = event.text();
        titles.put(event.step(), text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
      }
    }
  }

  private String title(String step) {
    return titles.getOrDefault(step, step);
  }

  /// The newest first. What arrives late goes where its number says.
  private void addEvents(List<EngineEvent> fresh, Duration budget) {
    if (fresh.isEmpty()) {
      return;
    }
    List<EventLine> lines = new ArrayList<>(fresh.size());
    for (EngineEvent event : fresh) {
      lines.add(EventLine.of(event, budget));
    }
    if (events.isEmpty() || lines.getFirst().sequence() > events.getFirst().sequence()) {
      events.addAll(0, lines.reversed());
    } else {
      TreeMap<Long, EventLine> all = new TreeMap<>(Comparator.reverseOrder());
      events.forEach(line -> all.put(line.sequence(), line));
      lines.forEach(line -> all.put(line.sequence(), line));
      events.setAll(all.values());
    }
    if (events.size() > EngineBridge.EVENTS) {
      events.remove(EngineBridge.EVENTS, events.size());
    }
  }

  private void cutOver() {
    LeverFace face = lever.get();
    if (face != null && face.state() == LeverFace.State.UNLOCKED) {
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
      case START -> ask.ask(start());
      case RESUME -> orders.give(Action.RESUME, new Command.Resume());
      case GIVE_UP -> ask.ask(giveUp(state));
      case CLEAN_UP -> ask.ask(cleanUp(state));
      case TAKE_OVER -> ask.ask(takeOver(state));
      case CUT_OVER, ROLL_BACK, CANCEL_QUERY ->
          throw new IllegalArgumentException(action + " has a lever of its own");
    }
  }

  private static Ask start() {
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

  private static Ask giveUp(EngineSnapshot state) {
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

  private static Ask cleanUp(EngineSnapshot state) {
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

  private static Ask takeOver(EngineSnapshot state) {
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

  ReadOnlyObjectProperty<List<PhaseFace>> phases() {
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

  ReadOnlyObjectProperty<GatesFace> gates() {
    return gates;
  }

  ReadOnlyObjectProperty<ReleaseFace> release() {
    return release;
  }

  /// Null without a query cluster.
  ReadOnlyObjectProperty<@Nullable StrategyStripFace> strategy() {
    return strategy;
  }

  ReadOnlyObjectProperty<@Nullable LeverFace> lever() {
    return lever;
  }

  ReadOnlyObjectProperty<ChartFace> charts() {
    return charts;
  }

  /// What stands there instead of no events.
  ReadOnlyStringProperty eventsEmpty() {
    return eventsEmpty;
  }

  ObservableList<EventLine> events() {
    return events;
  }
}
