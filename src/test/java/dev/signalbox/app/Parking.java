package dev.signalbox.app;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Counts the moments of a process in which it may be killed: after a write to the journal, and
/// after a step of a move that holds, fences, catches up, commits or routes. At the n-th the
/// process goes no further and waits to be killed: nobody writes, and no step is run or undone any
/// more. Thread-safe.
final class Parking {
  private final Consumer<String> parked;
  private final CountDownLatch never = new CountDownLatch(1);
  private int left;

  /// @param after moments; 0 for never
  /// @param parked told the moment
  Parking(int after, Consumer<String> parked) {
    this.left = after == 0 ? -1 : after;
    this.parked = parked;
  }

  /// Begins to count anew.
  synchronized void parkAfter(int moments) {
    left = moments;
  }

  /// A moment has come.
  void passed(String moment) {
    boolean now;
    synchronized (this) {
      if (left > 0) {
        left--;
      }
      now = left == 0;
    }
    if (now) {
      parked.accept(moment);
      stop();
    }
  }

  /// Goes no further once the process is parked.
  void gate() {
    boolean now;
    synchronized (this) {
      now = left == 0;
    }
    if (now) {
      stop();
    }
  }

  private void stop() {
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // Only a kill ends this process: whoever cancels the step changes nothing about that.
        parked.accept("again, although it was interrupted");
      }
    }
  }
}
