package dev.signalbox.engine.database.migration;

/// A script that cannot be used. The message is a sentence with file and line.
public final class ScriptException extends Exception {
  private static final long serialVersionUID = 1L;

  public ScriptException(String message) {
    super(message);
  }

  public ScriptException(String message, Throwable cause) {
    super(message, cause);
  }
}
