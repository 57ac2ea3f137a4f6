package dev.signalbox.engine.journal;

import dev.signalbox.engine.database.postgres.Sql;
import dev.signalbox.engine.release.DeposedException;
import java.sql.PreparedStatement;
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
record Reconciler(List<Link> links) {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /// Entries of one transaction.
  private static final int PORTION = 1000;

  /// @return whether both databases answered and hold the same numbers now
  /// @throws DeposedException when `epoch` is not the newest
  boolean run(long epoch) {
    Map<Link, List<Long>> held = new LinkedHashMap<>();
    for (var answer :
        BothDatabases.ask(
            links,
            (link, c) ->
                link.layout(c) == Layout.CURRENT
                    ? Optional.of(
                        Sql.list(c, "SELECT sequence FROM signalbox.journal", r -> r.getLong(1)))
                    : Optional.<List<Long>>empty())) {
      if (answer instanceof BothDatabases.Given<Optional<List<Long>>> given) {
        given.value().ifPresent(numbers -> held.put(given.link(), numbers));
      }
    }
    boolean complete = held.size() == links.size();
    for (Link from : held.keySet()) {
      for (Link to : held.keySet()) {
        if (from != to) {
          var missing = new TreeSet<>(held.getOrDefault(from, List.of()));
          held.getOrDefault(to, List.of()).forEach(missing::remove);
          complete &= missing.isEmpty() || copy(epoch, from, to, new ArrayList<>(missing));
        }
      }
    }
    return complete;
  }

  private static boolean copy(long epoch, Link from, Link to, List<Long> sequences) {
    try {
      for (int start = 0; start < sequences.size(); start += PORTION) {
        List<Long> portion = sequences.subList(start, Math.min(start + PORTION, sequences.size()));
        List<JournalEntry> entries = from.call(c -> EntryRows.numbered(c, portion));
        to.call(c -> {
          try (PreparedStatement statement =
              c.prepareStatement("SELECT signalbox.copy(?, ?::jsonb)")) {
            statement.setLong(1, epoch);
            statement.setString(2, EntryRows.json(entries));
            return statement.execute();
          }
        });
      }
      LOG.info(
          "copied {} journal entries from {} to {}",
          sequences.size(),
          from.server().colour(),
          to.server().colour());
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
