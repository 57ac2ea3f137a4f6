package dev.signalbox.engine.journal;

import java.sql.SQLException;

/// An entry holds what this version cannot understand: somebody changed it, or a newer version
/// wrote it.
final class UnreadableEntryException extends SQLException {
  private static final long serialVersionUID = 1L;
  private final long sequence;

  UnreadableEntryException(long sequence, Throwable cause) {
    super("Entry " + sequence + " of the journal cannot be understood.", "22000", cause);
    this.sequence = sequence;
  }

  long sequence() {
    return sequence;
  }
}
