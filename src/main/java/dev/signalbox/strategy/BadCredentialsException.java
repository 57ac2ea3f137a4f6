package dev.signalbox.strategy;

/// The cluster does not accept this user with this password.
public final class BadCredentialsException extends StrategyException {
  private static final long serialVersionUID = 1L;

  public BadCredentialsException(String message) {
    super(ErrorClass.BAD_CREDENTIALS, message, null);
  }
}
