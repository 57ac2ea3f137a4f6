package dev.signalbox.engine.database.barrier;

import java.sql.SQLException;

/// A change of the barrier may still be done, so what it is now says nothing.
public final class UnsettledException extends SQLException {
  private static final long serialVersionUID = 1L;

  UnsettledException(String message, SQLException cause) {
    super(message, cause.getSQLState(), cause);
  }
}
