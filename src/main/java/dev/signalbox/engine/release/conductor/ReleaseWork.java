package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the activities of a release do, from what begins one to what must follow it. Each method
/// runs on the task of an activity.
final class ReleaseWork {
  private static final List<Phase> UP_TO_READY =
      List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE);

  private static final Duration MENDING = Duration.ofSeconds(15);

  private final ActivityContext context;
  private final MoveOrders moves;

  ReleaseWork(ActivityContext context) {
    this.context = context;
    this.moves = new MoveOrders(context);
  }

  private Planes planes() {
    return context.planes();
  }

  /// What there is to do with moves.
  MoveOrders moves() {
    return moves;
  }

  /// Writes what an operator asked for into the audit.
  void note(Ordered order, String text) {
    context.order(order, text);
  }

  /// @return refused when it cannot be seen which stack is live
  Outcome start(String version) {
    planes().refresh();
    List<Sighting> seen = planes().sightings();
    Optional<Colour> agreed = Sighting.agreed(seen);
    if (agreed.isEmpty()) {
      return new Outcome.Refused(
          "It cannot be seen which stack is live: "
              + Sighting.list(seen)
              + ". Start what does not answer, bring all to the same stack, then try again.");
    }
    Colour live = agreed.get();
    long number = context.state().number() + 1;
    context
        .batch()
        .add(
            number,
            new ReleaseStarted(version, live, live.other()),
            Phase.INITIALIZE,
            "",
            "Release " + number + " of " + version + " begins: " + Move.to(live.other()))
        .write();
    return new Outcome.Done("Release " + number + " has begun.");
  }

  Outcome setUp() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    return new AdvanceRun(context).through(UP_TO_READY, new Move(state.origin(), state.target()))
        ? new Outcome.Done("Both stacks are in step; the cutover may be made.")
        : new Outcome.Failed("The release holds: " + context.state().holdReason());
  }

  /// @param alone whether an operator typed that it ends without the target, which is lost: what it
  ///   alone knows is given up. Nothing moves to the target without both databases
  Outcome giveUp(boolean alone) throws InterruptedException {
    if (alone) {
      List<String> _ = context.readJournals();
    } else {
      context.readBothJournals();
    }
    if (!context.state().mayGiveUp()) {
      return knownOnlyNow("given up");
    }
    return new GiveUpRun(context)
        .run()
        .<Outcome>map(Outcome.Failed::new)
        .orElseGet(() -> new Outcome.Done("The release was given up and everything undone."));
  }

  Outcome cleanUp() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    if (!state.mayCleanUp()) {
      return knownOnlyNow("cleaned up");
    }
    if (!new AdvanceRun(context)
        .through(List.of(Phase.CLEAN_UP), new Move(state.origin(), state.target()))) {
      return new Outcome.Failed("Clean-up holds: " + context.state().holdReason());
    }
    context
        .batch()
        .add(
            new ReleaseEnded(true),
            Phase.CLEAN_UP,
            "",
            "Release " + state.number() + " is complete; " + state.target() + " is live.")
        .write();
    return new Outcome.Done("Release " + state.number() + " is complete.");
  }

  private static Outcome knownOnlyNow(String what) {
    return new Outcome.Failed(
        "Another console did something that is known only now, so nothing was " + what + ".");
  }

  /// Goes on with what the journal says is under way, from what is observed.
  Outcome takeUp() throws InterruptedException {
    Work work = context.state().work();
    return switch (work) {
      case Work.SetUp _ -> setUp();
      case Work.Moving(Move move, boolean acknowledged, Work _) -> {
        if (move.to() == context.state().origin() && !acknowledged) {
          // That an operator gave the old side up may be written in the new one alone.
          List<String> _ = context.readJournals();
          if (!context.state().work().equals(work)) {
            yield takeUp();
          }
        }
        yield moves.takeUp(move, acknowledged);
      }
      case Work.Proving(Move move, boolean acknowledged) -> moves.prove(move, acknowledged);
      case Work.CleaningUp _ -> cleanUp();
      case Work.GivingUp _ -> giveUp(false);
      // What held was an alarm or the like, not a work.
      case Work.Ready _, Work.Watching _ -> mend();
      case Work.Ended _ -> new Outcome.Refused("No release is under way.");
    };
  }

  /// Ends what is in use beside the live side.
  private Outcome mend() throws InterruptedException {
    context.readBothJournals();
    ReleaseState state = context.state();
    Colour live = state.live();
    Optional<String> astray =
        state.moveUnderWay() == null ? planes().astray(live) : Optional.empty();
    if (astray.isEmpty()) {
      return new Outcome.Done("The release goes on.");
    }
    Attempt attempt = context.attempt(new Move(live.other(), live), MENDING);
    try {
      context.within(
          MENDING,
          "close " + live.other(),
          () -> {
            planes().mend(live, attempt);
            return true;
          });
    } catch (DeposedException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return new Outcome.Failed(
          live.other() + " could not be closed for writes: " + Sentences.of(e));
    }
    planes().refresh();
    String text = astray.get() + " " + live.other() + " was closed for writes.";
    context.write(Plain.NOTE, state.phase(), "", text);
    return new Outcome.Done(text);
  }
}
