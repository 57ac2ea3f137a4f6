package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.model.ReleaseState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an operator's commands begin, when the levers are free. Posted.
final class CommandHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CommandHandler.class);

  private final String environment;
  private final ActivityContext.Shared shared;
  private final Activities activities;
  private final Driving driving;
  private final Function<LeverId, Lever> levers;
  private final PlaneCommands planeCommands;

  /// @param environment its name
  CommandHandler(
      String environment,
      ActivityContext.Shared shared,
      Activities activities,
      Driving driving,
      Function<LeverId, Lever> levers) {
    this.environment = environment;
    this.shared = shared;
    this.activities = activities;
    this.driving = driving;
    this.levers = levers;
    this.planeCommands = new PlaneCommands(environment, shared.planes());
  }

  void handle(Command command, CompletableFuture<Outcome> answer) {
    switch (command) {
      case Command.StartRelease(String version) -> {
        if (version.isBlank() || version.length() > 100) {
          answer.complete(new Outcome.Refused("A release needs a version of 1 to 100 characters."));
        } else if (pulled(LeverId.START, "", answer)) {
          start(version, answer);
        }
      }
      case Command.CutOver _ -> {
        if (pulled(LeverId.CUT_OVER, "", answer)) {
          cutOver(answer);
        }
      }
      case Command.RollBack(String words) -> {
        if (pulled(LeverId.ROLL_BACK, words, answer)) {
          activities.instead(
              new Activities.Order(LeverId.ROLL_BACK, words, to -> rollBack(words, to)),
              "An operator rolls back.",
              answer);
        }
      }
      case Command.Resume _ -> resume(answer);
      case Command.GiveUp(String name) -> {
        if (pulled(LeverId.GIVE_UP, name, answer)) {
          activities.instead(
              new Activities.Order(LeverId.GIVE_UP, name, to -> giveUp(name, to)),
              "An operator gives the release up.",
              answer);
        }
      }
      case Command.CleanUp(String name) -> {
        if (pulled(LeverId.CLEAN_UP, name, answer)) {
          cleanUp(answer);
        }
      }
      case Command.TakeOver(String name, String alone) -> {
        if (pulled(LeverId.TAKE_OVER, name, answer)) {
          driving.takeOver(alone, answer);
        }
      }
      case Command.OnPlane onPlane -> {
        if (driving.here()) {
          onPlane(onPlane, answer);
        } else {
          answer.complete(new Outcome.Refused(driving.driver().sentence()));
        }
      }
    }
  }

  /// Whether the lever is free and the right words were typed; else the answer says why not.
  private boolean pulled(LeverId id, String typed, CompletableFuture<Outcome> answer) {
    switch (levers.apply(id)) {
      case Lever.Locked(String why) -> answer.complete(new Outcome.Refused(why));
      case Lever.Elsewhere(String who, Lever _) -> answer.complete(new Outcome.Refused(who));
      case Lever.Free(String effect, String words) -> {
        if (words.isEmpty() || words.equals(typed)) {
          return true;
        }
        answer.complete(new Outcome.Refused(effect + " To confirm, type: " + words));
      }
    }
    return false;
  }

  /// Answered as soon as the release has begun; its set-up goes on.
  private void start(String version, CompletableFuture<Outcome> answer) {
    activities.begin(
        "Work up to the cutover",
        LeverId.START,
        Optional.empty(),
        new CompletableFuture<>(),
        work -> {
          Outcome begun;
          try {
            begun = work.start(version);
          } catch (RuntimeException e) {
            answer.complete(new Outcome.Failed(Sentences.of(e)));
            throw e;
          }
          answer.complete(begun);
          return begun instanceof Outcome.Done ? work.setUp() : begun;
        });
  }

  private void cutOver(CompletableFuture<Outcome> answer) {
    Move move = shared.recorder().state().nextMove();
    activities.begin(
        "Cut over to " + move.to(),
        LeverId.CUT_OVER,
        Optional.of(move),
        answer,
        work -> work.moves().cutOver());
  }

  private void resume(CompletableFuture<Outcome> answer) {
    Activities.Activity now = activities.current();
    if (now != null && driving.here()) {
      // Whoever wants it to go on is told how it ends: nothing else is begun.
      var _ = now.answer().thenAccept(answer::complete);
    } else if (pulled(LeverId.RESUME, "", answer)) {
      activities.begin(
          Sentences.takingUp(shared.recorder().state()),
          LeverId.RESUME,
          Optional.empty(),
          answer,
          work -> {
            work.note(Ordered.RESUME, "An operator resumes the release.");
            return work.takeUp();
          });
    }
  }

  private void cleanUp(CompletableFuture<Outcome> answer) {
    activities.begin(
        "Clean up",
        LeverId.CLEAN_UP,
        Optional.empty(),
        answer,
        work -> {
          work.note(Ordered.CLEAN_UP, "An operator ends the way back and cleans up.");
          return work.cleanUp();
        });
  }

  private void rollBack(String words, CompletableFuture<Outcome> answer) {
    ReleaseState state = shared.recorder().state();
    boolean takenBack =
        state.active() && state.moveUnderWay() == null && state.live() == state.origin();
    if (takenBack || pulled(LeverId.ROLL_BACK, words, answer)) {
      activities.begin(
          "Roll back",
          LeverId.ROLL_BACK,
          Optional.of(Move.to(state.origin())),
          answer,
          work -> work.moves().rollBack(words));
    }
  }

  private void giveUp(String words, CompletableFuture<Outcome> answer) {
    if (pulled(LeverId.GIVE_UP, words, answer)) {
      activities.begin(
          "Give up the release",
          LeverId.GIVE_UP,
          Optional.empty(),
          answer,
          work -> {
            work.note(Ordered.GIVE_UP, "An operator gives the release up.");
            return work.giveUp(!words.equals(environment));
          });
    }
  }

  /// What a plane asks may take its time to answer. Written to the journal before it is done.
  private void onPlane(Command.OnPlane command, CompletableFuture<Outcome> answer) {
    ActivityContext context = activities.newContext();
    var _ =
        shared
            .execution()
            .start(
                "command",
                () -> {
                  try {
                    answer.complete(planeCommands.obey(command, context));
                  } catch (DeposedException e) {
                    answer.complete(new Outcome.Refused(Sentences.of(e)));
                  } catch (RuntimeException | Error e) {
                    LOG.error("{} failed", command, e);
                    answer.complete(new Outcome.Failed(Sentences.of(e)));
                  }
                });
  }
}
