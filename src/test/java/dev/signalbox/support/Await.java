package dev.signalbox.support;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits on a condition instead of sleeping for a guessed time.
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Await() {}

  /// Waits up to 30 s.
  ///
  /// @param what is waited for, for the message of the failure
  /// @throws AssertionError when it did not come true; the last exception of the condition is its
  ///   cause
  public static void until(String what, Callable<Boolean> condition) throws InterruptedException {
    until(what, PATIENCE, condition);
  }

  /// Whether it comes true within that time, for what is tried again otherwise.
  public static boolean within(Duration patience, Callable<Boolean> condition)
      throws InterruptedException {
    try {
      until("within", patience, condition);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /// Looks every 10 ms. A condition that throws counts as not yet true.
  public static void until(String what, Duration patience, Callable<Boolean> condition)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Exception last = null;
    while (true) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + patience.toMillis() + " ms: " + what, last);
      }
      Thread.sleep(10);
    }
  }
}
