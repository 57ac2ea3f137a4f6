package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.Lever.Free;
import dev.signalbox.engine.Lever.Locked;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.model.Doing.Work;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides what an operator may do now: the one place, asked by the engine for every command, and
/// shown by window and command line. What the release allows, and whether this console may pull it,
/// are two questions: a console that looks on shows what whoever drives may do. Pure: no clock, no
/// thread, no I/O.
public final class Levers {
  /// What is typed when nobody can say how many writes would be lost.
  public static final String UNKNOWN_LOSS = "lose writes";

  /// What is typed when the side that traffic was going back to is given up.
  public static String losing(Colour origin) {
    return UNKNOWN_LOSS + " of " + origin.id();
  }

  private final ReleaseState state;
  private final Observed seen;
  private final Observed.@Nullable Activity activity;

  private Levers(ReleaseState state, Observed seen) {
    this.state = state;
    this.seen = seen;
    this.activity = seen.activity().orElse(null);
  }

  /// @return every lever
  public static Map<LeverId, Lever> of(ReleaseState state, Observed seen) {
    Levers levers = new Levers(state, seen);
    Map<LeverId, Lever> all = new EnumMap<>(LeverId.class);
    for (LeverId id : LeverId.values()) {
      all.put(id, levers.decide(id));
    }
    return all;
  }

  /// What the operator must type to bear a loss; empty when nothing would be lost.
  public static String wordsToType(Risk risk) {
    if (risk.writes() == 0) {
      return "";
    }
    return risk.writes() < 0 ? UNKNOWN_LOSS : "lose " + risk.writes() + " writes";
  }

  private Lever decide(LeverId id) {
    if (id == LeverId.TAKE_OVER) {
      return seen.driver() instanceof Observed.Driver.Here
          ? new Locked(seen.driver().sentence())
          : new Free(
              "The console that takes over drives; any other one looks on.", seen.environment());
    }
    return switch (seen.driver()) {
      case Observed.Driver.Here _ -> allowed(id);
      case Observed.Driver.Elsewhere(String who) -> new Lever.Elsewhere(who, allowed(id));
      case Observed.Driver.Nobody(String who) -> new Lever.Elsewhere(who, allowed(id));
      case Observed.Driver.Nowhere(String why) -> new Locked(why);
    };
  }

  /// What whoever drives may do.
  private Lever allowed(LeverId id) {
    if (!seen.journalRead()) {
      return new Locked(
          "The journal was not read yet, so it is not known whether a release is under way.");
    }
    return switch (id) {
      case START -> start();
      case CUT_OVER -> cutOver();
      case ROLL_BACK -> rollBack();
      case GIVE_UP -> giveUp();
      case RESUME -> resume();
      case CLEAN_UP -> cleanUp();
      case TAKE_OVER -> throw new IllegalStateException("decided above");
    };
  }

  private @Nullable Locked busy() {
    return activity == null ? null : new Locked("'" + activity.title() + "' is under way.");
  }

  private Lever start() {
    Locked busy = busy();
    if (busy != null) {
      return busy;
    }
    return state.active()
        ? new Locked("Release " + state.number() + " (" + state.version() + ") has not ended yet.")
        : new Free("A release begins: the stack that is not live is prepared.", "");
  }

  private Lever cutOver() {
    if (!state.active()) {
      return new Locked("No release is under way.");
    }
    Locked busy = busy();
    Work work = state.work();
    switch (work) {
      case Work.GivingUp _ -> {
        return new Locked("The release is being given up.");
      }
      case Work.Moving _ -> {
        return busy != null
            ? busy
            : new Locked("A switch is neither done nor undone: resume, or roll back.");
      }
      case Work.SetUp _ -> {
        return new Locked(
            state.holdReason().isEmpty() ? "The stacks are not in step yet." : state.holdReason());
      }
      case Work.CleaningUp _, Work.Watching _, Work.Proving _, Work.Ready _, Work.Ended _ -> {}
    }
    if (busy != null) {
      return busy;
    } else if (state.live() == state.target()) {
      return new Locked(state.target() + " is live already.");
    } else if (work instanceof Work.Proving) {
      return new Locked(state.live() + " is live and that is not proven yet: resume to prove it.");
    } else if (state.doing().hold().isPresent()) {
      return new Locked(state.holdReason());
    }
    for (GateView gate : seen.gates()) {
      if (gate.state() != GateView.State.OPEN) {
        return new Locked(gate.title() + ": " + gate.evidence());
      }
    }
    return new Free("Traffic and writes move to " + state.target() + ".", "");
  }

  private Lever rollBack() {
    if (!state.active()) {
      return new Locked("No release is under way, so there is nothing to go back from.");
    }
    Move making = activity == null ? null : activity.move().orElse(null);
    if (state.work() instanceof Work.Moving moving) {
      if (making != null) {
        return moving.move().to() == state.origin()
            ? new Locked("The way back to " + state.origin() + " is under way.")
            : new Free(takingBack(), "");
      }
      Locked busy = busy();
      if (busy != null) {
        return busy;
      } else if (moving.move().to() == state.origin()) {
        return wayBackUnderWay();
      }
      return new Free(
          "The switch, neither done nor undone, is taken back. " + seen.back().evidence(),
          seen.back().writes() == 0 ? "" : UNKNOWN_LOSS);
    }
    if (state.live() == state.origin()) {
      return new Locked(
          state.origin()
              + " is live, so there is nothing to move back. To undo what the release built, give"
              + " it up.");
    }
    if (state.work() instanceof Work.CleaningUp) {
      return new Locked("The way back is being removed; it cannot be used any more.");
    }
    if (!seen.back().possible()) {
      return new Locked("There is no way back now: " + seen.back().evidence());
    }
    return new Free(
        "Traffic and writes move back to " + state.origin() + ". " + seen.back().evidence(),
        wordsToType(seen.back()));
  }

  /// A way back that holds: taken up when both sides answer, begun again without the old one, or
  /// taken back without the new one.
  private Lever wayBackUnderWay() {
    if (!seen.back().possible()) {
      return new Free(
          "The way back to "
              + state.origin()
              + " is taken back, and what "
              + state.origin()
              + " took is lost. "
              + seen.back().evidence(),
          losing(state.origin()));
    }
    String words = wordsToType(seen.back());
    return words.isEmpty()
        ? new Free("The way back to " + state.origin() + " is taken up again.", "")
        : new Free(
            "The way back to " + state.origin() + " begins again. " + seen.back().evidence(),
            words);
  }

  /// Once the target is seen in use, only the mirrored move goes back.
  private String takingBack() {
    return seen.sightings().stream().anyMatch(s -> s.live().equals(Optional.of(state.target())))
        ? "Traffic and writes move back to " + state.origin() + ". " + seen.back().evidence()
        : "The switch under way is taken back.";
  }

  private Lever giveUp() {
    if (!state.active()) {
      return new Locked("No release is under way.");
    } else if (state.moveUnderWay() != null) {
      return new Locked(
          activity != null
              ? "Traffic is being moved; roll back to stop it."
              : "A switch is neither done nor undone: roll back first, then give the release up.");
    } else if (state.live() != state.origin()) {
      return new Locked(
          state.target() + " is live: roll back first, then the release can be given up.");
    } else if (state.work() instanceof Work.GivingUp && activity != null) {
      return new Locked("The release is being given up.");
    }
    Optional<String> objection = Sighting.objection(seen.sightings(), state.origin());
    if (objection.isPresent()) {
      return new Locked(
          objection.get() + " Bring back what does not answer, then give the release up.");
    }
    return new Free(
        "What release "
            + state.number()
            + " built on "
            + state.target()
            + " is thrown away"
            + (seen.thrownAway().isEmpty() ? "" : ": " + seen.thrownAway())
            + "; the application that it deployed there is stopped. "
            + state.origin()
            + " stays live."
            + seen.silent().map(this::withoutTarget).orElse(""),
        seen.environment() + (seen.silent().isPresent() ? " without " + state.target().id() : ""));
  }

  private String withoutTarget(String why) {
    return " "
        + why
        + " If it is lost for good, the release ends without it: what was made there stays there. Else"
        + " bring "
        + state.target()
        + " back first.";
  }

  private Lever resume() {
    if (!state.active()) {
      return new Locked("No release is under way.");
    }
    if (seen.driver() instanceof Observed.Driver.Nobody
        && (activity != null || state.underWatch())) {
      return new Free("Whoever takes the lease goes on with what was left under way.", "");
    }
    Locked busy = busy();
    if (busy != null) {
      return busy;
    }
    if (seen.astray().isPresent()) {
      return new Free(
          seen.astray().get() + " " + state.live().other() + " is closed for writes.", "");
    }
    return state.doing().hold().isPresent() || state.work().goesOnByItself()
        ? new Free("The release goes on from where it holds.", "")
        : new Locked("Nothing holds, so there is nothing to resume.");
  }

  private Lever cleanUp() {
    Locked busy = busy();
    if (!state.active()) {
      return new Locked("No release is under way.");
    } else if (state.live() != state.target()
        || state.work() instanceof Work.Moving
        || state.work() instanceof Work.Proving) {
      return new Locked(
          state.work() instanceof Work.Proving && state.live() == state.target()
              ? state.target() + " is live and that is not proven yet: resume, or roll back."
              : state.target() + " is not live: cut over first, or give the release up.");
    } else if (busy != null) {
      return busy;
    }
    if (seen.silent().isPresent()) {
      return new Locked(
          seen.silent().get()
              + " Bring "
              + state.origin()
              + " back; when it is lost for good, start an empty server with its database there.");
    }
    Optional<String> objection = Sighting.objection(seen.sightings(), state.target());
    if (objection.isPresent()) {
      return new Locked(objection.get() + " Bring back what does not answer, or roll back.");
    }
    return new Free(
        "The way back to " + state.origin() + " ends; " + state.target() + " is kept for good.",
        seen.environment());
  }
}
