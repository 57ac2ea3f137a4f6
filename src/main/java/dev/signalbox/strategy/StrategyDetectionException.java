package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// No stack of a cluster accepted the client. The message names what each of them answered.
public final class StrategyDetectionException extends StrategyException {
  private static final long serialVersionUID = 1L;

  public StrategyDetectionException(
      ErrorClass errorClass, String message, @Nullable Throwable cause) {
    super(errorClass, message, cause);
  }
}
