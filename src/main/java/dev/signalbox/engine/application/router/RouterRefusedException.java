package dev.signalbox.engine.application.router;

import java.io.IOException;

/// The entry was reached and did not obey; the message is its sentence.
public final class RouterRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  RouterRefusedException(String message) {
    super(message);
  }
}
