package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the union of both databases and follows each by its own arrival numbers, so that an entry
/// that comes late below those already read is not missed. Thread-safe.
final class UnionReader implements Journal.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(UnionReader.class);

  /// Entries of one answer of a database.
  private static final int PAGE = 1000;

  private final List<Link> links;
  private final Map<Link, Place> places = new HashMap<>();
  private final Set<Long> read = new HashSet<>();
  private final Map<UUID, List<Long>> returned = new HashMap<>();
  private final Set<UUID> voidBatches = new HashSet<>();
  private final Set<Long> withdrawn = new TreeSet<>();

  UnionReader(List<Link> links) {
    this.links = links;
  }

  /// How far a database was read. Arrivals of another layout are other numbers.
  private record Place(Layout layout, long arrived) {}

  private record Page(Layout layout, List<EntryRows.Arrival> arrivals) {}

  @Override
  public synchronized List<EngineEvent> next() {
    while (true) {
      boolean more = false;
      List<JournalEntry> found = new ArrayList<>();
      for (BothDatabases.Given<Page> given : pages()) {
        List<EntryRows.Arrival> arrivals = given.value().arrivals();
        if (!arrivals.isEmpty()) {
          places.put(given.link(), new Place(given.value().layout(), arrivals.getLast().arrived()));
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

  private List<BothDatabases.Given<Page>> pages() {
    Map<Link, Place> from = Map.copyOf(places);
    List<Link> well = links.stream().filter(l -> !l.suspect()).toList();
    List<BothDatabases.Given<Page>> pages = new ArrayList<>();
    for (var answer :
        BothDatabases.ask(
            well.isEmpty() ? links : well, (link, c) -> page(link, c, from.get(link)))) {
      switch (answer) {
        case BothDatabases.Given<Page> given -> pages.add(given);
        case BothDatabases.Missing<Page> missing ->
            LOG.debug("journal of {} not read", missing.link().server().colour(), missing.why());
      }
    }
    if (pages.isEmpty()) {
      // Not the same as an empty journal.
      throw new JournalException(
          "Neither database answers, so the journal cannot be read.",
          new SQLException("no answer"));
    }
    return pages;
  }

  private static Page page(Link link, Connection c, @Nullable Place place) throws SQLException {
    Layout layout = link.layout(c);
    long after = place == null || place.layout() != layout ? 0 : place.arrived();
    return new Page(layout, EntryRows.after(c, layout, after, PAGE));
  }

  private List<EngineEvent> take(List<JournalEntry> found) {
    for (JournalEntry entry : found) {
      for (UUID batch : entry.voids()) {
        if (voidBatches.add(batch)) {
          withdrawn.addAll(returned.getOrDefault(batch, List.of()));
          returned.remove(batch);
        }
      }
    }
    List<EngineEvent> fresh = new ArrayList<>();
    for (JournalEntry entry : found) {
      UUID batch = entry.batch();
      if (batch != null && voidBatches.contains(batch)) {
        continue;
      }
      if (read.add(entry.sequence())) {
        fresh.add(entry.event());
        if (batch != null) {
          returned.computeIfAbsent(batch, b -> new ArrayList<>()).add(entry.sequence());
        }
      }
    }
    fresh.sort(Comparator.comparingLong(EngineEvent::sequence));
    return fresh;
  }

  @Override
  public synchronized Set<Long> voided() {
    Set<Long> now = Set.copyOf(withdrawn);
    withdrawn.clear();
    return now;
  }
}
