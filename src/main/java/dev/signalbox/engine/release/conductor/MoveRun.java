package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveProven;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.Doing;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final Duration UNDO_LIMIT = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final int TRIES = 3;

  private final ActivityContext context;
  private final Move move;
  private final boolean lossAcknowledged;
  private boolean newSideGivenUp;

  /// Whether it was begun before, and how far that went is not known.
  private boolean again;

  /// Whether its end counts although the move is called done in a journal that was not read.
  private boolean takenBack;

  private final List<Step> steps;

  /// When requests began to wait; 0 before.
  private long heldSince;

  private Duration stall = Duration.ZERO;
  private Recorder.Batch results;

  MoveRun(ActivityContext context, Move move, boolean lossAcknowledged) {
    this.context = context;
    this.move = move;
    this.lossAcknowledged = lossAcknowledged;
    this.steps = context.steps(Phase.CUT_OVER, move);
    this.results = context.batch();
  }

  /// How a move ended.
  sealed interface End {
    record Done(Duration stall) implements End {}

    /// Its intent could not be written: nothing was touched, the release is as it was.
    record NotBegun(String reason) implements End {}

    /// Taken back; traffic is where it was.
    record Undone(String reason) implements End {}

    /// The other side takes writes, and that traffic arrives there is not proven.
    record Unproven(String reason) implements End {}

    /// Neither made nor taken back; the release holds.
    record Stuck(String reason) implements End {}
  }

  // ---- from the beginning ---------------------------------------------------------------------

  /// @throws Journal.JournalException when an entry after the commit could not be written: the move
  ///   stays under way, and is taken up again
  End run() {
    again = context.state().work() instanceof Doing.Work.Moving;
    List<Step> calm = steps.stream().filter(s -> s.stage().compareTo(Stage.HOLD) < 0).toList();
    List<Step> stalled =
        steps.stream()
            .filter(
                s -> s.stage().compareTo(Stage.HOLD) >= 0 && s.stage().compareTo(Stage.VERIFY) < 0)
            .toList();
    results.add(
        new MoveStarted(move, lossAcknowledged),
        Phase.CUT_OVER,
        "",
        "Traffic and writes move " + move + ".");
    intend(calm);
    try {
      results.write();
    } catch (Journal.JournalException e) {
      return new End.NotBegun("The move was not begun: " + Sentences.of(e));
    }
    for (Step step : calm) {
      try {
        runOnce(step, step.timeout());
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        return takeBack(step, e);
      }
    }
    intend(stalled);
    try {
      results.under(context.epoch()).write();
      results = context.batch();
    } catch (Journal.JournalException e) {
      return takeBack(stalled.getFirst(), e);
    }
    for (Step step : stalled) {
      if (step.stage() == Stage.ROUTE) {
        break;
      }
      try {
        if (heldSince == 0) {
          heldSince = context.execution().nanoTime();
        }
        runOnce(step, limit(step));
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (step.stage() != Stage.COMMIT) {
          return takeBack(step, e);
        }
        // A commit that was sent may still be done after it was looked for.
        context.answerLost();
        Optional<Boolean> made = made();
        if (made.isEmpty()) {
          return unclear(step);
        }
        if (!made.get()) {
          return takeBack(step, e);
        }
        results.add(
            Plain.NOTE,
            Phase.CUT_OVER,
            step.id(),
            step.title() + " is seen done, although it failed: " + Sentences.of(e));
      }
    }
    return forward();
  }

  private void intend(List<Step> some) {
    for (Step step : some) {
      results.add(Plain.STEP_INTENT, Phase.CUT_OVER, step.id(), step.title() + ".");
    }
  }

  private void runOnce(Step step, Duration limit) throws Exception {
    long began = context.execution().nanoTime();
    context.check();
    Attempt attempt = attempt(limit);
    String evidence = context.within(limit, step.title(), () -> step.run(attempt));
    Duration took = Duration.ofNanos(context.execution().nanoTime() - began);
    results.add(new StepDone(took, attempt.epoch()), Phase.CUT_OVER, step.id(), evidence);
  }

  private Attempt attempt(Duration limit) {
    Duration held =
        heldSince == 0
            ? Duration.ZERO
            : Duration.ofNanos(context.execution().nanoTime() - heldSince);
    return context.attempt(
        move, limit, context.stallBudget().minus(held), lossAcknowledged, newSideGivenUp);
  }

  /// Before the commit no step may outlast the stall budget; the commit and what follows must not
  /// be cut off in the middle by it.
  private Duration limit(Step step) {
    if (step.stage().compareTo(Stage.COMMIT) >= 0) {
      return step.timeout();
    }
    Duration left = context.stallBudget().minusNanos(context.execution().nanoTime() - heldSince);
    if (!left.isPositive()) {
      return Duration.ofMillis(1);
    }
    return left.compareTo(step.timeout()) < 0 ? left : step.timeout();
  }

  // ---- after the commit -----------------------------------------------------------------------

  /// Lets traffic follow the commit, and proves that it arrives.
  private End forward() {
    for (Step step : steps) {
      if (step.stage() == Stage.ROUTE) {
        Exception failure = route(step);
        if (failure != null) {
          return unproven(step.title() + ": " + Sentences.of(failure), step, failure);
        }
      }
    }
    if (heldSince != 0) {
      stall = Duration.ofNanos(context.execution().nanoTime() - heldSince);
    }
    context.routed(true);
    for (Step step : steps) {
      if (step.stage() == Stage.VERIFY) {
        results = results.under(context.epoch());
        results.add(Plain.STEP_INTENT, Phase.CUT_OVER, step.id(), step.title() + ".").write();
        End failed = prove(step);
        if (failed != null) {
          return failed;
        }
      }
    }
    String alarm = context.planes().alarm(move.to());
    return alarm == null ? done() : unproven(alarm, null, null);
  }

  /// @return the last failure; null when traffic follows
  private @Nullable Exception route(Step step) {
    for (int attempt = 1; ; attempt++) {
      try {
        runOnce(step, step.timeout());
        return null;
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (attempt == TRIES || e instanceof InterruptedException) {
          return e;
        }
        LOG.info("{} is tried again", step.id(), e);
      }
    }
  }

  private @Nullable End prove(Step step) {
    String alarm = context.planes().alarm(move.to());
    if (alarm != null) {
      return unproven(alarm, step, null);
    }
    try {
      runOnce(step, step.timeout());
      return null;
    } catch (DeposedException e) {
      throw e;
    } catch (Exception e) {
      return unproven(
          e instanceof InterruptedException
              ? step.title() + " was cancelled. " + context.cancelReason()
              : step.title() + ": " + Sentences.of(e),
          step,
          e);
    }
  }

  /// Not when this console is being closed: the next one finds the move under way and goes on.
  private End unproven(String reason, @Nullable Step step, @Nullable Exception failure) {
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
    results = results.under(context.epoch());
    if (step != null) {
      results.add(Plain.STEP_FAILED, Phase.CUT_OVER, step.id(), reason);
    }
    if (move.equals(context.state().moveUnderWay())) {
      results.add(
          new MoveDone(move, measured(), false),
          Phase.CUT_OVER,
          "",
          move.to() + " takes writes; that traffic arrives there is not proven: " + reason);
    }
    results.write();
    return new End.Unproven(reason);
  }

  private End done() {
    results = results.under(context.epoch());
    String took =
        heldSince == 0
            ? "."
            : "; from hold to route it took " + Sentences.millis(stall.toNanos()) + " ms.";
    if (context.state().work() instanceof Doing.Work.Proving) {
      results.add(new MoveProven(move), Phase.CUT_OVER, "", move.to() + " is live, proven now.");
    } else {
      results.add(
          new MoveDone(move, measured(), true), Phase.CUT_OVER, "", move.to() + " is live" + took);
    }
    if (move.to() == context.state().target()) {
      results.add(Plain.PHASE_STARTED, Phase.WATCH, "", move.to() + " is being watched.");
    }
    results.write();
    return new End.Done(stall);
  }

  /// The stall; null when requests never waited.
  private @Nullable Duration measured() {
    return heldSince == 0 ? null : stall;
  }

  // ---- taken up -------------------------------------------------------------------------------

  /// Settles a move that is neither done nor undone, from what is observed: goes on when the commit
  /// is seen done, else undoes.
  ///
  /// @param reason why it is taken up
  End takeUp(String reason) {
    Optional<Boolean> made = made();
    if (made.isEmpty()) {
      return unclear(deciding().getFirst());
    }
    return made.get() ? forward() : undo(toUndo(), reason, null);
  }

  /// Takes back a move that is neither done nor undone, for an operator.
  ///
  /// @param givenUp whether what the new side took may be lost: it need not answer then
  /// @return [End.Unproven] when the commit is seen done: only the mirrored move goes back then
  End takeBack(String reason, boolean givenUp) {
    newSideGivenUp = givenUp;
    takenBack = givenUp;
    Optional<Boolean> made = made();
    if (made.isEmpty() && !givenUp) {
      return unclear(deciding().getFirst());
    }
    return made.orElse(false) ? unproven(reason, null, null) : undo(toUndo(), reason, null);
  }

  /// Proves a move again that was done before. Traffic is sent there again, unless the other side
  /// is seen live: then whoever took the move back did not come to write that.
  End prove() {
    boolean live =
        context.planes().sightings().stream()
            .anyMatch(s -> s.live().equals(Optional.of(move.from())));
    if (live && made().equals(Optional.of(false))) {
      takenBack = true;
      return undo(toUndo(), "It is seen taken back.", null);
    }
    return forward();
  }

  /// What proves a move is left alone when it was not begun: nothing waits for a plane that does
  /// not answer.
  private List<Step> toUndo() {
    var intended = context.state().moveSteps();
    return steps.stream()
        .filter(step -> step.stage() != Stage.VERIFY || intended.contains(step.id()))
        .toList();
  }

  /// The steps that tell whether the move was made: its commits; where nothing is committed, its
  /// routes; where nothing is routed, the first of those that follow.
  private List<Step> deciding() {
    for (Stage stage : List.of(Stage.COMMIT, Stage.ROUTE)) {
      List<Step> of = steps.stream().filter(s -> s.stage() == stage).toList();
      if (!of.isEmpty()) {
        return of;
      }
    }
    return steps.stream().filter(s -> s.stage() == Stage.VERIFY).limit(1).toList();
  }

  /// Whether the move is seen made; empty when that cannot be seen after several looks.
  private Optional<Boolean> made() {
    boolean interrupted = context.execution().interrupted();
    for (Step step : deciding()) {
      Optional<Step.Reality> seen = see(step);
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      if (seen.get() == Step.Reality.NOT_DONE) {
        return Optional.of(false);
      }
    }
    if (interrupted) {
      LOG.info("{} was cancelled after its commit", move);
    }
    return Optional.of(true);
  }

  private Optional<Step.Reality> see(Step step) {
    for (int look = 1; ; look++) {
      try {
        Attempt attempt = attempt(LOOK);
        return Optional.of(
            context.within(LOOK, "look at " + step.id(), () -> step.observe(attempt)));
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("{} could not be seen", step.id(), e);
        if (look == TRIES) {
          return Optional.empty();
        }
      }
    }
  }

  /// Whether the switch was made cannot be seen: doing anything could close a side that is live.
  private End unclear(Step commit) {
    String why =
        "Whether '"
            + commit.title()
            + "' was done cannot be seen now, so nothing is touched. Resume when everything"
            + " answers, or roll back.";
    results = results.under(context.epoch());
    write(results.add(Plain.HOLDING, Phase.CUT_OVER, commit.id(), why));
    return new End.Stuck(why);
  }

  // ---- back -----------------------------------------------------------------------------------

  private End takeBack(Step failed, Exception failure) {
    LOG.info("move {} is taken back at {}", move, failed.id(), failure);
    // The interrupt that cancelled the step must not cancel the undoing.
    context.execution().interrupted();
    String reason =
        failure instanceof InterruptedException
            ? failed.title() + " was cancelled. " + context.cancelReason()
            : failed.title() + ": " + Sentences.of(failure);
    List<Step> begun = steps.subList(0, steps.indexOf(failed) + 1);
    boolean committing = begun.stream().anyMatch(s -> s.stage() == Stage.COMMIT);
    return again && !committing ? holdAgain(begun, reason) : undo(begun, reason, failed);
  }

  /// What the attempt before this one did stays as it is: it may have made the switch. Only traffic
  /// is let go.
  private End holdAgain(List<Step> begun, String reason) {
    List<Step> held = begun.stream().filter(s -> s.stage().compareTo(Stage.FENCE) < 0).toList();
    List<String> left = takeBack(held);
    String why =
        reason
            + " How far the switch was made before is not known. Roll back again, or resume. "
            + String.join(" ", left);
    results = results.under(context.epoch());
    write(results.add(Plain.HOLDING, Phase.CUT_OVER, "", why.strip()));
    return new End.Stuck(why.strip());
  }

  private End undo(List<Step> begun, String reason, @Nullable Step failed) {
    if (failed != null) {
      results.add(Plain.STEP_FAILED, Phase.CUT_OVER, failed.id(), reason);
    }
    List<String> left = takeBack(begun);
    results = results.under(context.epoch());
    if (!left.isEmpty()) {
      String why = reason + " " + String.join(" ", left);
      write(results.add(Plain.HOLDING, Phase.CUT_OVER, "", why));
      return new End.Stuck(why);
    }
    write(
        results.add(
            new MoveUndone(move, measured(), takenBack),
            Phase.CUT_OVER,
            "",
            "The switch was undone, " + move.from() + " is live as before. " + reason));
    return new End.Undone(reason);
  }

  /// @return what could not be taken back
  private List<String> takeBack(List<Step> begun) {
    List<String> left = new ArrayList<>();
    for (Step step : begun.reversed()) {
      try {
        long epoch = repeatedlyUndo(step);
        results.add(
            new UndoDone(epoch), Phase.CUT_OVER, step.id(), step.title() + " was taken back.");
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("undo of {} failed", step.id(), e);
        String why = step.title() + " could not be taken back: " + Sentences.of(e);
        left.add(why);
        results.add(Plain.UNDO_FAILED, Phase.CUT_OVER, step.id(), why);
      }
    }
    return left;
  }

  /// @return the epoch under which it was undone
  private long repeatedlyUndo(Step step) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        Attempt trial = attempt(UNDO_LIMIT);
        context.within(
            UNDO_LIMIT,
            "undo " + step.title(),
            () -> {
              step.undo(trial);
              return true;
            });
        return trial.epoch();
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (attempt == TRIES) {
          throw e;
        }
        LOG.info("undo of {} is tried again", step.id(), e);
      }
    }
  }

  private static void write(Recorder.Batch batch) {
    try {
      batch.write();
    } catch (Journal.JournalException e) {
      // What was undone stays undone; the move is found begun and is looked at again.
      LOG.error("the end of the move is not in the journal", e);
    }
  }
}
