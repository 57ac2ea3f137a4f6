package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Phase;
import java.util.List;
import java.util.Map;

/// The durable record of everything that a driver meant to do and did. It lives in both databases
/// of the environment and is read as their union, so that losing either database loses no history.
/// Thread-safe.
public interface Journal {
  /// Writes entries, all or none in each database, in order. Returns when they are durable in every
  /// database that answers, and in one at least.
  ///
  /// @throws DeposedException when `epoch` is not the newest; nothing was written
  /// @throws JournalException when no database took them
  List<EngineEvent> append(long epoch, String actor, List<Draft> drafts);

  /// Entries with a sequence above `after`, oldest first.
  ///
  /// @throws JournalException when no database answers
  List<EngineEvent> read(long after, int limit);

  /// Copies to each database the entries that only the other one has.
  void reconcile(long epoch);

  /// An entry before it has a number.
  record Draft(
      long release,
      EngineEvent.Kind kind,
      Phase phase,
      String step,
      String text,
      Map<String, String> data) {}

  /// No database took the entries: nothing may be done that they were to announce.
  final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
