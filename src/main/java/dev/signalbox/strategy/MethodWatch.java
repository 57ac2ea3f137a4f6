package dev.signalbox.strategy;

import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the manager learns from the calls of one method. Made once per method, so that a call needs
/// no more than its listener. Thread-safe.
final class MethodWatch {
  private final StrategyManager manager;
  private final ClusterEntry entry;
  private final String method;
  private final WireMethod rules;

  MethodWatch(StrategyManager manager, ClusterEntry entry, String method, WireMethod rules) {
    this.manager = manager;
    this.entry = entry;
    this.method = method;
    this.rules = rules;
  }

  WireMethod rules() {
    return rules;
  }

  /// @return when the call began, by [System#nanoTime]; 0 when nobody wants to know
  long begin(Route route, Metadata headers) {
    headers.merge(route.headers());
    return manager.observed() ? System.nanoTime() : 0;
  }

  void message(Object message) {
    String announced = rules.announcement().in(message);
    if (announced != null) {
      manager.announced(entry, announced);
    }
  }

  void end(Route route, long began, Status status) {
    ErrorClass failure = status.isOk() ? null : failed(route, status);
    if (began != 0) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      manager.emit(entry.key, new StrategyEvent.CallEnded(method, took, failure));
    }
  }

  private @Nullable ErrorClass failed(Route route, Status status) {
    ErrorClass failure = ErrorClassifier.classify(status);
    Strategy sent = route.strategy();
    if (failure == ErrorClass.WRONG_STRATEGY) {
      manager.refused(entry, sent, method);
    } else if (status.getCode() == Status.Code.UNAVAILABLE && failure == ErrorClass.TRANSIENT) {
      // What is behind a broken connection may be another stack when it comes back.
      if (sent != null && sent == manager.known(entry)) {
        manager.invalidate(entry.key, InvalidationTrigger.CONNECTION_RESET);
      }
    }
    return failure;
  }
}
