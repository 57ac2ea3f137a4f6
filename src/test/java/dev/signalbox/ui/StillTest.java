package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/// Nothing moves that is not news: a text that gets longer or goes leaves everything in its place.
class StillTest {
  private static final List<String> PARTS =
      List.of(
          "#phases",
          "#stack-blue",
          "#stack-green",
          "#stack-green .figures",
          "#track .lag-number",
          "#track .arrow",
          "#gate-database-headroom",
          "#release",
          "#cutover");

  @BeforeAll
  static void startToolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Fonts::load);
  }

  @ParameterizedTest
  @CsvSource({"1440, 900", "1024, 700"})
  void aTextThatWrapsMovesNothing(double width, double height) {
    try (ShownWindow window = new ShownWindow(wordy(""), Theme.DARK, "board", width, height)) {
      Map<String, Bounds> before = places(window);
      for (String words :
          List.of(
              "48.2 M rows",
              "both ways · comparing order_items, 61 % · ETA 40 s",
              "a long name of a table that is compared for a while now and then again")) {
        window.show(wordy(words));
        assertThat(places(window)).as(words).isEqualTo(before);
      }
    }
  }

  private static Map<String, Bounds> places(ShownWindow window) {
    Map<String, Bounds> places = new LinkedHashMap<>();
    for (String part : PARTS) {
      Node node = Objects.requireNonNull(window.scene().lookup(part), part);
      places.put(part, node.localToScene(node.getLayoutBounds()));
    }
    return places;
  }

  /// Ready for the cutover, with `words` wherever a text changes while nothing happens.
  private static EngineSnapshot wordy(String words) {
    EngineSnapshot ready = Samples.ready();
    ReleaseView release = Objects.requireNonNull(ready.release());
    DatabaseView view = Objects.requireNonNull(ready.database());
    DatabaseView.Direction forward = view.replication().forward();
    long bytes = words.isEmpty() ? -1 : (long) Math.pow(10, words.length() % 17);
    return ready.with(p -> {
      p.gates =
          ready.gates().stream()
              .map(gate ->
                  new dev.signalbox.engine.GateView(
                      gate.id().replace('.', '-'),
                      gate.title(),
                      gate.state(),
                      gate.evidence() + words))
              .toList();
      p.release =
          new ReleaseView(
              release.number(),
              release.version(),
              release.origin(),
              release.target(),
              release.status(),
              release.phase(),
              release.phases().stream()
                  .map(phase ->
                      phase.phase() == Phase.SYNCHRONIZE
                          ? new ReleaseView.PhaseView(
                              phase.phase(), phase.state(), phase.took(), words)
                          : phase)
                  .toList(),
              release.next(),
              release.moves(),
              release.startedAt(),
              null);
      p.see(
          Samples.replicating(
              view,
              new DatabaseView.Replication(
                  view.replication().source(),
                  new DatabaseView.Direction(
                      forward.state(), bytes, forward.lag(), bytes, Math.max(0, bytes), ""),
                  view.replication().reverse(),
                  view.replication().tables())));
    });
  }
}
