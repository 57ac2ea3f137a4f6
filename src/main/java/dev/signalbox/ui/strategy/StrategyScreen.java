package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.HoldLever;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.ScreenFrame;
import dev.signalbox.ui.control.SelectableText;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import javafx.geometry.Pos;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The Strategy screen.
public final class StrategyScreen extends ScreenFrame {
  private final ClusterPanel cluster = new ClusterPanel();
  private final ClientsPanel clients = new ClientsPanel();
  private final EngineCard blue = new EngineCard(Colour.BLUE);
  private final EngineCard green = new EngineCard(Colour.GREEN);
  private final RatesPanel rates = new RatesPanel();
  private final ClientDetail detail = new ClientDetail();
  private final FleetTable fleet;
  private final HoldLever lever;
  private final SelectableText warning = new SelectableText("screen-warning");
  private final SelectableText empty = new SelectableText("screen-empty");
  private final VBox main;
  private final VBox emptyBox;

  /// @param orders and ask as on every screen: answers and questions are shown here too
  public StrategyScreen(StrategyViewModel model, Orders orders, AskViewModel ask) {
    super("strategy", ask, orders);
    lever = new HoldLever(model.queries().hold());
    lever.setId("cancel-query");
    lever.getStyleClass().add("cancel");
    fleet = new FleetTable(model.fleet());
    warning.setId("strategy-warning");
    empty.setId("strategy-empty");
    HBox machines = row(cluster, clients);
    machines.getStyleClass().add("machines");
    HBox engines = row(blue, green);
    VBox.setVgrow(fleet, Priority.ALWAYS);
    main =
        new VBox(
            warning,
            machines,
            engines,
            new QueryTable(model.queries(), lever::requestFocus),
            fleet);
    main.getStyleClass().add("strategy-main");
    for (Region part : new Region[] {machines, engines}) {
      part.setMinHeight(Region.USE_PREF_SIZE);
    }
    emptyBox = new VBox(Nodes.label(Messages.text("strategy.title"), "section"), empty);
    emptyBox.getStyleClass().add("strategy-main");
    frame(new StackPane(main, emptyBox));
    StackPane.setAlignment(emptyBox, Pos.TOP_LEFT);
    side.add(rates, 3);
    side.add(detail, 2);
    side.addBelow(lever, 0);
    follow(model);
    attention.visibleProperty().addListener((_, _, _) -> showSide());
  }

  /// Two halves. Sentences that wrap ask how wide they will be before they say how high.
  private static HBox row(Region left, Region right) {
    HBox row = new HBox(left, right);
    for (Region half : new Region[] {left, right}) {
      half.prefWidthProperty().bind(row.widthProperty().subtract(row.spacingProperty()).divide(2));
    }
    row.getStyleClass().add("strategy-row");
    HBox.setHgrow(left, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    return row;
  }

  private void follow(StrategyViewModel model) {
    model.cluster().addListener((_, _, presentation) -> cluster.show(presentation));
    model.clients().addListener((_, _, presentation) -> clients.show(presentation));
    model.engine(Colour.BLUE).addListener((_, _, presentation) -> blue.show(presentation));
    model.engine(Colour.GREEN).addListener((_, _, presentation) -> green.show(presentation));
    model.rates().addListener((_, _, presentation) -> rates.show(presentation));
    model.fleet().detail().addListener((_, _, presentation) -> detail.show(presentation));
    model.queries().lever().addListener((_, _, presentation) -> show(presentation));
    model.empty().addListener((_, _, sentence) -> showEmpty(sentence));
    model.warning().addListener((_, _, sentence) -> warning.show(sentence));
    model.stale().addListener((_, _, stale) -> Nodes.pseudo(this, "stale", stale));
    cluster.show(model.cluster().get());
    clients.show(model.clients().get());
    blue.show(model.engine(Colour.BLUE).get());
    green.show(model.engine(Colour.GREEN).get());
    rates.show(model.rates().get());
    detail.show(model.fleet().detail().get());
    show(model.queries().lever().get());
    showEmpty(model.empty().get());
    warning.show(model.warning().get());
  }

  /// Goes to what can be searched here.
  public void search() {
    fleet.search();
  }

  private void showEmpty(String sentence) {
    empty.show(sentence);
    Nodes.show(emptyBox, !sentence.isEmpty());
    Nodes.show(main, sentence.isEmpty());
    for (Region part : new Region[] {rates, detail, lever}) {
      Nodes.show(part, sentence.isEmpty());
    }
    showSide();
  }

  private void showSide() {
    Nodes.show(side, main.isVisible() || attention.isWanted());
  }

  private void show(@Nullable CancelPresentation presentation) {
    if (presentation != null) {
      lever.show(
          presentation.state() == CancelPresentation.State.UNLOCKED,
          presentation.state() == CancelPresentation.State.SENT,
          presentation.title(),
          presentation.reason(),
          presentation.about(),
          Messages.text(
              "cutover.accessible",
              presentation.title(),
              presentation.reason(),
              presentation.about()));
    }
  }
}
