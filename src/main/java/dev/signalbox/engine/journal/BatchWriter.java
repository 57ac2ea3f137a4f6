package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes one batch to both databases, and once more when nobody said what came of it.
record BatchWriter(BothDatabases databases) {
  /// What came of a batch.
  ///
  /// @param fate the best that a database said
  /// @param everywhere whether both databases have it
  /// @param deposed whether a database says that another console drives
  /// @param doubt whether a database may have it, or get it later, without having said so
  record Written(
      Fate fate, boolean everywhere, boolean deposed, boolean doubt, @Nullable SQLException why) {}

  enum Fate {
    WRITTEN,
    /// A database has passed its numbers, and none took it.
    TOO_LATE,
    NOT_WRITTEN
  }

  Written write(long epoch, UUID batch, List<JournalEntry> entries) {
    BothDatabases.Question<Boolean> append =
        copy -> {
          copy.append(epoch, batch, entries);
          return true;
        };
    Written first = outcome(databases.askWell(append));
    if (first.fate() == Fate.WRITTEN || first.deposed() || !first.doubt()) {
      return first;
    }
    Written second = outcome(databases.ask(append));
    return new Written(
        second.fate() == Fate.TOO_LATE ? Fate.NOT_WRITTEN : second.fate(),
        second.everywhere(),
        second.deposed(),
        true,
        second.why() == null ? first.why() : second.why());
  }

  private Written outcome(List<BothDatabases.Answer<Boolean>> answers) {
    int written = 0;
    boolean deposed = false;
    boolean late = false;
    boolean doubt = false;
    SQLException why = null;
    for (var answer : answers) {
      switch (answer) {
        case BothDatabases.Given<Boolean> _ -> written++;
        case BothDatabases.Missing<Boolean> missing -> {
          why = missing.why();
          deposed |= Refusal.isDeposed(why);
          late |= Refusal.isTooLate(why);
          doubt |= Refusal.leavesDoubt(why);
        }
      }
    }
    Fate fate = written > 0 ? Fate.WRITTEN : late && !doubt ? Fate.TOO_LATE : Fate.NOT_WRITTEN;
    return new Written(fate, written == databases.copies().size(), deposed, doubt, why);
  }
}
