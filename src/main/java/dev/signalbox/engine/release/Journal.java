package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The durable record of everything that a driver meant to do and did. It lives in both databases
/// of the environment and is read as their union, so that losing either database loses no history.
/// Thread-safe.
public interface Journal {
  /// Writes entries, all or none in each database, in order. Returns when they are durable in every
  /// database that answers, and in one at least.
  ///
  /// When it throws, the entries count as not written, also when a database that hung commits them
  /// later: their numbers are not used again, and the next entries that are written declare them
  /// void. Readers may see them until then.
  ///
  /// @throws DeposedException when `epoch` is not the newest
  /// @throws JournalException when no database took them, or none said that it did
  List<EngineEvent> append(long epoch, String actor, List<Draft> drafts);

  /// A reader that begins at the first entry.
  Reader reader();

  /// Copies to each database the entries that only the other one has.
  void reconcile(long epoch);

  /// Reads everything once. Thread-safe.
  interface Reader {
    /// Entries that this reader did not return before, oldest first, some thousand at most; empty
    /// when there are no more for now. Among them may be entries with a lower number than some that
    /// were returned before: they were in a database that did not answer.
    ///
    /// @throws JournalException when no database answers
    List<EngineEvent> next();

    /// The databases that did not answer when [#next] was called last, such as `green`: entries
    /// that only they have are missing.
    default List<String> unread() {
      return List.of();
    }

    /// The numbers of entries that [#next] returned and that were declared void since this method
    /// was called last. They count as never written.
    default Set<Long> voided() {
      return Set.of();
    }
  }

  /// An entry before it has a number.
  ///
  /// @param release 0 when none was under way
  /// @param age how long before it is written it happened
  record Draft(
      long release, EventPayload payload, Phase phase, String step, String text, Duration age) {
    /// It happens now.
    public Draft(long release, EventPayload payload, Phase phase, String step, String text) {
      this(release, payload, phase, step, text, Duration.ZERO);
    }

    public EngineEvent.Kind kind() {
      return payload.kind();
    }

    public Draft aged(Duration now) {
      return new Draft(release, payload, phase, step, text, now);
    }
  }

  /// No database took the entries: nothing may be done that they were to announce.
  final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
