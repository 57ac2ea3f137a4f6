package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.ui.control.Nodes;
import dev.signalbox.ui.control.TimeChart;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The last ten minutes: lag in both directions, requests and errors of both stacks.
final class ChartPanels extends HBox {
  /// Ten minutes, and less while there is less: a release begins with an empty picture.
  private static final List<Duration> SPANS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  private static final String UNKNOWN = "–";
  private static final double ERROR_FULL_SCALE = 0.05;

  private final TimeChart lag =
      new TimeChart(
          SPANS,
          20,
          Format::millis,
          Format::utc,
          Messages.text("chart.empty"),
          List.of("curve-forward", "curve-reverse"));
  private final TimeChart requests =
      new TimeChart(
          SPANS,
          10,
          Format::rate,
          Format::utc,
          Messages.text("chart.empty"),
          List.of("curve-blue", "curve-green", "curve-errors"));
  private final Label forward = Nodes.firm("", "legend", "curve-forward");
  private final Label reverse = Nodes.firm("", "legend", "curve-reverse");
  private final Label blue = Nodes.firm("", "legend", "curve-blue");
  private final Label green = Nodes.firm("", "legend", "curve-green");
  private final Label errors = Nodes.firm("", "legend", "curve-errors");

  private final Label lagTitle = Nodes.label("", "section");
  private final VBox lagPanel = panel(lagTitle, lag, null, forward, reverse);
  private final VBox requestsPanel =
      panel(Nodes.label(Messages.text("chart.requests"), "section"), requests, errors, blue, green);

  ChartPanels() {
    getStyleClass().add("charts");
    getChildren().addAll(lagPanel, requestsPanel);
  }

  private static VBox panel(Label title, TimeChart chart, @Nullable Label beside, Label... legend) {
    HBox head = new HBox(title, Nodes.spring());
    if (beside != null) {
      head.getChildren().add(beside);
    }
    HBox words = new HBox(legend);
    words.getStyleClass().add("legends");
    words.setAlignment(Pos.CENTER_LEFT);
    VBox panel = new VBox(head, words, chart);
    panel.getStyleClass().add("strip-panel");
    VBox.setVgrow(chart, Priority.ALWAYS);
    HBox.setHgrow(panel, Priority.ALWAYS);
    panel.setPrefWidth(100);
    panel.setMinWidth(0);
    return panel;
  }

  void show(ChartPresentation presentation) {
    lagTitle.setText(presentation.lagTitle());
    Nodes.show(lagPanel, !presentation.lagTitle().isEmpty());
    Nodes.show(requestsPanel, presentation.requests());
    Nodes.show(this, lagPanel.isManaged() || requestsPanel.isManaged());
    List<Sample> history = presentation.history().samples();
    List<TimeChart.Mark> marks =
        presentation.history().marks().stream()
            .map(mark -> new TimeChart.Mark(mark.at(), mark.word()))
            .toList();
    lag.show(
        history.stream()
            .map(s ->
                new TimeChart.Point(s.at(), List.of(s.forwardLagMillis(), s.reverseLagMillis())))
            .toList(),
        marks);
    double top = history.stream().mapToDouble(ChartPanels::busiest).reduce(10, Math::max);
    requests.show(
        history.stream()
            .map(s ->
                new TimeChart.Point(
                    s.at(), List.of(s.blueRequests(), s.greenRequests(), errorHeight(s, top))))
            .toList(),
        marks);
    showLegend(presentation);
  }

  /// Nothing when neither is known.
  private static double busiest(Sample sample) {
    double busiest = Math.max(sample.blueRequests(), sample.greenRequests());
    return busiest >= 0 ? busiest : 0;
  }

  /// Errors share the picture but not the scale: five per cent reach its top.
  private static double errorHeight(Sample sample, double top) {
    return sample.errorShare() <= 0
        ? Double.NaN
        : Math.min(1, sample.errorShare() / ERROR_FULL_SCALE) * top;
  }

  private void showLegend(ChartPresentation presentation) {
    List<Sample> history = presentation.history().samples();
    boolean some = !history.isEmpty();
    for (Label label : List.of(forward, reverse, blue, green, errors)) {
      Nodes.show(label, some);
    }
    if (!some) {
      return;
    }
    Sample now = history.getLast();
    String toBlue = presentation.requestsKnown() ? rateText(now.blueRequests()) : UNKNOWN;
    String toGreen = presentation.requestsKnown() ? rateText(now.greenRequests()) : UNKNOWN;
    forward.setText(Messages.text("chart.lag.forward") + " " + presentation.forward());
    reverse.setText(Messages.text("chart.lag.reverse") + " " + presentation.reverse());
    blue.setText(Messages.text("chart.blue") + " " + toBlue);
    green.setText(Messages.text("chart.green") + " " + toGreen);
    errors.setText(
        Messages.text("chart.errors")
            + " "
            + (presentation.requestsKnown() && now.errorShare() >= 0
                ? Format.finePercent(now.errorShare())
                : UNKNOWN));
    Nodes.pseudo(errors, "none", !presentation.requestsKnown() || !(now.errorShare() > 0));
    lag.setAccessibleText(
        Messages.text("chart.accessible.lag", presentation.forward(), presentation.reverse()));
    requests.setAccessibleText(Messages.text("chart.accessible.requests", toBlue, toGreen));
  }

  private static String rateText(double perSecond) {
    return perSecond >= 0 ? Format.rate(perSecond) : UNKNOWN;
  }
}
