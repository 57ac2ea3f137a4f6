package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// The cluster is suspended: resume it, or connect with automatic resuming.
public final class ClusterSuspendedException extends StrategyException {
  private static final long serialVersionUID = 1L;

  public ClusterSuspendedException(String message, @Nullable Throwable cause) {
    super(ErrorClass.SUSPENDED, message, cause);
  }
}
