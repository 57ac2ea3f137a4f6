package dev.signalbox.engine.release;

import dev.signalbox.engine.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The work under way: at most one activity at a time, on a virtual thread of its own. Used by the
/// mailbox thread alone, but for [#title].
final class Activities {
  private static final Logger LOG = LoggerFactory.getLogger(Activities.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Ended ended;
  private volatile @Nullable Running running;

  /// @param drive what it acts under
  /// @param outcome is always completed, also when the activity is left behind
  record Running(String title, Drive drive, Thread thread, CompletableFuture<Outcome> outcome) {}

  /// @param ended called on the activity's thread when it is over
  Activities(Ended ended) {
    this.ended = ended;
  }

  interface Ended {
    void accept(Thread thread, Drive drive, Result result);
  }

  /// @param deposed whether it ended because its epoch is not the newest
  record Result(Outcome outcome, boolean deposed) {}

  interface Work {
    Outcome run(Drive drive) throws InterruptedException;
  }

  /// What is under way; null when nothing is. From any thread.
  @Nullable String title() {
    Running now = running;
    return now == null ? null : now.title();
  }

  @Nullable Running running() {
    return running;
  }

  void begin(String title, Drive drive, CompletableFuture<Outcome> answer, Work work) {
    Thread thread =
        Thread.ofVirtual()
            .name("signalbox " + title)
            .unstarted(() -> ended.accept(Thread.currentThread(), drive, run(title, drive, work)));
    running = new Running(title, drive, thread, answer);
    thread.start();
  }

  private static Result run(String title, Drive drive, Work work) {
    try {
      return new Result(work.run(drive), false);
    } catch (InterruptedException e) {
      return new Result(new Outcome.Failed(title + " was cancelled."), false);
    } catch (DeposedException e) {
      return new Result(new Outcome.Refused(Sentences.of(e)), true);
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", title, e);
      return new Result(new Outcome.Failed(title + " failed: " + Sentences.of(e)), false);
    }
  }

  /// Forgets the activity on that thread, when it is still the one under way, and answers it.
  void over(Thread thread, Outcome outcome, Consumer<String> teller) {
    Running now = running;
    if (now != null && now.thread().equals(thread)) {
      running = null;
      teller.accept("");
      now.outcome().complete(outcome);
    }
  }

  void interrupt() {
    Running now = running;
    if (now != null) {
      now.thread().interrupt();
    }
  }

  /// Interrupts what runs and waits a little.
  ///
  /// @return whether nothing runs any more; if it does, it has to be left behind with [#leave] once
  ///   its epoch is void
  boolean stop() {
    return stop(PATIENCE);
  }

  boolean stop(Duration patience) {
    Running now = running;
    if (now == null) {
      return true;
    }
    now.thread().interrupt();
    try {
      now.thread().join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (now.thread().isAlive()) {
      return false;
    }
    leave();
    return true;
  }

  /// Counts what runs as cancelled, whether it ends or not.
  void leave() {
    Running now = running;
    running = null;
    if (now != null) {
      now.outcome().complete(new Outcome.Failed(now.title() + " was cancelled."));
    }
  }
}
