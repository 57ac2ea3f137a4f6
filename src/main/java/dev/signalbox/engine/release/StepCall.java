package dev.signalbox.engine.release;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls something that may hang, on a virtual thread of its own, and waits no longer than it may
/// take. An interrupt of a virtual thread closes the socket it waits on, so even a database that
/// was stopped in the middle of an answer lets go.
final class StepCall {
  /// How long a cancelled call may take to end before it is left behind.
  private static final Duration GRACE = Duration.ofMillis(300);

  private StepCall() {}

  /// @param what named in the sentence when the time runs out
  /// @throws TimeoutException when it took longer; it was interrupted then
  /// @throws InterruptedException when the caller was interrupted; the call was interrupted too
  static <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofVirtual().name("step " + what).start(task);
    try {
      return task.get(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        // A defect of a step must be undone like any other failure.
        case Error cause -> throw new IllegalStateException(cause);
        case null, default -> throw e;
      }
    } catch (TimeoutException e) {
      abandon(task, thread);
      TimeoutException late =
          new TimeoutException("'" + what + "' did not end within " + limit.toMillis() + " ms.");
      late.initCause(e);
      throw late;
    } catch (InterruptedException e) {
      abandon(task, thread);
      throw e;
    }
  }

  private static void abandon(FutureTask<?> task, Thread thread) {
    task.cancel(true);
    try {
      thread.join(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
