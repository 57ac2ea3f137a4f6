package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.timing.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps of one move: runs, observes and undoes them within their limits, and keeps what is to
/// be written of them until somebody writes it.
final class MoveWork {
  private static final Logger LOG = LoggerFactory.getLogger(MoveWork.class);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Retry THRICE = Retry.atOnce(3);

  private final ActivityContext context;
  private final Move move;
  private final boolean lossAcknowledged;
  private final List<Step> steps;
  private boolean newSideGivenUp;

  /// When requests began to wait; 0 before.
  private long heldSince;

  private Recorder.Batch results;

  MoveWork(ActivityContext context, Move move, boolean lossAcknowledged) {
    this.context = context;
    this.move = move;
    this.lossAcknowledged = lossAcknowledged;
    this.steps = context.steps(Phase.CUT_OVER, move);
    this.results = context.batch();
  }

  List<Step> all() {
    return steps;
  }

  List<Step> of(Predicate<Stage> wanted) {
    return steps.stream().filter(step -> wanted.test(step.stage())).toList();
  }

  /// The first steps, up to this one.
  List<Step> upTo(Step last) {
    return steps.subList(0, steps.indexOf(last) + 1);
  }

  /// What proves a move is left alone when it was not begun: nothing waits for a plane that does
  /// not answer.
  List<Step> toUndo() {
    var intended = context.state().moveSteps();
    return steps.stream()
        .filter(step -> step.stage() != Stage.VERIFY || intended.contains(step.id()))
        .toList();
  }

  /// What the new side took may be lost from now on: it need not answer.
  void giveNewSideUp() {
    newSideGivenUp = true;
  }

  /// Requests begin to wait now, unless they do already.
  void held() {
    if (heldSince == 0) {
      heldSince = context.execution().nanoTime();
    }
  }

  /// For how long requests have been waiting; null when they do not.
  @Nullable Duration heldFor() {
    return heldSince == 0 ? null : Duration.ofNanos(context.execution().nanoTime() - heldSince);
  }

  // ---- what is written ------------------------------------------------------------------------

  /// Written with the next [#write].
  void note(EventPayload payload, String step, String text) {
    results.add(payload, Phase.CUT_OVER, step, text);
  }

  void intend(List<Step> some) {
    some.forEach(step -> note(Plain.STEP_INTENT, step.id(), step.title() + "."));
  }

  /// Also what is not of the move itself.
  void note(EventPayload payload, Phase phase, String text) {
    results.add(payload, phase, "", text);
  }

  /// @throws Journal.JournalException when no database took it; it is forgotten all the same
  void write() {
    // The epoch may have changed while steps were tried.
    results = results.under(context.epoch());
    results.write();
  }

  // ---- acts -----------------------------------------------------------------------------------

  void run(Step step) throws Exception {
    Duration limit = limit(step);
    long began = context.execution().nanoTime();
    context.check();
    Attempt attempt = attempt(limit);
    String evidence;
    try {
      evidence = context.within(limit, step.title(), () -> step.run(attempt));
    } catch (TimeoutException e) {
      throw limit.compareTo(step.timeout()) < 0 ? overBudget(e) : e;
    }
    Duration took = Duration.ofNanos(context.execution().nanoTime() - began);
    note(new StepDone(took, attempt.epoch()), step.id(), evidence);
  }

  private TimeoutException overBudget(TimeoutException late) {
    String text =
        late.getMessage()
            + " That was the rest of the stall budget of "
            + DurationText.words(context.stallBudget())
            + " (release.stallBudget).";
    TimeoutException named =
        late instanceof Execution.StillRunning
            ? new Execution.StillRunning(text)
            : new TimeoutException(text);
    named.initCause(late);
    return named;
  }

  /// @return the last failure; null when it is done
  @Nullable Exception insist(Step step) {
    try {
      boolean _ =
          THRICE.call(
              () -> {
                run(step);
                return true;
              },
              e -> {
                LOG.info("{} failed", step.id(), e);
                return !(e instanceof DeposedException) && !(e instanceof InterruptedException);
              });
      return null;
    } catch (DeposedException e) {
      throw e;
    } catch (Exception e) {
      return e;
    }
  }

  private Attempt attempt(Duration limit) {
    Duration held = heldFor();
    return context.attempt(
        move,
        limit,
        held == null ? context.stallBudget() : context.stallBudget().minus(held),
        lossAcknowledged,
        newSideGivenUp);
  }

  /// While requests wait, no step before the commit may outlast the stall budget; the commit and
  /// what follows must not be cut off in the middle by it.
  private Duration limit(Step step) {
    Duration held = heldFor();
    if (held == null || step.stage().compareTo(Stage.COMMIT) >= 0) {
      return step.timeout();
    }
    Duration left = context.stallBudget().minus(held);
    if (!left.isPositive()) {
      return Duration.ofMillis(1);
    }
    return left.compareTo(step.timeout()) < 0 ? left : step.timeout();
  }

  /// @return what could not be taken back, a sentence each
  List<String> undo(List<Step> begun) {
    List<String> left = new ArrayList<>();
    for (Step step : begun.reversed()) {
      try {
        long epoch = THRICE.call(() -> undo(step), e -> mayPass("undo of " + step.id(), e));
        note(new UndoDone(epoch), step.id(), step.title() + " was taken back.");
      } catch (DeposedException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("undo of {} failed", step.id(), e);
        String why = step.title() + " could not be taken back: " + Sentences.of(e);
        left.add(why);
        note(Plain.UNDO_FAILED, step.id(), why);
      }
    }
    return left;
  }

  /// @return the epoch under which it was undone
  private long undo(Step step) throws Exception {
    Attempt trial = attempt(step.undoTimeout());
    context.within(
        step.undoTimeout(),
        "undo " + step.title(),
        () -> {
          step.undo(trial);
          return true;
        });
    return trial.epoch();
  }

  private static boolean mayPass(String what, Exception e) {
    LOG.info("{} failed", what, e);
    return !(e instanceof DeposedException);
  }

  // ---- what is seen ---------------------------------------------------------------------------

  /// Whether the move is seen made; empty when that cannot be seen after several looks.
  Optional<Boolean> made() {
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

  /// The steps that tell whether the move was made: its commits; where nothing is committed, its
  /// routes; where nothing is routed, the first of those that follow.
  List<Step> deciding() {
    for (Stage stage : List.of(Stage.COMMIT, Stage.ROUTE)) {
      List<Step> found = of(stage::equals);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return of(Stage.VERIFY::equals).stream().limit(1).toList();
  }

  private Optional<Step.Reality> see(Step step) {
    try {
      return Optional.of(THRICE.call(() -> look(step), e -> mayPass("look at " + step.id(), e)));
    } catch (DeposedException e) {
      throw e;
    } catch (Exception e) {
      LOG.warn("{} could not be seen", step.id(), e);
      return Optional.empty();
    }
  }

  private Step.Reality look(Step step) throws Exception {
    Attempt attempt = attempt(LOOK);
    return context.within(LOOK, "look at " + step.id(), () -> step.observe(attempt));
  }
}
