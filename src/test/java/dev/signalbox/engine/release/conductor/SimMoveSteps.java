package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.SimFaults.Fault;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The steps of a move on the simulated databases, by the rules of the real plane's: the fence is a
/// transaction of the console, the two commits follow one another, and a side that does not answer
/// is left open only with an operator's word, and owes its closing.
final class SimMoveSteps {
  static final Set<String> VERBS =
      Set.of(
          "database.announce",
          "database.fence",
          "database.catch-up",
          "database.switch",
          "database.verify");

  private final SimDatabasePlane plane;
  private final SimConsole console;
  private final SimWorld world;

  /// The move that is made without its old side.
  private @Nullable Attempted alone;

  /// The move that is made with its old side.
  private @Nullable Attempted together;

  /// The move whose new side cannot have been opened yet.
  private @Nullable Attempted unopened;

  private @Nullable Colour origin;

  private record Attempted(Move move, long epoch) {}

  SimMoveSteps(SimDatabasePlane plane) {
    this.plane = plane;
    this.console = plane.console;
    this.world = console.world();
  }

  private static Attempted now(StepContext c) {
    return new Attempted(c.move(), c.epoch());
  }

  List<Step> steps(Move move, Colour origin) {
    this.origin = origin;
    return List.of(
        plane.step("announce", Stage.ANNOUNCE, c -> false, this::announce, c -> {}),
        plane.step("fence", Stage.FENCE, this::fenced, this::fence, this::reopen),
        plane.step("catch-up", Stage.CATCH_UP, this::switched, this::catchUp, c -> {}),
        plane.step(
            "switch",
            Stage.COMMIT,
            c -> withoutOldSide(c) ? !closed(c, move.to()) : switched(c),
            this::commit,
            this::reopen),
        plane.step("verify", Stage.VERIFY, c -> false, this::verify, c -> {}));
  }

  /// Looked at under the epoch and the lock of the fence: nothing can commit behind the look.
  private boolean closed(StepContext c, Colour colour) {
    console.reach(Node.of(colour));
    if (console.settled()) {
      plane.change(c, colour, () -> {});
    }
    return world.closed(colour);
  }

  /// Changes a fence; its COMMIT may hang.
  private void change(StepContext c, Colour colour, String what, Runnable change) {
    if (console.faults().at("COMMIT of " + what, Fault.COMMITS_LATE) != null) {
      plane.change(c, colour, () -> world.commitsLate(colour, change));
      throw new IllegalStateException("the answer to the COMMIT is lost");
    }
    plane.change(c, colour, change);
  }

  /// The old side first: while it is open, nothing was switched.
  private boolean switched(StepContext c) {
    return closed(c, c.move().from()) && !closed(c, c.move().to());
  }

  private boolean gone(Colour colour) {
    return !console.sees(Node.of(colour));
  }

  private boolean withoutOldSide(StepContext c) {
    if (c.move().to() != origin || c.newSideGivenUp()) {
      return false;
    }
    if (now(c).equals(alone)) {
      return true;
    } else if (now(c).equals(together)) {
      return false;
    }
    console.reach(Node.of(c.move().to()));
    boolean owes = world.debt(c.move().to()) != null;
    if (owes && !c.lossAcknowledged()) {
      throw new IllegalStateException("the journal that tells of the loss is not read yet");
    }
    return owes;
  }

  private boolean fencedHere(StepContext c) {
    return world.fencedBy(console.seat(), c.epoch(), c.move().from());
  }

  private void announce(StepContext c) {
    Move move = c.move();
    alone = null;
    together = null;
    unopened = null;
    if (c.lossAcknowledged() && move.to() == origin && gone(move.from())) {
      alone = now(c);
      return;
    }
    closed(c, move.from());
    closed(c, move.to());
    if (!world.replicates(move.from()) || !world.replicates(move.to())) {
      throw new IllegalStateException("the way is not armed in both directions");
    }
    unopened = now(c);
    together = now(c);
  }

  private boolean fenced(StepContext c) {
    return fencedHere(c) || closed(c, c.move().from());
  }

  private void fence(StepContext c) {
    Colour from = c.move().from();
    if (!withoutOldSide(c) && !closed(c, from)) {
      plane.change(c, from, () -> world.fence(new SimWorld.Fence(from, console.seat(), c.epoch())));
    }
  }

  private void catchUp(StepContext c) {
    if (withoutOldSide(c)) {
      return;
    }
    Move move = c.move();
    if (!fencedHere(c) && !closed(c, move.from())) {
      throw new IllegalStateException("the fence is lost");
    }
    console.reach(Node.of(move.from()));
    plane.change(c, move.to(), () -> world.catchUp(move.from()));
  }

  private void commit(StepContext c) {
    Move move = c.move();
    if (withoutOldSide(c)) {
      openWithDebt(c, move.to(), true);
      return;
    }
    if (switched(c)) {
      return;
    }
    plane.change(
        c,
        move.from(),
        () -> {
          if (!fencedHere(c) && !world.closed(move.from())) {
            throw new IllegalStateException("the fence is lost");
          }
        });
    change(
        c,
        move.from(),
        "a closing",
        () -> {
          world.close(move.from());
          world.endFence();
        });
    console.interlude("between the two commits");
    unopened = null;
    change(c, move.to(), "an opening", () -> world.open(move.to()));
  }

  private void verify(StepContext c) {
    boolean whole = withoutOldSide(c) ? !closed(c, c.move().to()) : switched(c);
    if (!whole) {
      throw new IllegalStateException("not exactly " + c.move().to() + " is open");
    }
  }

  /// Ends with the old side open and the new one closed, whatever was done of the move.
  private void reopen(StepContext c) {
    Move move = c.move();
    // A fence is a transaction of this process, whatever epoch it carries.
    world.endFence(console.seat(), move.from());
    if (withoutOldSide(c)) {
      boolean wasOpen = !closed(c, move.to());
      if (wasOpen) {
        plane.change(c, move.to(), () -> world.close(move.to()));
      }
      plane.change(c, move.to(), () -> world.forget(move.to()));
      if (gone(move.from())) {
        throw new IllegalStateException(move.from() + " does not answer, and nobody takes writes");
      }
      if (wasOpen) {
        world.catchUp(move.to());
      }
    }
    boolean neverOpened = now(c).equals(unopened);
    if (!closed(c, move.from())) {
      closeOrOwe(c, neverOpened);
      return;
    }
    boolean givenUp = c.newSideGivenUp();
    if (gone(move.to()) || (givenUp && world.hangs(move.to()))) {
      if (!neverOpened && !givenUp) {
        throw new IllegalStateException(move.to() + " may have taken writes and does not answer");
      }
      openWithDebt(c, move.from(), givenUp);
      return;
    }
    if (!closed(c, move.to())) {
      if (c.epoch() == world.epoch() && !givenUp) {
        world.violated("a commit that is done is undone");
      }
      plane.change(c, move.to(), () -> world.close(move.to()));
      console.interlude("between closing and opening");
      world.catchUp(move.to());
    }
    change(c, move.from(), "an opening", () -> world.open(move.from()));
  }

  private void closeOrOwe(StepContext c, boolean neverOpened) {
    Move move = c.move();
    if (!gone(move.to())) {
      plane.change(c, move.to(), () -> world.close(move.to()));
    } else if (c.newSideGivenUp()) {
      openWithDebt(c, move.from(), true);
    } else if (!neverOpened) {
      plane.change(c, move.from(), () -> world.owe(move.from(), false));
    }
  }

  private void openWithDebt(StepContext c, Colour colour, boolean givenUp) {
    plane.change(
        c,
        colour,
        () -> {
          world.owe(colour, givenUp);
          world.open(colour);
        });
  }
}
