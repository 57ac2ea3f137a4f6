package dev.signalbox.engine.database.pgbouncer;

import java.io.IOException;

/// Nothing listens where a PgBouncer should be: it holds nobody and lets nobody through.
final class NotRunningException extends IOException {
  private static final long serialVersionUID = 1;

  NotRunningException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
