package dev.signalbox.engine.journal;

import dev.signalbox.engine.release.DeposedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies to each database the entries that only the other one has.
record Reconciler(BothDatabases databases) {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /// Entries of one transaction.
  private static final int PORTION = 1000;

  /// @return whether both databases answered and hold the same numbers now
  /// @throws DeposedException when `epoch` is not the newest
  boolean run(long epoch) {
    Map<JournalCopy, List<Long>> held = new LinkedHashMap<>();
    for (var answer : databases.ask(JournalCopy::numbers)) {
      if (answer instanceof BothDatabases.Given<Optional<List<Long>>> given) {
        given.value().ifPresent(numbers -> held.put(given.copy(), numbers));
      }
    }
    boolean complete = held.size() == databases.copies().size();
    for (JournalCopy from : held.keySet()) {
      for (JournalCopy to : held.keySet()) {
        if (!from.equals(to)) {
          var missing = new TreeSet<>(held.getOrDefault(from, List.of()));
          held.getOrDefault(to, List.of()).forEach(missing::remove);
          complete &= missing.isEmpty() || copy(epoch, from, to, new ArrayList<>(missing));
        }
      }
    }
    return complete;
  }

  private static boolean copy(long epoch, JournalCopy from, JournalCopy to, List<Long> sequences) {
    try {
      for (int start = 0; start < sequences.size(); start += PORTION) {
        List<Long> portion = sequences.subList(start, Math.min(start + PORTION, sequences.size()));
        to.copy(epoch, from.numbered(portion));
      }
      LOG.info("copied {} journal entries from {} to {}", sequences.size(), from.name(), to.name());
      return true;
    } catch (SQLException e) {
      if (Refusal.isDeposed(e)) {
        throw new DeposedException("Another console drives.", e);
      }
      LOG.warn("journal entries could not be copied; tried again later: {}", e.getMessage());
      return false;
    }
  }
}
