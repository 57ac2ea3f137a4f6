package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A plane whose world is in memory.
///
/// @param console stands for the process: what it holds open ends with it
record WorldPlane(World world, Object console) implements Plane {
  @Override
  public String id() {
    return "world";
  }

  @Override
  public void start() {}

  @Override
  public PlaneView view() {
    return new ApplicationView(
        Instant.now(),
        Map.of(),
        new ApplicationView.Router(
            "memory", true, world.route, world.route, world.holding, 0, Map.of()));
  }

  @Override
  public @Nullable Colour live() {
    return world.route;
  }

  @Override
  public Optional<String> astray(Colour live) {
    return world.astray
        ? Optional.of(live + " is live, and " + live.other() + " takes writes, too.")
        : Optional.empty();
  }

  @Override
  public void mend(Colour live, StepContext context) {
    world.astray = false;
  }

  @Override
  public String thrownAway(Colour target) {
    return world.thrownAway;
  }

  @Override
  public @Nullable String alarm(Colour live) {
    return world.sick == live ? live + " is not healthy." : null;
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return List.of(
        new Gate(
            "world.gate",
            "Gate",
            () ->
                world.looked && !world.shutOnLook.isEmpty()
                    ? Gate.Verdict.closed(world.shutOnLook)
                    : Gate.Verdict.open("always")));
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    List<Step> steps = new ArrayList<>();
    switch (phase) {
      case INITIALIZE, PREPARE, REPLICATE, SYNCHRONIZE -> {
        steps.add(build(phase + ".one"));
        steps.add(build(phase + ".two"));
      }
      case CUT_OVER -> {
        steps.add(
            step(
                "hold", Stage.HOLD, () -> world.holding, () -> world.holding = true, this::resume));
        steps.add(
            step(
                "fence",
                Stage.FENCE,
                () -> world.fencer != null,
                () -> {
                  world.fencer = console;
                  world.heldFence = move.from();
                },
                () -> {
                  world.fencer = null;
                  world.heldFence = null;
                }));
        steps.add(
            step(
                "switch",
                Stage.COMMIT,
                () -> world.fenced.contains(move.from()) && !world.fenced.contains(move.to()),
                () -> {
                  world.fenced.add(move.from());
                  world.heldFence = null;
                  world.fencer = null;
                  world.fenced.remove(move.to());
                },
                () -> {
                  world.fenced.add(move.to());
                  world.fenced.remove(move.from());
                }));
        steps.add(
            step(
                "route",
                Stage.ROUTE,
                () -> world.route == move.to(),
                () -> {
                  world.route = move.to();
                  world.holding = false;
                },
                () -> world.route = move.from()));
        steps.add(step("verify", Stage.VERIFY, () -> true, () -> {}, () -> {}));
      }
      case WATCH -> {}
      case CLEAN_UP ->
          steps.add(
              step(
                  "remove", Stage.WORK, () -> world.built.isEmpty(), world.built::clear, () -> {}));
    }
    return steps;
  }

  private void resume() {
    world.holding = false;
  }

  private Step build(String name) {
    return step(
        name,
        Stage.WORK,
        () -> world.built.contains(name),
        () -> world.built.add(name),
        () -> world.built.remove(name));
  }

  private Step step(String id, Stage stage, BooleanSupplier done, Runnable run, Runnable undo) {
    return new Step() {
      @Override
      public String id() {
        return "world." + id;
      }

      @Override
      public String title() {
        return id;
      }

      @Override
      public Stage stage() {
        return stage;
      }

      @Override
      public Duration timeout() {
        return Duration.ofSeconds(5);
      }

      @Override
      public Reality observe(StepContext context) {
        return done.getAsBoolean() ? Reality.DONE : Reality.NOT_DONE;
      }

      @Override
      public String run(StepContext context) throws InterruptedException {
        if (world.failing.equals(id)) {
          world.failing = "";
          throw new IllegalStateException("asked to fail");
        }
        if (world.waiting.equals(id)) {
          world.reached.countDown();
          world.go.await();
        }
        world.change(context.epoch(), run);
        if (world.sickening.equals(id)) {
          world.sickening = "";
          world.sick = world.route;
        }
        return id + " done";
      }

      @Override
      public void undo(StepContext context) {
        if (world.failingUndo.equals(id)) {
          throw new IllegalStateException("asked to fail");
        }
        world.change(context.epoch(), undo);
      }
    };
  }

  @Override
  public Risk risk(Move move) {
    if (world.lossy) {
      return new Risk(true, -1, "green does not answer.");
    }
    return world.silent
        ? new Risk(false, -1, "blue does not answer.")
        : new Risk(true, 0, "nothing would be lost");
  }

  @Override
  public Optional<String> silent(Colour side) {
    return world.targetLost && side == Colour.GREEN
        ? Optional.of("green does not answer.")
        : Optional.empty();
  }

  @Override
  public void refresh() {
    world.looked = true;
  }

  @Override
  public void close() {}
}
