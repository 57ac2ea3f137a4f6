package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.release.DeposedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// At most one activity at a time, and the order for whose sake it was cancelled. Changed by what
/// is posted alone; may be looked at from any thread.
final class Activities {
  private static final Logger LOG = LoggerFactory.getLogger(Activities.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /// Between two attempts to take up what is under way.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ActivityContext.Shared shared;
  private final LongConsumer deposed;
  private volatile @Nullable Activity current;
  private volatile @Nullable Waiting waiting;
  private volatile Instant retryAt = Instant.MIN;

  /// @param deposed told the epoch of an activity that found that another console drives
  Activities(ActivityContext.Shared shared, LongConsumer deposed) {
    this.shared = shared;
    this.deposed = deposed;
  }

  /// One piece of work under way.
  ///
  /// @param lever that an operator pulled for it; empty when it began by itself
  /// @param move the move that it was begun for; empty when for none
  record Activity(
      String title,
      Optional<LeverId> lever,
      Optional<Move> move,
      ActivityContext context,
      CompletableFuture<Outcome> answer,
      CompletableFuture<Execution.Task> task) {}

  /// What an activity does, on its own task.
  interface Job {
    Outcome run(ReleaseWork work) throws InterruptedException;
  }

  /// An operator's order that does not wait for work under way.
  ///
  /// @param words what was typed
  /// @param act what is posted when nothing is under way; it answers
  record Order(LeverId lever, String words, Consumer<CompletableFuture<Outcome>> act) {
    boolean same(Order other) {
      return lever == other.lever && words.equals(other.words);
    }
  }

  /// @param answers of all who gave it
  private record Waiting(Order order, List<CompletableFuture<Outcome>> answers) {}

  @Nullable Activity current() {
    return current;
  }

  /// Whether what is under way may be taken up again, after a failure a while ago.
  boolean mayTakeUp() {
    return !shared.execution().now().isBefore(retryAt);
  }

  void takeUpSoon() {
    retryAt = Instant.MIN;
  }

  ActivityContext newContext() {
    return new ActivityContext(shared, shared.epoch().now());
  }

  // ---- from begin to end ----------------------------------------------------------------------

  /// For an operator.
  void begin(
      String title,
      LeverId lever,
      Optional<Move> move,
      CompletableFuture<Outcome> answer,
      Job job) {
    begin(title, Optional.of(lever), move, answer, job);
  }

  /// For what nobody ordered.
  void begin(String title, Optional<Move> move, Job job) {
    begin(title, Optional.empty(), move, new CompletableFuture<>(), job);
  }

  private void begin(
      String title,
      Optional<LeverId> lever,
      Optional<Move> move,
      CompletableFuture<Outcome> answer,
      Job job) {
    if (current != null) {
      throw new IllegalStateException("'" + title + "' while another activity is under way");
    }
    ActivityContext context = newContext();
    Activity now = new Activity(title, lever, move, context, answer, new CompletableFuture<>());
    current = now;
    now.task()
        .complete(
            shared
                .execution()
                .start(
                    title,
                    () -> {
                      Result result = run(title, context, job);
                      shared.execution().post(() -> ended(now, result));
                    }));
  }

  private record Result(Outcome outcome, boolean deposed, boolean broken) {}

  private static Result run(String title, ActivityContext context, Job job) {
    try {
      return new Result(job.run(new ReleaseWork(context)), false, false);
    } catch (InterruptedException e) {
      return cancelled(title, context);
    } catch (DeposedException e) {
      return new Result(new Outcome.Refused(Sentences.of(e)), true, true);
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", title, e);
      if (context.wasCancelled()) {
        // What it was at met the interrupt, whatever it calls that.
        return cancelled(title, context);
      }
      return new Result(new Outcome.Failed(title + " failed: " + Sentences.of(e)), false, true);
    }
  }

  private static Result cancelled(String title, ActivityContext context) {
    return new Result(
        new Outcome.Failed(title + " was cancelled. " + context.cancelReason()), false, true);
  }

  private void ended(Activity which, Result result) {
    if (result.deposed()) {
      deposed.accept(which.context().epoch());
    }
    if (!which.equals(current)) {
      return;
    }
    current = null;
    shared.progress().accept("");
    if (result.broken()) {
      retryAt = shared.execution().now().plus(PAUSE);
    }
    which.answer().complete(result.outcome());
    Waiting next = waiting;
    waiting = null;
    if (next != null) {
      // What ran may have ended otherwise than thought.
      carryOut(next);
    }
  }

  // ---- instead of what is under way -----------------------------------------------------------

  /// Does what was ordered, and cancels what is under way before. What does not end in time is left
  /// behind: the next attempt at anything takes a new epoch first.
  ///
  /// Whoever orders what is under way or waits already hears how that ends; an order never waits
  /// for more than the one activity that it met.
  ///
  /// @param reason told to whoever is cancelled
  void instead(Order order, String reason, CompletableFuture<Outcome> answer) {
    Activity now = current;
    Waiting before = waiting;
    if (now == null) {
      carryOut(new Waiting(order, List.of(answer)));
    } else if (before != null && before.order().same(order)) {
      before.answers().add(answer);
    } else if (before != null) {
      answer.complete(
          new Outcome.Refused(
              "Another order waits for '" + now.title() + "' to end. Try again when it has."));
    } else if (now.lever().equals(Optional.of(order.lever()))) {
      var _ = now.answer().thenAccept(answer::complete);
    } else {
      waiting = new Waiting(order, new ArrayList<>(List.of(answer)));
      cancel(now, reason);
      shared.execution().later(PATIENCE, () -> leave(now));
    }
  }

  private void leave(Activity hanging) {
    // A move takes itself back, within limits of its own; it is not left in the middle.
    if (hanging.equals(current) && shared.recorder().state().moveUnderWay() == null) {
      hanging.context().leave();
      shared.epoch().stillRunning(true);
      ended(hanging, cancelled(hanging.title(), hanging.context()));
    }
  }

  private void carryOut(Waiting next) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    var _ = answer.thenAccept(outcome -> next.answers().forEach(a -> a.complete(outcome)));
    if (shared.closing().getAsBoolean()) {
      answer.complete(new Outcome.Refused(Sentences.closed(shared.recorder().actor())));
    } else {
      next.order().act().accept(answer);
    }
  }

  void cancel(String reason) {
    Activity now = current;
    if (now != null) {
      cancel(now, reason);
    }
  }

  private static void cancel(Activity which, String reason) {
    which.context().cancel(reason);
    var _ = which.task().thenAccept(Execution.Task::interrupt);
  }

  /// Interrupts what runs and lets it take back what it began. Called once this console is closing,
  /// from any thread.
  void close() {
    String actor = shared.recorder().actor();
    Activity now = current;
    if (now != null) {
      cancel(now, Sentences.closing(actor) + ".");
      now.task().join().join(LAST_WORDS);
      now.answer().complete(cancelled(now.title(), now.context()).outcome());
    }
    Waiting never = waiting;
    if (never != null) {
      never.answers().forEach(a -> a.complete(new Outcome.Refused(Sentences.closed(actor))));
    }
  }
}
