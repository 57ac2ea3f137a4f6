package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What both planes of the simulation have in common: each knows what it saw when it last looked.
abstract class SimPlane implements Plane {
  final SimConsole console;
  private @Nullable Colour live;

  SimPlane(SimConsole console) {
    this.console = console;
  }

  void look() {
    live = sight();
  }

  /// What is seen in use now.
  abstract @Nullable Colour sight();

  abstract boolean open(Move move);

  Step step(String verb, Stage stage, SimStep.See done, SimStep.Act run, SimStep.Act undo) {
    return console.change().apply(new SimStep(console, id() + "." + verb, stage, done, run, undo));
  }

  @Override
  public void start() {}

  @Override
  public PlaneView view() {
    return new ApplicationView(
        Instant.EPOCH,
        Map.of(),
        new ApplicationView.Router("simulated", true, null, null, false, 0, Map.of()));
  }

  @Override
  public @Nullable Colour live() {
    return live;
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return List.of(
        new Gate(
            id() + ".gate",
            "Gate",
            () ->
                open(move)
                    ? Gate.Verdict.open("as simulated")
                    : Gate.Verdict.closed("as simulated")));
  }

  @Override
  public void refresh() {
    if (console.scheduler().inTask()) {
      console.scheduler().pause();
    }
    look();
  }

  @Override
  public void close() {}
}
