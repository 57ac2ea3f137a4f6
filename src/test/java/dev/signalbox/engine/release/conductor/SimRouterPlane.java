package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The router of the simulated world, as one console sees it.
final class SimRouterPlane extends SimPlane {
  private final SimWorld world;

  SimRouterPlane(SimConsole console) {
    super(console);
    this.world = console.world();
    look();
  }

  @Override
  public String id() {
    return "application";
  }

  @Override
  @Nullable Colour sight() {
    return console.sees(Node.ENTRY) ? world.route() : null;
  }

  @Override
  boolean open(Move move) {
    return console.sees(Node.ENTRY) && !world.sick(move.to());
  }

  @Override
  public Risk risk(Move move) {
    return new Risk(true, 0, "");
  }

  @Override
  public @Nullable String alarm(Colour colour) {
    return world.sick(colour) ? colour + " fails its health checks." : null;
  }

  private SimStep.Act command(SimStep.Act what) {
    return c -> {
      console.reach(Node.ENTRY);
      world.command(c.epoch(), () -> what.on(c));
    };
  }

  private SimStep.See see(SimStep.See what) {
    return c -> {
      console.reach(Node.ENTRY);
      return what.on(c);
    };
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    if (phase != Phase.CUT_OVER) {
      return List.of();
    }
    return List.of(
        step("announce", Stage.ANNOUNCE, see(c -> false), command(c -> {}), command(c -> {})),
        step(
            "hold",
            Stage.HOLD,
            see(c -> world.holding() || world.route() == move.to()),
            command(c -> world.hold()),
            command(c -> world.release())),
        step(
            "route",
            Stage.ROUTE,
            see(c -> world.route() == move.to() && !world.holding()),
            command(c -> {
              world.route(move.to());
              world.release();
            }),
            command(c -> {
              if (world.route() == move.to()) {
                world.hold();
              }
              world.route(move.from());
            })),
        step(
            "verify",
            Stage.VERIFY,
            see(c -> false),
            command(c -> {
              if (world.route() != move.to()) {
                throw new IllegalStateException("traffic does not arrive on " + move.to());
              }
            }),
            command(c -> {})));
  }
}
