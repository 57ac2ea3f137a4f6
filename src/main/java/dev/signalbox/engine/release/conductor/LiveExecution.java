package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine's clock and threads: one platform thread for what is posted, a virtual thread for
/// each task and each call. An interrupt of a virtual thread closes the socket that it waits on, so
/// even a database that was stopped in the middle of an answer lets go.
final class LiveExecution implements Execution {
  private static final Logger LOG = LoggerFactory.getLogger(LiveExecution.class);

  /// How long a cancelled call may take to end before it counts as still running.
  private static final Duration GRACE = Duration.ofMillis(300);

  private final ScheduledExecutorService mailbox =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("signalbox-conductor").daemon().factory());

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  @Override
  public Task start(String name, Runnable work) {
    Thread thread = Thread.ofVirtual().name("signalbox " + name).start(work);
    return new Task() {
      @Override
      public void interrupt() {
        thread.interrupt();
      }

      @Override
      public boolean ended() {
        return !thread.isAlive();
      }

      @Override
      public boolean join(Duration patience) {
        try {
          return thread.join(patience);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    };
  }

  @Override
  public boolean interrupted() {
    return Thread.interrupted();
  }

  @Override
  public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
    FutureTask<T> call = new FutureTask<>(work);
    Thread thread = Thread.ofVirtual().name("step " + what).start(call);
    try {
      return call.get(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        // A defect of a step must be undone like any other failure.
        case Error cause -> throw new IllegalStateException(cause);
        case null, default -> throw e;
      }
    } catch (TimeoutException e) {
      String text = "'" + what + "' did not end within " + DurationText.words(limit) + ".";
      TimeoutException late = abandon(thread) ? new TimeoutException(text) : new StillRunning(text);
      late.initCause(e);
      throw late;
    } catch (InterruptedException e) {
      if (!abandon(thread)) {
        e.addSuppressed(new StillRunning("'" + what + "' was cancelled and did not end."));
      }
      throw e;
    }
  }

  /// @return whether it ended
  private static boolean abandon(Thread thread) {
    thread.interrupt();
    boolean interrupted = false;
    long end = System.nanoTime() + GRACE.toNanos();
    while (thread.isAlive() && System.nanoTime() < end) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  @Override
  public boolean post(Runnable work) {
    try {
      mailbox.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closed; what was posted late is not done", e);
      return false;
    }
  }

  @Override
  public void later(Duration delay, Runnable work) {
    try {
      var _ = mailbox.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closed; what was to come later is not done", e);
    }
  }

  @Override
  public void close() {
    mailbox.shutdownNow();
  }
}
