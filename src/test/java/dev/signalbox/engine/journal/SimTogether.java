package dev.signalbox.engine.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// Asks one after the other on the only thread that there is; the time that passes is that of
/// asking all at once. Who is interrupted waits for no answer.
record SimTogether(SimTime time) implements Together {
  /// How long a link waits for a database.
  static final Duration LINK = Duration.ofMillis(1700);

  /// A call does not answer.
  static final class Hang extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Hang() {
      super("does not answer", null, false, false);
    }
  }

  @Override
  public <V, T> Map<V, Told<T>> ask(
      Iterable<V> whom, int enough, Duration patience, Duration grace, Question<V, T> question) {
    Map<V, Told<T>> told = new LinkedHashMap<>();
    int answers = 0;
    boolean hangs = false;
    for (V one : whom) {
      Told<T> answer;
      try {
        answer = new Answered<>(question.ask(one));
        answers++;
      } catch (Hang e) {
        hangs = true;
        answer = new Failed<>(late());
      } catch (Exception e) {
        answer = new Failed<>(e);
      }
      told.put(one, time.interrupted() ? new Failed<>(late()) : answer);
    }
    if (hangs) {
      time.sleep(answers >= enough ? grace : LINK.compareTo(patience) < 0 ? LINK : patience);
    }
    return told;
  }

  private static TimeoutException late() {
    return new TimeoutException("it did not answer in time");
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }
}
