package dev.signalbox.engine.strategy.client;

import dev.signalbox.engine.strategy.client.StrategyEvent.InvalidationTrigger;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the manager learns from one call. Used by one call's callbacks only, which gRPC never runs
/// at the same time.
final class CallWatch {
  private final StrategyManager manager;
  private final ClusterEntry entry;
  private final Route route;
  private final String method;
  private final WireMethod.Announcement announcement;
  private final long began;

  CallWatch(
      StrategyManager manager, ClusterEntry entry, Route route, String method, WireMethod rules) {
    this.manager = manager;
    this.entry = entry;
    this.route = route;
    this.method = method;
    announcement = rules.announcement();
    began = manager.observed() ? System.nanoTime() : 0;
  }

  void start(Metadata headers) {
    headers.merge(route.headers());
  }

  void message(Object message) {
    String announced = announcement.in(message);
    if (announced != null) {
      manager.announced(entry, announced);
    }
  }

  void end(Status status) {
    ErrorClass failure = status.isOk() ? null : failed(status);
    if (began != 0) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      manager.emit(entry.key, new StrategyEvent.CallEnded(method, took, failure));
    }
  }

  private @Nullable ErrorClass failed(Status status) {
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
