package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Undoes every step that a release took before its cutover, from the last to the first, and ends
/// it. Begins only when every plane sees the origin live, and stops at the first step that cannot
/// be undone or the first sign that the target is live: then the release holds.
final class GiveUpRun {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<Phase> BACKWARDS =
      List.of(Phase.SYNCHRONIZE, Phase.REPLICATE, Phase.PREPARE, Phase.INITIALIZE);

  private final ActivityContext context;
  private final ReleaseState began;
  private final Move move;

  GiveUpRun(ActivityContext context) {
    this.context = context;
    this.began = context.state();
    this.move = new Move(began.origin(), began.target());
  }

  /// @return empty when everything was undone; else why it stopped: the release holds then, or,
  ///   when it had not begun yet, is as it was
  Optional<String> run() throws InterruptedException {
    context.planes().refresh();
    if (!(began.work() instanceof Doing.Work.GivingUp)) {
      Optional<String> elsewhere =
          Sighting.objection(context.planes().sightings(), began.origin())
              .map(why -> why + " Nothing was undone.");
      if (elsewhere.isPresent()) {
        return elsewhere;
      }
      context.write(
          Plain.GIVE_UP_STARTED, began.phase(), "", "The release is given up and undone.");
    }
    for (Phase phase : BACKWARDS) {
      for (Step step : context.steps(phase, move).reversed()) {
        if (context.state().intended().contains(step.id())) {
          Optional<String> stopped = targetLive();
          if (stopped.isEmpty()) {
            stopped = undo(phase, step);
          }
          if (stopped.isPresent()) {
            context.write(Plain.HOLDING, began.phase(), step.id(), stopped.get());
            return stopped;
          }
        }
      }
    }
    context
        .batch()
        .add(
            new ReleaseEnded(false),
            began.phase(),
            "",
            "Release " + began.number() + " was given up; " + began.origin() + " is as it was.")
        .write();
    return Optional.empty();
  }

  private Optional<String> targetLive() {
    Colour target = began.target();
    return context.planes().sightings().stream()
        .filter(s -> s.live().equals(Optional.of(target)))
        .findFirst()
        .map(s ->
            target
                + " is seen live ("
                + s
                + "), so nothing more is undone. Bring traffic and writes to "
                + began.origin()
                + ", then resume.");
  }

  /// @return why it could not be undone
  private Optional<String> undo(Phase phase, Step step) throws InterruptedException {
    context.write(Plain.UNDO_INTENT, phase, step.id(), step.title() + " is taken back.");
    long epoch;
    try {
      epoch =
          context
              .thrice()
              .call(
                  () -> undo(step),
                  e -> !(e instanceof InterruptedException) && !(e instanceof DeposedException));
    } catch (InterruptedException | DeposedException e) {
      throw e;
    } catch (Exception e) {
      String why = step.title() + " could not be taken back: " + Sentences.of(e);
      context.write(Plain.UNDO_FAILED, phase, step.id(), why);
      return Optional.of(why);
    }
    context.write(new UndoDone(epoch), phase, step.id(), step.title() + " was taken back.");
    return Optional.empty();
  }

  /// @return the epoch under which it was undone
  private long undo(Step step) throws Exception {
    context.check();
    Attempt trial = context.attempt(move, LIMIT);
    return context.within(
        LIMIT,
        "undo " + step.title(),
        () -> {
          step.undo(trial);
          return trial.epoch();
        });
  }
}
