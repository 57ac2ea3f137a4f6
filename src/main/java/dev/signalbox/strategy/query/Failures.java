package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ClusterSuspendedException;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.ErrorClassifier;
import dev.signalbox.strategy.StrategyException;
import io.grpc.StatusRuntimeException;

/// Makes sentences of what gRPC reports.
final class Failures {
  private Failures() {}

  /// @param doing begins the sentence, for example `Listing the schemas`
  static StrategyException of(String doing, StatusRuntimeException e) {
    ErrorClass kind = ErrorClassifier.classify(e.getStatus());
    String why = ErrorClassifier.sentence(e.getStatus());
    if (ErrorClassifier.notExecuted(e.getStatus())) {
      return new StrategyException(
          kind,
          doing + " failed: the cluster is full and did not execute it, " + why + ". Try later.",
          e);
    }
    return switch (kind) {
      case SUSPENDED ->
          new ClusterSuspendedException(
              doing + " failed: the cluster is suspended, " + why + ".", e);
      case WRONG_STRATEGY ->
          new StrategyException(
              kind, doing + " failed: this stack is not in use (456), " + why + ".", e);
      case SESSION_GONE ->
          new StrategyException(
              kind, doing + " failed: the stack no longer knows the session, " + why + ".", e);
      case TIMEOUT -> new StrategyException(kind, doing + " failed: no answer in time.", e);
      case BAD_CREDENTIALS, TRANSIENT, CANCELLED, PERMANENT ->
          new StrategyException(kind, doing + " failed: " + why + ".", e);
    };
  }
}
