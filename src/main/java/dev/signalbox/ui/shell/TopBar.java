package dev.signalbox.ui.shell;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.fx.Messages;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Always there: what is live, which release, who drives, the time, the way back.
final class TopBar extends VBox {
  private final Label environment = Nodes.label("", "chip-value");
  private final Label release = Nodes.label("", "chip-value");
  private final Label route = Nodes.firm("", "chip-hint");
  private final Label live = Nodes.firm("", "chip-value", "live-value");
  private final Label since = Nodes.firm("", "chip-hint");
  private final Label driver = Nodes.label("", "chip-value");
  private final Label clock = Nodes.firm("", "clock", "number");
  private final Label local = Nodes.firm("", "chip-hint");
  private final Label warning = Nodes.wrapped("", "top-warning");
  private final Button rollBack = new Button();
  private final Label rollBackTitle = Nodes.firm("", "rollback-title");
  private final Label rollBackDetail = Nodes.firm("", "rollback-detail");

  TopBar(ShellViewModel model) {
    getStyleClass().add("top");
    Region mark = new Region();
    mark.getStyleClass().add("mark");
    Label name = Nodes.label(Messages.text("app.name"), "app-name");
    VBox words = new VBox(rollBackTitle, rollBackDetail);
    words.setAlignment(Pos.CENTER);
    rollBack.setGraphic(words);
    rollBack.setId("rollback");
    rollBack.getStyleClass().add("rollback");
    rollBack.setMinWidth(Region.USE_PREF_SIZE);
    rollBack.setAccessibleRole(AccessibleRole.BUTTON);
    rollBack.setOnAction(_ -> model.rollBack());
    HBox time = new HBox(clock, Nodes.firm(Messages.text("top.clock"), "clock-zone"));
    time.setAlignment(Pos.BASELINE_RIGHT);
    time.getStyleClass().add("time");
    VBox clockBox = new VBox(time, local);
    clockBox.setAlignment(Pos.CENTER_RIGHT);
    clockBox.setMinWidth(Region.USE_PREF_SIZE);
    HBox line =
        new HBox(
            mark,
            name,
            chip("top.environment", environment),
            chip("top.release", release, route),
            firmChip("top.live", live, since),
            chip("top.driver", driver),
            Nodes.spring(),
            clockBox,
            rollBack);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("top-line");
    getChildren().addAll(line, warning);
    Nodes.show(warning, false);
    environment.setId("environment");
    live.setId("live");
    driver.setId("driver");
    model.topBar().addListener((_, _, presentation) -> show(presentation));
    model.rollBackPresentation().addListener((_, _, presentation) -> show(presentation));
    show(model.topBar().get());
    show(model.rollBackPresentation().get());
  }

  private static VBox firmChip(String caption, Label... values) {
    VBox chip = chip(caption, values);
    chip.setMinWidth(Region.USE_PREF_SIZE);
    return chip;
  }

  private static VBox chip(String caption, Label... values) {
    HBox line = new HBox(values);
    line.setAlignment(Pos.BASELINE_LEFT);
    line.getStyleClass().add("chip-line");
    VBox chip = new VBox(Nodes.label(Messages.text(caption), "chip-caption"), line);
    chip.getStyleClass().add("chip");
    chip.setMinWidth(30);
    return chip;
  }

  private void show(@Nullable TopBarPresentation presentation) {
    if (presentation == null) {
      return;
    }
    environment.setText(presentation.environment());
    Nodes.tip(environment, presentation.environment());
    release.setText(presentation.release());
    Nodes.tip(release, presentation.release());
    Nodes.pseudo(release, "other", !presentation.known());
    Nodes.text(route, presentation.route());
    live.setText(presentation.liveText());
    Nodes.pseudo(live, "blue", presentation.live() == Colour.BLUE);
    Nodes.pseudo(live, "green", presentation.live() == Colour.GREEN);
    Nodes.pseudo(live, "other", presentation.live() == null);
    Nodes.text(since, presentation.since());
    driver.setText(presentation.driver());
    Nodes.tip(driver, presentation.driver() + "\n" + presentation.driverHint());
    Nodes.pseudo(driver, "other", !presentation.mine());
    clock.setText(presentation.clock());
    local.setText(Messages.text("top.local", presentation.local()));
    Nodes.text(warning, presentation.warning());
  }

  private void show(@Nullable RollBackPresentation presentation) {
    if (presentation == null) {
      rollBackTitle.setText(Messages.text("rollback.title"));
      return;
    }
    rollBackTitle.setText(presentation.title());
    rollBackDetail.setText(presentation.detail());
    Nodes.pseudo(rollBack, "possible", presentation.possible());
    Nodes.pseudo(rollBack, "loses", presentation.loses());
    Nodes.tip(rollBack, presentation.evidence());
    rollBack.setAccessibleText(
        Messages.text(
            "rollback.accessible",
            presentation.title(),
            presentation.detail(),
            presentation.evidence()));
  }
}
