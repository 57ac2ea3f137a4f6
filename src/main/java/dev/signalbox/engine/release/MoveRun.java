package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One switch of traffic and writes, in either direction: the cutover, and the rollback after it.
///
/// Everything before [Stage#COMMIT], and COMMIT itself when it fails, is undone from the last step
/// to the first. Undoing does not wait for the journal: after a crash the move is found begun and
/// not ended, and the same is done from what is observed.
final class MoveRun {
  private static final Logger LOG = LoggerFactory.getLogger(MoveRun.class);
  private static final Duration UNDO_LIMIT = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final int UNDO_TRIES = 3;
  private static final int LOOKS = 3;

  private final Drive drive;
  private final Move move;
  private final Duration stallBudget;
  private final boolean lossAcknowledged;

  MoveRun(Drive drive, Move move, Duration stallBudget, boolean lossAcknowledged) {
    this.drive = drive;
    this.move = move;
    this.stallBudget = stallBudget;
    this.lossAcknowledged = lossAcknowledged;
  }

  private Attempt attempt(Duration limit, long heldSince) {
    Instant now = Instant.now();
    Duration held =
        heldSince == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - heldSince);
    return drive.attempt(
        move, now.plus(limit), now.plus(stallBudget).minus(held), lossAcknowledged);
  }

  /// How a move ended.
  sealed interface End {
    record Done(Duration stall) implements End {}

    /// Taken back; traffic is where it was.
    record Undone(String reason) implements End {}

    /// Traffic has moved, and the proof from outside failed.
    record Unproven(String reason) implements End {}

    /// Taking back failed in part.
    record Stuck(String reason) implements End {}
  }

  End run() {
    List<Step> steps = drive.steps(Phase.CUT_OVER, move);
    Recorder.Batch batch = drive.batch();
    batch.add(
        Kind.MOVE_STARTED,
        Phase.CUT_OVER,
        "",
        "Traffic and writes move " + move + ".",
        Map.of(
            "from",
            move.from().id(),
            "to",
            move.to().id(),
            "lossAcknowledged",
            Boolean.toString(lossAcknowledged)));
    long heldSince = 0;
    long stall = 0;
    for (Step step : steps) {
      if (step.stage() == Stage.VERIFY && stall == 0 && heldSince != 0) {
        stall = System.nanoTime() - heldSince;
      }
      try {
        batch.add(Kind.STEP_INTENT, Phase.CUT_OVER, step.id(), step.title() + ".").write();
      } catch (DeposedException e) {
        throw e;
      } catch (Journal.JournalException e) {
        // Once traffic has moved, taking the commit back could lose what the new side took.
        return step.stage() == Stage.VERIFY ? unproven(step, e, stall) : takeBack(steps, step, e);
      }
      if (step.stage() == Stage.HOLD && heldSince == 0) {
        heldSince = System.nanoTime();
      }
      long began = System.nanoTime();
      try {
        Duration limit = limit(step, heldSince);
        Attempt context = attempt(limit, heldSince);
        context.check();
        String evidence = StepCall.within(limit, step.title(), () -> step.run(context));
        batch.add(
            Kind.STEP_DONE,
            Phase.CUT_OVER,
            step.id(),
            evidence,
            Map.of("ms", Sentences.millis(System.nanoTime() - began)));
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        return step.stage() == Stage.VERIFY ? unproven(step, e, stall) : takeBack(steps, step, e);
      }
    }
    return done(batch, stall);
  }

  private End.Done done(Recorder.Batch batch, long stall) {
    batch
        .add(
            Kind.MOVE_DONE,
            Phase.CUT_OVER,
            "",
            move.to() + " is live; requests waited " + Sentences.millis(stall) + " ms.",
            Map.of("stallMs", Sentences.millis(stall)))
        .write();
    return new End.Done(Duration.ofNanos(stall));
  }

  /// Before the commit no step may outlast the stall budget; the commit and what follows must not
  /// be cut off in the middle by it.
  private Duration limit(Step step, long heldSince) {
    return switch (step.stage()) {
      case CHECK, WORK, ANNOUNCE, COMMIT, ROUTE, VERIFY -> step.timeout();
      case HOLD, FENCE, CATCH_UP -> {
        Duration left = stallBudget.minusNanos(System.nanoTime() - heldSince);
        if (!left.isPositive()) {
          yield Duration.ofMillis(1);
        }
        yield left.compareTo(step.timeout()) < 0 ? left : step.timeout();
      }
    };
  }

  /// Not when this console is being closed: the next one finds the move under way and goes on.
  ///
  /// @throws Journal.JournalException when it cannot be written; the move stays under way then
  private End unproven(Step step, Exception failure, long stall) {
    if (drive.closing().getAsBoolean()) {
      throw new DeposedException(
          "This console was closed at '" + step.title() + "'; the next one goes on.", failure);
    }
    // The interrupt that cancelled the step must not cancel what follows.
    boolean interrupted = Thread.interrupted();
    String reason =
        interrupted || failure instanceof InterruptedException
            ? step.title() + " was cancelled."
            : step.title() + ": " + Sentences.of(failure);
    drive
        .batch()
        .add(Kind.STEP_FAILED, Phase.CUT_OVER, step.id(), reason)
        .add(
            Kind.MOVE_DONE,
            Phase.CUT_OVER,
            "",
            move.to() + " is live but not proven: " + reason,
            Map.of("stallMs", Sentences.millis(stall), "proven", "false"))
        .write();
    return new End.Unproven(reason);
  }

  private End takeBack(List<Step> steps, Step failed, Exception failure) {
    // The interrupt that cancelled the step must not cancel the undoing.
    boolean interrupted = Thread.interrupted();
    LOG.info("move {} is taken back at {}", move, failed.id(), failure);
    String reason =
        interrupted || failure instanceof InterruptedException
            ? failed.title() + " was cancelled."
            : failed.title() + ": " + Sentences.of(failure);
    List<Step> begun = new ArrayList<>(steps.subList(0, steps.indexOf(failed) + 1));
    return undo(begun, reason, failed);
  }

  /// Takes back whatever of this move was begun, from what is observed: after a crash. What proves
  /// a move is left alone when it was not begun: nothing waits for a plane that does not answer.
  End undoAfterCrash(String reason) {
    Set<String> intended = drive.state().moveSteps();
    return undo(
        drive.steps(Phase.CUT_OVER, move).stream()
            .filter(step -> step.stage() != Stage.VERIFY || intended.contains(step.id()))
            .toList(),
        reason,
        null);
  }

  /// Proves a move that was done before. Traffic stays where it is.
  End prove() {
    Recorder.Batch batch = drive.batch();
    batch.add(
        Kind.MOVE_STARTED,
        Phase.CUT_OVER,
        "",
        "The move " + move + " is proven again.",
        Map.of("from", move.from().id(), "to", move.to().id()));
    End failed = finish(batch, s -> s == Stage.VERIFY);
    if (failed != null) {
      return failed;
    }
    batch.add(Kind.MOVE_DONE, Phase.CUT_OVER, "", move.to() + " is live, proven now.").write();
    return new End.Done(Duration.ZERO);
  }

  /// After a crash: goes on when the commit is seen done, else undoes.
  End recover() {
    List<Step> steps = drive.steps(Phase.CUT_OVER, move);
    List<Step> commits = steps.stream().filter(s -> s.stage() == Stage.COMMIT).toList();
    for (Step commit : commits) {
      Optional<Step.Reality> seen = see(commit);
      if (seen.isEmpty()) {
        return unclear(commit);
      }
      if (seen.get() == Step.Reality.NOT_DONE) {
        return undoAfterCrash("The console that moved traffic died before the switch was made.");
      }
    }
    Recorder.Batch batch = drive.batch();
    End failed = finish(batch, s -> s == Stage.ROUTE || s == Stage.VERIFY);
    if (failed != null) {
      return failed;
    }
    batch
        .add(
            Kind.MOVE_DONE,
            Phase.CUT_OVER,
            "",
            move.to() + " is live; the switch was finished after its console had died.")
        .write();
    return new End.Done(Duration.ZERO);
  }

  /// Runs what follows the commit, again if need be.
  ///
  /// @return null when all of it is done
  private @Nullable End finish(Recorder.Batch batch, Predicate<Stage> stages) {
    for (Step step : drive.steps(Phase.CUT_OVER, move)) {
      if (stages.test(step.stage())) {
        batch.add(Kind.STEP_INTENT, Phase.CUT_OVER, step.id(), step.title() + ".").write();
        try {
          Attempt context = attempt(step.timeout(), 0);
          String evidence = StepCall.within(step.timeout(), step.title(), () -> step.run(context));
          batch.add(Kind.STEP_DONE, Phase.CUT_OVER, step.id(), evidence);
        } catch (DeposedException e) {
          throw e;
        } catch (Exception e) {
          return step.stage() == Stage.VERIFY
              ? unproven(step, e, 0)
              : undoAfterCrash(step.title() + ": " + Sentences.of(e));
        }
      }
    }
    return null;
  }

  /// Whether the switch was made cannot be seen: doing anything could close a side that is live.
  private End unclear(Step commit) {
    String why =
        "Whether '"
            + commit.title()
            + "' was done cannot be seen now, so nothing is touched. Resume when both databases"
            + " answer, or roll back.";
    write(drive.batch().add(Kind.HOLDING, Phase.CUT_OVER, commit.id(), why));
    return new End.Stuck(why);
  }

  /// Empty when it cannot be seen after several looks.
  private Optional<Step.Reality> see(Step step) {
    for (int look = 1; ; look++) {
      try {
        return Optional.of(
            StepCall.within(LOOK, "look at " + step.id(), () -> step.observe(attempt(LOOK, 0))));
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("{} could not be seen", step.id(), e);
        if (look == LOOKS || e instanceof InterruptedException) {
          return Optional.empty();
        }
      }
    }
  }

  private End undo(List<Step> begun, String reason, @Nullable Step failed) {
    Recorder.Batch results = drive.batch();
    if (failed != null) {
      results.add(Kind.STEP_FAILED, Phase.CUT_OVER, failed.id(), reason);
    }
    List<String> left = new ArrayList<>();
    for (Step step : begun.reversed()) {
      try {
        repeatedlyUndo(step);
        results.add(Kind.UNDO_DONE, Phase.CUT_OVER, step.id(), step.title() + " was taken back.");
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("undo of {} failed", step.id(), e);
        String why = step.title() + " could not be taken back: " + Sentences.of(e);
        left.add(why);
        results.add(Kind.UNDO_FAILED, Phase.CUT_OVER, step.id(), why);
      }
    }
    if (!left.isEmpty()) {
      String why = reason + " " + String.join(" ", left);
      write(results.add(Kind.HOLDING, Phase.CUT_OVER, "", why));
      return new End.Stuck(why);
    }
    write(
        results.add(
            Kind.MOVE_UNDONE,
            Phase.CUT_OVER,
            "",
            "The switch was undone, " + move.from() + " is live as before. " + reason));
    return new End.Undone(reason);
  }

  private void repeatedlyUndo(Step step) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        Attempt context = attempt(UNDO_LIMIT, 0);
        StepCall.within(
            UNDO_LIMIT,
            "undo " + step.title(),
            () -> {
              step.undo(context);
              return true;
            });
        return;
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        if (attempt == UNDO_TRIES) {
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
      // What was undone stays undone; the next drive finds the move begun and looks again.
      LOG.error("the end of the move is not in the journal", e);
    }
  }
}
