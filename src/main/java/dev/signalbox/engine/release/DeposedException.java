package dev.signalbox.engine.release;

/// Another console holds the lease: nothing was changed, nothing may be.
public final class DeposedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeposedException(String message) {
    super(message);
  }

  public DeposedException(String message, Throwable cause) {
    super(message, cause);
  }
}
