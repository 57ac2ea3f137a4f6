package dev.signalbox.engine.timing;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// Does something again when it failed in a way that may pass.
///
/// @param attempts in all, at least 1
/// @param pause after the attempt with this number, counted from 1, when another follows
/// @param sleep how a pause is made
public record Retry(int attempts, IntFunction<Duration> pause, Sleep sleep) {
  /// With pauses of the machine's clock.
  public Retry(int attempts, IntFunction<Duration> pause) {
    this(attempts, pause, Thread::sleep);
  }

  /// At once, without pauses.
  public static Retry atOnce(int attempts) {
    return new Retry(attempts, _ -> Duration.ZERO);
  }

  public interface Sleep {
    void sleep(Duration duration) throws InterruptedException;
  }

  public interface Work<T, E extends Exception> {
    T run() throws E, InterruptedException;
  }

  /// @param mayPass asked after each failure but that of the last attempt; says whether another
  ///   attempt is made, and may tell somebody
  /// @throws E of the last attempt
  public <T, E extends Exception> T call(Work<T, E> work, Predicate<? super Exception> mayPass)
      throws E, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.run();
      } catch (Exception e) {
        if (attempt >= attempts || !mayPass.test(e)) {
          throw e;
        }
      }
      Duration rest = pause.apply(attempt);
      if (rest.isPositive()) {
        sleep.sleep(rest);
      }
    }
  }
}
