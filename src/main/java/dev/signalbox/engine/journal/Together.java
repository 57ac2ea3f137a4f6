package dev.signalbox.engine.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// Where journal and lease get their time from, and how they ask several databases at once: by the
/// machine's clock and threads, or by a simulation's.
interface Together {
  sealed interface Told<T> {}

  record Answered<T>(T value) implements Told<T> {}

  record Failed<T>(Exception why) implements Told<T> {}

  interface Question<V, T> {
    T ask(V whom) throws Exception;
  }

  /// Waits until `enough` have answered, at most `patience`, and then `grace` for the others. What
  /// is not waited for goes on by itself and counts as failed with a [TimeoutException].
  <V, T> Map<V, Told<T>> ask(
      Iterable<V> whom, int enough, Duration patience, Duration grace, Question<V, T> question);

  Instant now();

  /// For durations only; never goes back.
  long nanoTime();
}
