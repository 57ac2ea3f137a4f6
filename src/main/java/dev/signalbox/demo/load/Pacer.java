package dev.signalbox.demo.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/// Calls at evenly spaced times, whatever happens meanwhile: late calls are made up for at once,
/// each with the time at which it was due. A thread of its own, which sleeps with the precision of
/// the system's timer (about 0.1 ms).
final class Pacer {
  private final double interval;
  private final LongConsumer due;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long next;
  private volatile long latest;

  /// @param due takes the intended time (`System.nanoTime()`); must return within microseconds
  Pacer(double rate, LongConsumer due) {
    this.interval = 1e9 / rate;
    this.due = due;
    this.thread = Thread.ofPlatform().name("load-pacer").daemon().unstarted(this::run);
  }

  void start() {
    next = System.nanoTime();
    thread.start();
  }

  private void run() {
    long start = next;
    for (long n = 0; !stopped; n++) {
      long intended = start + (long) (n * interval);
      next = intended;
      long now;
      while ((now = System.nanoTime()) - intended < 0 && !stopped) {
        LockSupport.parkNanos(intended - now);
      }
      if (!stopped) {
        latest = Math.max(latest, now - intended);
        due.accept(intended);
      }
    }
  }

  /// Whether every call due at or before this time has been made.
  boolean isPast(long time) {
    return !thread.isAlive() || next - time > 0;
  }

  /// By how much the latest call came after its time: what the client itself adds to a wait.
  long latestNanos() {
    return latest;
  }

  /// Returns once no more calls come.
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // It ends within microseconds: wait all the same.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
