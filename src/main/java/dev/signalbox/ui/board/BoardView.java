package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.AttentionPanel;
import dev.signalbox.ui.control.HoldLever;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.PhaseStrip;
import dev.signalbox.ui.control.RankedColumn;
import dev.signalbox.ui.fx.Messages;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The Board.
public final class BoardView extends BorderPane {
  private static final double GAP = 12;

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
    setId("board");
    getStyleClass().add("board");
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
    setCenter(new VBox(upper, strip(model)));
    RankedColumn side = new RankedColumn(GAP);
    side.add(new AttentionPanel(model.ask(), model.orders()), 1);
    side.add(gates, 4);
    side.add(strategy, 3);
    side.addBelow(release, 2);
    side.addBelow(lever, 0);
    setRight(side);
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
    model.phases().addListener((_, _, face) -> phases.show(face, model.phasesEmpty().get()));
    model.phasesEmpty().addListener((_, _, text) -> phases.show(model.phases().get(), text));
    model.stack(Colour.BLUE).addListener((_, _, face) -> blue.show(face));
    model.stack(Colour.GREEN).addListener((_, _, face) -> green.show(face));
    model.track().addListener((_, _, face) -> track.show(face));
    model.gates().addListener((_, _, face) -> gates.show(face));
    model.release().addListener((_, _, face) -> release.show(face));
    model.strategy().addListener((_, _, face) -> strategy.show(face));
    model.lever().addListener((_, _, face) -> showLever(face));
    model.charts().addListener((_, _, face) -> charts.show(face));
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

  private void showLever(@Nullable LeverFace face) {
    Nodes.show(lever, face != null);
    if (face != null) {
      lever.show(
          face.state() == LeverFace.State.UNLOCKED,
          face.state() == LeverFace.State.DOING,
          face.title(),
          face.reason(),
          face.budget(),
          Messages.text("cutover.accessible", face.title(), face.reason(), face.budget()));
      Nodes.pseudo(lever, "to-blue", face.to() == Colour.BLUE);
      Nodes.pseudo(lever, "to-green", face.to() == Colour.GREEN);
    }
  }
}
