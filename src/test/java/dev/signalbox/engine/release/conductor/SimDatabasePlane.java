package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The two databases of the simulated world, as one console sees them: what is built on them, and
/// what is seen of them between steps.
final class SimDatabasePlane extends SimPlane {
  private final SimWorld world;
  private final SimMoveSteps moves;
  private long driving;

  SimDatabasePlane(SimConsole console) {
    super(console);
    this.world = console.world();
    this.moves = new SimMoveSteps(this);
    look();
  }

  @Override
  public String id() {
    return "database";
  }

  private boolean sees(Colour colour) {
    return console.sees(Node.of(colour));
  }

  /// The side that is seen open, while the other one is seen closed or is not seen.
  @Override
  @Nullable Colour sight() {
    for (Colour colour : Colour.values()) {
      Colour other = colour.other();
      if (sees(colour) && !world.closed(colour) && (!sees(other) || world.closed(other))) {
        return colour;
      }
    }
    return null;
  }

  @Override
  boolean open(Move move) {
    return sees(move.from())
        && sees(move.to())
        && world.replicates(move.from())
        && world.replicates(move.to());
  }

  @Override
  public Risk risk(Move move) {
    if (!sees(move.to())) {
      return new Risk(false, 0, move.to() + " does not answer; there is nothing to go to.");
    } else if (!world.replicates(move.from())) {
      return new Risk(false, 0, "Nothing is replicated from " + move.from() + ".");
    }
    return sees(move.from())
        ? new Risk(true, 0, "Nothing would be lost.")
        : new Risk(true, -1, move.from() + " does not answer; what it took last would be lost.");
  }

  @Override
  public Optional<String> silent(Colour side) {
    return sees(side) ? Optional.empty() : Optional.of(side + " does not answer.");
  }

  @Override
  public void driving(long epoch) {
    driving = epoch;
  }

  @Override
  void look() {
    super.look();
    if (driving != 0 && sees(Colour.BLUE) && sees(Colour.GREEN)) {
      for (Colour creditor : Colour.values()) {
        payDebt(creditor);
      }
    }
  }

  /// Closes a side that could not be closed when the other one was opened.
  private void payDebt(Colour creditor) {
    SimWorld.Debt debt = world.debt(creditor);
    SimWorld.Debt other = world.debt(creditor.other());
    if (debt == null || world.closed(creditor)) {
      return;
    } else if (other != null && other.number() > debt.number()) {
      return;
    }
    for (Colour colour : Colour.values()) {
      if (world.behind(colour, driving) || world.hangs(colour)) {
        return;
      }
    }
    world.change(creditor.other(), driving, () -> world.close(creditor.other()));
    world.change(creditor, driving, () -> world.paid(creditor));
  }

  // ---- steps ----------------------------------------------------------------------------------

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    Colour origin = release.origin();
    Colour target = release.target();
    String forth = "replication from " + origin.id();
    String back = "replication from " + target.id();
    return switch (phase) {
      case INITIALIZE ->
          List.of(
              work(
                  "initialize",
                  List.of(target),
                  () -> world.built().contains("schema"),
                  () -> world.build("schema"),
                  () -> world.remove("schema")));
      case PREPARE ->
          List.of(
              work(
                  "carry",
                  List.of(target),
                  () -> world.built().contains("tables"),
                  () -> {
                    refuseWhenOpen(target);
                    world.drop(target);
                    world.build("tables");
                  },
                  () -> {
                    refuseWhenOpen(target);
                    world.drop(target);
                    world.remove("tables");
                  }));
      case REPLICATE ->
          List.of(
              work(
                  "copy",
                  List.of(origin, target),
                  () -> world.built().contains(forth),
                  () -> {
                    refuseWhenOpen(target);
                    if (!world.built().contains(forth)) {
                      world.copy(origin);
                    }
                  },
                  () -> world.remove(forth)));
      case SYNCHRONIZE ->
          List.of(
              work(
                  "arm",
                  List.of(origin, target),
                  () -> world.built().contains(back),
                  () -> world.arm(target),
                  () -> world.remove(back)));
      case CUT_OVER -> moves.steps(move, origin);
      case WATCH -> List.of();
      case CLEAN_UP ->
          List.of(
              work(
                  "remove",
                  List.of(origin, target),
                  () -> world.built().isEmpty(),
                  () -> List.copyOf(world.built()).forEach(world::remove),
                  () -> {}));
    };
  }

  private void refuseWhenOpen(Colour colour) {
    if (!world.closed(colour)) {
      throw new IllegalStateException(colour + " takes writes; its tables are not touched");
    }
  }

  private Step work(
      String verb, List<Colour> on, BooleanSupplier done, Runnable run, Runnable undo) {
    return step(
        verb,
        Stage.WORK,
        c -> {
          on.forEach(colour -> console.reach(Node.of(colour)));
          return done.getAsBoolean();
        },
        c -> change(c, on, run),
        c -> change(c, on, undo));
  }

  private void change(StepContext c, List<Colour> on, Runnable what) {
    on.forEach(colour -> change(c, colour, () -> {}));
    what.run();
  }

  /// A transaction that carries the epoch.
  void change(StepContext c, Colour colour, Runnable what) {
    console.reach(Node.of(colour));
    if (world.hangs(colour)) {
      throw new IllegalStateException("the lock of " + colour + " is not given");
    }
    world.change(colour, c.epoch(), what);
  }
}
