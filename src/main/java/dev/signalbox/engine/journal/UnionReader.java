package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Journal.JournalException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the union of both databases and follows each by its own arrival numbers, so that an entry
/// that comes late below those already read is not missed. Thread-safe.
final class UnionReader implements Journal.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(UnionReader.class);

  /// Entries of one answer of a database.
  private static final int PAGE = 1000;

  private final BothDatabases databases;
  private final Map<JournalCopy, JournalCopy.Place> places = new HashMap<>();
  private final Set<Long> read = new HashSet<>();
  private final Map<UUID, List<Long>> returned = new HashMap<>();
  private final Set<UUID> voidBatches = new HashSet<>();
  private final Set<Long> withdrawn = new TreeSet<>();

  /// Read, and not returned yet: this console does not count it as written.
  private final Map<Long, JournalEntry> held = new TreeMap<>();

  private final OwnBatches own;
  private List<String> unread = List.of();

  UnionReader(BothDatabases databases, OwnBatches own) {
    this.databases = databases;
    this.own = own;
  }

  @Override
  public synchronized List<EngineEvent> next() {
    while (true) {
      boolean more = false;
      List<JournalEntry> found = new ArrayList<>();
      for (BothDatabases.Given<JournalCopy.Page> given : pages()) {
        List<EntryRows.Arrival> arrivals = given.value().arrivals();
        if (!arrivals.isEmpty()) {
          places.put(
              given.copy(),
              new JournalCopy.Place(given.value().layout(), arrivals.getLast().arrived()));
        }
        more |= arrivals.size() == PAGE;
        arrivals.forEach(arrival -> found.add(arrival.entry()));
      }
      List<EngineEvent> fresh = take(found);
      // What one database has, the other one mostly has too: such a page is not the end.
      if (!fresh.isEmpty() || !more) {
        return fresh;
      }
    }
  }

  private List<BothDatabases.Given<JournalCopy.Page>> pages() {
    Map<JournalCopy, JournalCopy.Place> from = Map.copyOf(places);
    List<BothDatabases.Given<JournalCopy.Page>> pages = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    for (var answer : databases.askWell(copy -> copy.after(from.get(copy), PAGE))) {
      switch (answer) {
        case BothDatabases.Given<JournalCopy.Page> given -> pages.add(given);
        case BothDatabases.Missing<JournalCopy.Page> missing -> {
          LOG.debug("journal of {} not read", missing.copy().name(), missing.why());
          missed.add(missing.copy().name());
        }
      }
    }
    unread = List.copyOf(missed);
    if (pages.isEmpty()) {
      // Not the same as an empty journal.
      throw new JournalException(
          "Neither database answers, so the journal cannot be read.",
          new SQLException("no answer"));
    }
    return pages;
  }

  private List<EngineEvent> take(List<JournalEntry> found) {
    own.voided().forEach(this::withdraw);
    List<JournalEntry> all = new ArrayList<>(held.values());
    all.addAll(found);
    held.clear();
    all.stream()
        .filter(entry -> !unsure(entry))
        .forEach(entry -> own.read(entry.event().epoch(), entry.voids()));
    // What stands now that another console drove declares void as any other does.
    all.stream()
        .filter(entry -> !unsure(entry))
        .forEach(entry -> entry.voids().forEach(this::withdraw));
    List<EngineEvent> fresh = new ArrayList<>();
    for (JournalEntry entry : all) {
      UUID batch = entry.batch();
      if (batch != null && voidBatches.contains(batch)) {
        continue;
      }
      if (unsure(entry)) {
        held.put(entry.sequence(), entry);
      } else if (read.add(entry.sequence())) {
        fresh.add(entry.event());
        if (batch != null) {
          returned.computeIfAbsent(batch, b -> new ArrayList<>()).add(entry.sequence());
        }
      }
    }
    fresh.sort(Comparator.comparingLong(EngineEvent::sequence));
    return fresh;
  }

  private boolean unsure(JournalEntry entry) {
    return entry.batch() != null && own.unsure(entry.batch());
  }

  private void withdraw(UUID batch) {
    if (voidBatches.add(batch)) {
      withdrawn.addAll(returned.getOrDefault(batch, List.of()));
      returned.remove(batch);
    }
  }

  @Override
  public synchronized List<String> unread() {
    return unread;
  }

  @Override
  public synchronized Set<Long> voided() {
    Set<Long> now = Set.copyOf(withdrawn);
    withdrawn.clear();
    return now;
  }
}
