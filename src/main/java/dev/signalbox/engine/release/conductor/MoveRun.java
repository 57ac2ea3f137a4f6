package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveProven;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.Doing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One switch of traffic and writes, in either direction: the cutover, and the rollback after it.
///
/// The commit divides it. Before it is seen done, everything is undone from the last step to the
/// first. Once it is seen done it is never undone: traffic follows it, and when that fails or is
/// not proven, the mirrored move goes back. Which of the two holds after a crash, a lost answer or
/// a failed commit is asked of the world, not of the journal.
///
/// Intents are written before requests begin to wait, results after traffic has moved: nothing is
/// written in between. Undoing does not wait for the journal: a move that is found begun and not
/// ended is settled again from what is observed.
final class MoveRun {
  private static final Logger LOG = LoggerFactory.getLogger(MoveRun.class);

  private final ActivityContext context;
  private final Move move;
  private final boolean lossAcknowledged;
  private final MoveWork steps;

  /// Whether it was begun before, and how far that went is not known.
  private boolean again;

  /// Whether its end counts although the move is called done in a journal that was not read.
  private boolean takenBack;

  /// From hold to route; null when it was not measured.
  private @Nullable Duration stall;

  MoveRun(ActivityContext context, Move move, boolean lossAcknowledged) {
    this.context = context;
    this.move = move;
    this.lossAcknowledged = lossAcknowledged;
    this.steps = new MoveWork(context, move, lossAcknowledged);
  }

  // ---- from the beginning ---------------------------------------------------------------------

  /// @throws Journal.JournalException when an entry after the commit could not be written: the move
  ///   stays under way, and is taken up again
  MoveEnd run() {
    again = context.state().work() instanceof Doing.Work.Moving;
    List<Step> calm = steps.of(stage -> stage.compareTo(Stage.HOLD) < 0);
    List<Step> stalled =
        steps.of(stage -> stage.compareTo(Stage.HOLD) >= 0 && stage.compareTo(Stage.VERIFY) < 0);
    steps.note(
        new MoveStarted(move, lossAcknowledged), "", "Traffic and writes move " + move + ".");
    steps.intend(calm);
    try {
      steps.write();
    } catch (Journal.JournalException e) {
      return new MoveEnd.NotBegun("The move was not begun: " + Sentences.of(e));
    }
    for (Step step : calm) {
      MoveEnd failed = step(step);
      if (failed != null) {
        return failed;
      }
    }
    steps.intend(stalled);
    try {
      steps.write();
    } catch (Journal.JournalException e) {
      return takeBack(stalled.getFirst(), e);
    }
    for (Step step : stalled) {
      if (step.stage() == Stage.ROUTE) {
        break;
      }
      steps.held();
      MoveEnd failed = step(step);
      if (failed != null) {
        return failed;
      }
    }
    return forward();
  }

  /// @return null when it is done
  private @Nullable MoveEnd step(Step step) {
    try {
      steps.run(step);
      return null;
    } catch (DeposedException e) {
      throw e;
    } catch (Exception e) {
      return step.stage() == Stage.COMMIT ? afterFailedCommit(step, e) : takeBack(step, e);
    }
  }

  /// @return null when it is seen done all the same
  private @Nullable MoveEnd afterFailedCommit(Step step, Exception failure) {
    // A commit that was sent may still be done after it was looked for.
    context.answerLost();
    Optional<Boolean> made = steps.made();
    if (made.isEmpty()) {
      return unclear(step);
    }
    if (!made.get()) {
      return takeBack(step, failure);
    }
    steps.note(
        Plain.NOTE,
        step.id(),
        step.title() + " is seen done, although it failed: " + Sentences.of(failure));
    return null;
  }

  // ---- after the commit -----------------------------------------------------------------------

  /// Lets traffic follow the commit, and proves that it arrives.
  private MoveEnd forward() {
    for (Step step : steps.of(Stage.ROUTE::equals)) {
      Exception failure = steps.insist(step);
      if (failure != null) {
        return unproven(step.title() + ": " + Sentences.of(failure), step, failure);
      }
    }
    stall = steps.heldFor();
    context.routed(true);
    for (Step step : steps.of(Stage.VERIFY::equals)) {
      steps.intend(List.of(step));
      steps.write();
      MoveEnd failed = prove(step);
      if (failed != null) {
        return failed;
      }
    }
    String alarm = context.planes().alarm(move.to());
    return alarm == null ? done() : unproven(alarm, null, null);
  }

  private @Nullable MoveEnd prove(Step step) {
    String alarm = context.planes().alarm(move.to());
    if (alarm != null) {
      return unproven(alarm, step, null);
    }
    try {
      steps.run(step);
      return null;
    } catch (DeposedException e) {
      throw e;
    } catch (Exception e) {
      return unproven(failed(step, e), step, e);
    }
  }

  private String failed(Step step, Exception failure) {
    return failure instanceof InterruptedException
        ? step.title() + " was cancelled. " + context.cancelReason()
        : step.title() + ": " + Sentences.of(failure);
  }

  /// Not when this console is being closed: the next one finds the move under way and goes on.
  private MoveEnd unproven(String reason, @Nullable Step step, @Nullable Exception failure) {
    if (context.closing()) {
      DeposedException left =
          new DeposedException("This console was closed; the next one goes on.");
      if (failure != null) {
        left.addSuppressed(failure);
      }
      throw left;
    }
    // The interrupt that cancelled the step must not cancel what follows.
    context.execution().interrupted();
    if (step != null) {
      steps.note(Plain.STEP_FAILED, step.id(), reason);
    }
    if (move.equals(context.state().moveUnderWay())) {
      steps.note(
          new MoveDone(move, stall, false),
          "",
          move.to() + " takes writes; that traffic arrives there is not proven: " + reason);
    }
    steps.write();
    return new MoveEnd.Unproven(reason);
  }

  private MoveEnd done() {
    if (context.state().work() instanceof Doing.Work.Proving) {
      steps.note(new MoveProven(move), "", move.to() + " is live, proven now.");
    } else {
      steps.note(new MoveDone(move, stall, true), "", Sentences.live(move, stall));
    }
    if (move.to() == context.state().target()) {
      steps.note(Plain.PHASE_STARTED, Phase.WATCH, move.to() + " is being watched.");
    }
    steps.write();
    return new MoveEnd.Done(stall);
  }

  // ---- taken up -------------------------------------------------------------------------------

  /// Settles a move that is neither done nor undone, from what is observed: goes on when the commit
  /// is seen done, else undoes.
  ///
  /// @param reason why it is taken up
  MoveEnd takeUp(String reason) {
    Optional<Boolean> made = steps.made();
    if (made.isEmpty()) {
      return unclear(steps.deciding().getFirst());
    }
    return made.get() ? forward() : undo(steps.toUndo(), reason);
  }

  /// Takes back a move that is neither done nor undone, for an operator.
  ///
  /// @param givenUp whether what the new side took may be lost: it need not answer then
  /// @return [MoveEnd.Unproven] when the commit is seen done: only the mirrored move goes back then
  MoveEnd takeBack(String reason, boolean givenUp) {
    takenBack = givenUp;
    if (givenUp) {
      steps.giveNewSideUp();
    }
    Optional<Boolean> made = steps.made();
    if (made.isEmpty() && !givenUp) {
      return unclear(steps.deciding().getFirst());
    }
    return made.orElse(false) ? unproven(reason, null, null) : undo(steps.toUndo(), reason);
  }

  /// Proves a move again that was done before. Traffic is sent there again, unless the other side
  /// is seen live: then whoever took the move back did not come to write that.
  MoveEnd prove() {
    boolean live =
        context.planes().sightings().stream()
            .anyMatch(s -> s.live().equals(Optional.of(move.from())));
    if (live && steps.made().equals(Optional.of(false))) {
      takenBack = true;
      return undo(steps.toUndo(), "It is seen taken back.");
    }
    return forward();
  }

  /// Whether the switch was made cannot be seen: doing anything could close a side that is live.
  private MoveEnd unclear(Step commit) {
    return stuck(
        commit.id(),
        "Whether '"
            + commit.title()
            + "' was done cannot be seen now, so nothing is touched. Resume when everything"
            + " answers, or roll back.");
  }

  // ---- back -----------------------------------------------------------------------------------

  private MoveEnd takeBack(Step failed, Exception failure) {
    LOG.info("move {} is taken back at {}", move, failed.id(), failure);
    // The interrupt that cancelled the step must not cancel the undoing.
    context.execution().interrupted();
    String reason = failed(failed, failure);
    List<Step> begun = steps.upTo(failed);
    boolean committing = begun.stream().anyMatch(s -> s.stage() == Stage.COMMIT);
    if (again && !committing) {
      return holdAgain(begun, reason);
    }
    steps.note(Plain.STEP_FAILED, failed.id(), reason);
    return undo(begun, reason);
  }

  /// What the attempt before this one did stays as it is: it may have made the switch. Only traffic
  /// is let go.
  private MoveEnd holdAgain(List<Step> begun, String reason) {
    List<Step> held = begun.stream().filter(s -> s.stage().compareTo(Stage.FENCE) < 0).toList();
    List<String> left = steps.undo(held);
    String why =
        reason
            + " How far the switch was made before is not known. Roll back again, or resume. "
            + String.join(" ", left);
    return stuck("", why.strip());
  }

  private MoveEnd undo(List<Step> begun, String reason) {
    List<String> left = steps.undo(begun);
    if (!left.isEmpty()) {
      return stuck("", reason + " " + String.join(" ", left));
    }
    steps.note(
        new MoveUndone(move, steps.heldFor(), takenBack),
        "",
        "The switch was undone, " + move.from() + " is live as before. " + reason);
    writeIfPossible();
    return new MoveEnd.Undone(reason);
  }

  private MoveEnd stuck(String step, String why) {
    steps.note(Plain.HOLDING, step, why);
    writeIfPossible();
    return new MoveEnd.Stuck(why);
  }

  private void writeIfPossible() {
    try {
      steps.write();
    } catch (Journal.JournalException e) {
      // What was undone stays undone; the move is found begun and is looked at again.
      LOG.error("the end of the move is not in the journal", e);
    }
  }
}
