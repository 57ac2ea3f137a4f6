package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.ErrorClassifier;
import io.grpc.StatusRuntimeException;
import java.util.EnumMap;
import java.util.Map;

/// How often one operation may still be redone, by kind of failure. For one thread.
final class Recovery {
  private final Sessions sessions;
  private int pauses;
  private final Map<ErrorClass, Integer> left = new EnumMap<>(ErrorClass.class);

  /// @param transients how often it may be redone after a failure that passes; 0 where the
  ///   interceptor repeats the call already, or where repeating is not safe
  Recovery(Sessions sessions, int transients) {
    this.sessions = sessions;
    left.put(ErrorClass.WRONG_STRATEGY, 2);
    left.put(ErrorClass.SESSION_GONE, 1);
    left.put(ErrorClass.SUSPENDED, 1);
    left.put(ErrorClass.TRANSIENT, transients);
  }

  /// Makes ready to do it once more.
  ///
  /// @param doing begins the sentence of the failure
  /// @throws dev.signalbox.strategy.StrategyException when it must not be redone
  void after(StatusRuntimeException failure, Session session, String doing) {
    ErrorClass kind = ErrorClassifier.classify(failure.getStatus());
    int times = left.getOrDefault(kind, 0);
    if (times == 0) {
      throw Failures.of(doing, failure);
    }
    left.put(kind, times - 1);
    switch (kind) {
      // The manager knows of a 456 already; the session of that stack is of no use either way.
      case WRONG_STRATEGY, SESSION_GONE -> sessions.gone(session);
      case SUSPENDED -> {
        if (!sessions.resume()) {
          throw Failures.of(doing, failure);
        }
      }
      case TRANSIENT -> Pauses.after(pauses++);
      case BAD_CREDENTIALS, TIMEOUT, CANCELLED, PERMANENT -> throw Failures.of(doing, failure);
    }
  }
}
