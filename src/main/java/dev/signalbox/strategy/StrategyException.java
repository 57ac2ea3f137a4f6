package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// A call or a query failed, and what could be done about it has been tried. Its message is a
/// sentence for a person and carries no secret.
public class StrategyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorClass errorClass;

  public StrategyException(ErrorClass errorClass, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.errorClass = errorClass;
  }

  public ErrorClass errorClass() {
    return errorClass;
  }
}
