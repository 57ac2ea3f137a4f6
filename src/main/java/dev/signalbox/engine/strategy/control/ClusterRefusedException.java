package dev.signalbox.engine.strategy.control;

import java.io.IOException;

/// The query cluster understood a command and said no: it did nothing.
public final class ClusterRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  public ClusterRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
