package dev.signalbox.engine.journal;

import java.time.Duration;

/// The line between a simulated console and one of those that keep its journal and its lease.
public interface SimLine {
  /// What becomes of a call.
  enum Fate {
    ANSWERS,
    /// It does not arrive, and that is known at once.
    REFUSED,
    /// It is done, and the connection breaks before the answer.
    ANSWER_LOST,
    /// It is not done and not answered.
    HANGS,
    /// It is done when nobody waits for the answer any more.
    ACTS_LATE
  }

  Fate fate(String operation);

  /// After a while; also when the console is gone by then.
  void later(Duration delay, Runnable work);
}
