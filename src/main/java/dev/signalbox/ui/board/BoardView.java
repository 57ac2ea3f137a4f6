package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.HoldLever;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.PhaseStrip;
import dev.signalbox.ui.control.ScreenFrame;
import dev.signalbox.ui.fx.Messages;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The Board.
public final class BoardView extends ScreenFrame {
  private final PhaseStrip phases =
      new PhaseStrip(phase ->
          Messages.text(
              "phase.accessible", phase.title(), phase.word(), phase.took(), phase.detail()));
  private final StackCard blue = new StackCard(Colour.BLUE);
  private final StackCard green = new StackCard(Colour.GREEN);
  private final TrackView track = new TrackView();
  private final GateList gates = new GateList();
  private final StrategyStrip strategy;
  private final ReleasePanel release;
  private final HoldLever lever;
  private final ChartPanels charts = new ChartPanels();

  /// @param openStrategy opens the Strategy screen
  public BoardView(BoardViewModel model, Runnable openStrategy) {
    super("board", model.ask(), model.orders());
    strategy = new StrategyStrip(openStrategy);
    release = new ReleasePanel(model);
    lever = new HoldLever(model.hold());
    lever.setId("cutover");
    HBox stage = new HBox(blue, track, green);
    stage.getStyleClass().add("stage");
    HBox.setHgrow(blue, Priority.ALWAYS);
    HBox.setHgrow(green, Priority.ALWAYS);
    blue.setPrefWidth(10);
    green.setPrefWidth(10);
    VBox upper = new VBox(phases, stage);
    upper.getStyleClass().add("upper");
    VBox.setVgrow(stage, Priority.ALWAYS);
    VBox.setVgrow(upper, Priority.ALWAYS);
    stage.setMinHeight(0);
    frame(new VBox(upper, strip(model)));
    side.add(gates, 4);
    side.add(strategy, 3);
    side.addBelow(release, 2);
    side.addBelow(lever, 0);
    follow(model);
  }

  private HBox strip(BoardViewModel model) {
    VBox events =
        new VBox(
            Nodes.label(Messages.text("events.title"), "section"),
            new EventList(model.events(), model.eventsEmpty()));
    events.getStyleClass().addAll("strip-panel", "events-panel");
    VBox.setVgrow(events.getChildren().getLast(), Priority.ALWAYS);
    HBox strip = new HBox(charts, events);
    strip.getStyleClass().add("strip");
    HBox.setHgrow(charts, Priority.ALWAYS);
    HBox.setHgrow(events, Priority.ALWAYS);
    charts.setPrefWidth(200);
    events.setPrefWidth(120);
    return strip;
  }

  private void follow(BoardViewModel model) {
    model
        .phases()
        .addListener((_, _, presentation) -> phases.show(presentation, model.phasesEmpty().get()));
    model.phasesEmpty().addListener((_, _, text) -> phases.show(model.phases().get(), text));
    model.stack(Colour.BLUE).addListener((_, _, presentation) -> blue.show(presentation));
    model.stack(Colour.GREEN).addListener((_, _, presentation) -> green.show(presentation));
    model.track().addListener((_, _, presentation) -> track.show(presentation));
    model.gates().addListener((_, _, presentation) -> gates.show(presentation));
    model.release().addListener((_, _, presentation) -> release.show(presentation));
    model.strategy().addListener((_, _, presentation) -> strategy.show(presentation));
    model.lever().addListener((_, _, presentation) -> showLever(presentation));
    model.charts().addListener((_, _, presentation) -> charts.show(presentation));
    phases.show(model.phases().get(), model.phasesEmpty().get());
    blue.show(model.stack(Colour.BLUE).get());
    green.show(model.stack(Colour.GREEN).get());
    track.show(model.track().get());
    gates.show(model.gates().get());
    release.show(model.release().get());
    strategy.show(model.strategy().get());
    showLever(model.lever().get());
    charts.show(model.charts().get());
  }

  private void showLever(@Nullable LeverPresentation presentation) {
    Nodes.show(lever, presentation != null);
    if (presentation != null) {
      lever.show(
          presentation.state() == LeverPresentation.State.UNLOCKED,
          presentation.state() == LeverPresentation.State.DOING,
          presentation.title(),
          presentation.reason(),
          presentation.budget(),
          Messages.text(
              "cutover.accessible",
              presentation.title(),
              presentation.reason(),
              presentation.budget()));
      Nodes.pseudo(lever, "to-blue", presentation.to() == Colour.BLUE);
      Nodes.pseudo(lever, "to-green", presentation.to() == Colour.GREEN);
    }
  }
}
