package dev.signalbox.engine.journal;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.AuditReport.Misfit;
import dev.signalbox.engine.Colour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks the chain over what both databases hold. Entries that were lost and came back, or that
/// two drivers wrote who each saw one database, make forks; they are told as notes. The hash has no
/// key: who can rewrite everything after an entry in both databases is found only by a head hash
/// that was noted elsewhere.
final class ChainCheck {
  private final boolean complete;
  private final TreeMap<Long, Map<Colour, JournalEntry>> union = new TreeMap<>();
  private final Map<String, JournalEntry> byHash = new HashMap<>();
  private final Map<String, List<JournalEntry>> children = new TreeMap<>();
  private final Set<UUID> voided = new HashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Misfit> misfits = new ArrayList<>();
  private final long chainBegins;

  /// @param held the entries of each database that was read
  /// @param complete whether that is every database
  ChainCheck(Map<Colour, List<JournalEntry>> held, boolean complete) {
    this.complete = complete;
    held.forEach((colour, entries) ->
        entries.forEach(e ->
            union.computeIfAbsent(e.sequence(), n -> new EnumMap<>(Colour.class)).put(colour, e)));
    long begins = Long.MAX_VALUE;
    for (Map<Colour, JournalEntry> copies : union.values()) {
      for (JournalEntry entry : copies.values()) {
        voided.addAll(entry.voids());
        if (!entry.hash().isEmpty()) {
          begins = Math.min(begins, entry.sequence());
          byHash.putIfAbsent(entry.hash(), entry);
        }
      }
    }
    this.chainBegins = begins;
  }

  /// @param heads the highest number that each database says it has used
  AuditReport run(Map<Colour, Long> heads, List<String> silent) {
    int before = 0;
    JournalEntry head = null;
    for (Map<Colour, JournalEntry> copies : union.values()) {
      JournalEntry entry = copies.values().iterator().next();
      copies.forEach(this::content);
      if (Set.copyOf(copies.values()).size() > 1) {
        misfit(entry, "the two databases hold different content under this number.");
      }
      if (entry.hash().isEmpty()) {
        before++;
        if (entry.sequence() > chainBegins) {
          misfit(entry, "it has no hash, although the chain begins at " + chainBegins + ".");
        }
      } else {
        parent(entry);
        children.computeIfAbsent(entry.previous(), h -> new ArrayList<>()).add(entry);
      }
      if (!isVoid(entry)) {
        head = entry;
      }
    }
    children.forEach(this::fork);
    ends(heads);
    copies();
    return new AuditReport(
        union.size(),
        before,
        head == null ? 0 : head.sequence(),
        head == null ? "" : head.hash(),
        notes,
        silent,
        misfits.stream().min(Comparator.comparingLong(Misfit::sequence)).orElse(null));
  }

  private void misfit(JournalEntry entry, String what) {
    misfits.add(new Misfit(entry.sequence(), what));
  }

  private boolean isVoid(JournalEntry entry) {
    return entry.batch() != null && voided.contains(entry.batch());
  }

  private void content(Colour colour, JournalEntry entry) {
    if (!entry.hash().isEmpty() && !Chain.hash(entry).equals(entry.hash())) {
      misfit(entry, "its content on " + colour + " was changed: it does not fit its hash.");
    }
  }

  private void parent(JournalEntry entry) {
    if (entry.previous().isEmpty()) {
      return;
    }
    JournalEntry parent = byHash.get(entry.previous());
    if (parent == null && !complete) {
      notes.add(
          "Entry " + entry.sequence() + " follows one that is not in the database that was read.");
    } else if (parent == null) {
      misfit(entry, "the entry before it was changed or removed: none has the hash it follows.");
    } else if (parent.sequence() >= entry.sequence()) {
      misfit(entry, "it follows entry " + parent.sequence() + ", which has a higher number.");
    }
  }

  /// Entries that follow the same one. Of those that are not void, each epoch can have written one:
  /// a driver goes on from its own last entry.
  private void fork(String previous, List<JournalEntry> branches) {
    if (branches.size() < 2) {
      return;
    }
    JournalEntry parent = byHash.get(previous);
    Map<Long, JournalEntry> byEpoch = new HashMap<>();
    for (JournalEntry branch : branches) {
      JournalEntry other = isVoid(branch) ? null : byEpoch.put(branch.event().epoch(), branch);
      if (other != null) {
        // The one that nothing follows stands beside the chain.
        JournalEntry odd = children.containsKey(branch.hash()) ? other : branch;
        misfit(
            odd,
            "it was inserted: epoch "
                + odd.event().epoch()
                + " wrote another entry, "
                + (odd.equals(branch) ? other : branch).sequence()
                + ", "
                + after(parent)
                + ".");
      }
    }
    notes.add(
        "The chain forks "
            + after(parent)
            + " into "
            + branches.stream().map(this::branch).collect(Collectors.joining(" and "))
            + ": an append was lost or repeated, or a driver saw one database only.");
  }

  private static String after(@Nullable JournalEntry parent) {
    return parent == null ? "at its beginning" : "after entry " + parent.sequence();
  }

  private String branch(JournalEntry entry) {
    return entry.sequence()
        + " (epoch "
        + entry.event().epoch()
        + (isVoid(entry) ? ", void)" : ")");
  }

  private void ends(Map<Colour, Long> heads) {
    long last = union.isEmpty() ? 0 : union.lastKey();
    heads.forEach((colour, head) -> {
      if (head > last && complete) {
        misfits.add(
            new Misfit(
                head,
                "it was removed: "
                    + colour
                    + " has used its number, and the journal ends at "
                    + last
                    + "."));
      }
    });
  }

  private void copies() {
    for (Colour colour : complete ? Colour.values() : new Colour[0]) {
      long alone =
          union.values().stream()
              .filter(copies -> copies.size() == 1 && copies.containsKey(colour))
              .count();
      if (alone > 0) {
        notes.add(
            alone
                + (alone == 1 ? " entry is on " : " entries are on ")
                + colour
                + " only; the next driver that reaches both databases copies what is missing.");
      }
    }
  }
}
