package dev.signalbox.engine.database.pgbouncer;

import java.io.IOException;

/// What a PgBouncer refused, in its own words; the connection goes on.
final class AdminException extends IOException {
  private static final long serialVersionUID = 1;

  AdminException(String sentence) {
    super(sentence);
  }
}
