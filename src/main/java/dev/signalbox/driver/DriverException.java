package dev.signalbox.driver;

/// The resident driver cannot be used.
public final class DriverException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// Why.
  public enum Cause {
    /// Another driver of the same environment runs on this machine.
    RUNS_ALREADY,
    /// It is there and may not, or cannot, be spoken to; nothing was asked of it.
    UNUSABLE,
    /// It is there and does not answer; nothing was asked of it.
    SILENT,
    /// It ended, or fell silent, after something was asked of it.
    GONE
  }

  private final Cause why;

  /// @param message a sentence that says what to do
  public DriverException(Cause why, String message) {
    super(message);
    this.why = why;
  }

  public Cause why() {
    return why;
  }
}
