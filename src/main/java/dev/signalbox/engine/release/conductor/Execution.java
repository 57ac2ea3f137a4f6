package dev.signalbox.engine.release.conductor;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/// Where the conductor gets its time and its threads from: the machine's, or a simulation's.
///
/// Everything that is posted runs one after the other and must not wait for a database or a
/// network; a task may.
interface Execution extends AutoCloseable {
  Instant now();

  /// For durations only; never goes back.
  long nanoTime();

  /// @throws InterruptedException when the task that calls it was interrupted
  void sleep(Duration duration) throws InterruptedException;

  /// Begins a task that may wait.
  Task start(String name, Runnable work);

  /// Whether the task that calls it was interrupted. Forgets it.
  boolean interrupted();

  /// Calls something that may hang, and waits no longer than it may take.
  ///
  /// @param what named in the sentence when the time runs out
  /// @throws TimeoutException when it took longer; it was interrupted then. A [StillRunning] when
  ///   it may go on all the same
  /// @throws InterruptedException when the task was interrupted; the call was interrupted too. With
  ///   a suppressed [StillRunning] when it may go on all the same
  <T> T within(Duration limit, String what, Callable<T> work) throws Exception;

  /// Puts work behind what was posted before.
  ///
  /// @return whether it will be run; not when this is closed
  boolean post(Runnable work);

  /// Posts after a while.
  void later(Duration delay, Runnable work);

  /// Takes no more work; lets go of its threads.
  @Override
  void close();

  /// A task that was started.
  interface Task {
    void interrupt();

    boolean ended();

    /// Waits until it has ended, at most that long.
    ///
    /// @return whether it has
    boolean join(Duration patience);
  }

  /// The call was given up and may still do what it was asked for, under the epoch that it carries.
  final class StillRunning extends TimeoutException {
    private static final long serialVersionUID = 1L;

    StillRunning(String message) {
      super(message);
    }

    /// Whether this failure leaves a call behind that may still act.
    static boolean in(Throwable failure) {
      if (failure instanceof StillRunning) {
        return true;
      }
      for (Throwable suppressed : failure.getSuppressed()) {
        if (suppressed instanceof StillRunning) {
          return true;
        }
      }
      return false;
    }
  }
}
