package dev.signalbox.engine.journal;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.journal.Voter.Ballot;
import dev.signalbox.engine.journal.Voter.Holder;
import dev.signalbox.engine.journal.Voter.Renewal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The tables of journal and lease in one simulated database, with the rules of `schema.sql` and of
/// the statements of [DatabaseVoter]. Each method is a transaction.
public final class SimTables {
  private final Colour colour;
  private final Supplier<Instant> now;
  private final TreeMap<Long, JournalEntry> rows = new TreeMap<>();
  private final List<EntryRows.Arrival> arrivals = new ArrayList<>();
  private long head;
  private long epoch;
  private Holder holder = new Holder("", "", 0);
  private Instant expires = Instant.EPOCH;
  private Set<String> closed = Set.of();
  private BooleanSupplier locked = () -> false;
  private Runnable terminate = () -> {};

  public SimTables(Colour colour, Supplier<Instant> now) {
    this.colour = colour;
    this.now = now;
  }

  /// @param held whether a transaction of a step holds the epoch's row
  /// @param end terminates that transaction
  public void transactions(BooleanSupplier held, Runnable end) {
    locked = held;
    terminate = end;
  }

  public long epoch() {
    return epoch;
  }

  /// All entries, those that are declared void, too.
  public List<EngineEvent> entries() {
    return rows.values().stream().map(JournalEntry::event).toList();
  }

  /// Why an entry does not fit the one with its number in the other database; null when all do.
  public static @Nullable String misfit(SimTables blue, SimTables green) {
    for (JournalEntry entry : blue.rows.values()) {
      JournalEntry other = green.rows.get(entry.sequence());
      if (other != null && !other.equals(entry)) {
        return "entry " + entry.sequence() + " has two contents: " + entry + ", " + other;
      }
    }
    return null;
  }

  /// What the audit says against the chain; null when it says nothing.
  public static @Nullable String audit(SimTables blue, SimTables green) {
    var report =
        new ChainCheck(
                Map.of(
                    Colour.BLUE,
                    List.copyOf(blue.rows.values()),
                    Colour.GREEN,
                    List.copyOf(green.rows.values())),
                true)
            .run(Map.of(Colour.BLUE, blue.head, Colour.GREEN, green.head), new ArrayList<>());
    return report.misfit() == null ? null : report.misfit().toString();
  }

  String name() {
    return colour.id();
  }

  private void assertEpoch(long expected) throws SQLException {
    if (epoch < expected) {
      throw new SQLException(colour + " has not heard of epoch " + expected, Refusal.BEHIND);
    } else if (epoch > expected) {
      throw new SQLException("another console drives: epoch " + epoch, Refusal.DEPOSED);
    }
  }

  // ---- journal --------------------------------------------------------------------------------

  JournalCopy.Head head() {
    return rows.isEmpty()
        ? new JournalCopy.Head(head, "", epoch)
        : new JournalCopy.Head(
            Math.max(head, rows.lastKey()), rows.lastEntry().getValue().hash(), epoch);
  }

  void append(long expected, UUID batch, List<JournalEntry> entries) throws SQLException {
    assertEpoch(expected);
    long lowest = entries.getFirst().sequence();
    if (lowest <= head) {
      JournalEntry there = rows.get(lowest);
      if (there != null && batch.equals(there.batch())) {
        return;
      }
      throw new SQLException("the journal is at number " + head + " already", Refusal.TOO_LATE);
    }
    entries.forEach(this::arrive);
    head = entries.getLast().sequence();
  }

  private void arrive(JournalEntry entry) {
    rows.put(entry.sequence(), entry);
    arrivals.add(new EntryRows.Arrival(arrivals.size() + 1, entry));
  }

  JournalCopy.Page after(JournalCopy.@Nullable Place place, int limit) {
    int from = place == null ? 0 : (int) place.arrived();
    int to = Math.min(arrivals.size(), from + limit);
    return new JournalCopy.Page(Layout.CURRENT, List.copyOf(arrivals.subList(from, to)));
  }

  List<Long> numbers() {
    return List.copyOf(rows.keySet());
  }

  List<JournalEntry> numbered(List<Long> sequences) {
    return sequences.stream().filter(rows::containsKey).map(rows::get).toList();
  }

  void copy(long expected, List<JournalEntry> entries) throws SQLException {
    assertEpoch(expected);
    for (JournalEntry entry : entries) {
      if (!rows.containsKey(entry.sequence())) {
        arrive(entry);
        head = Math.max(head, entry.sequence());
      }
    }
  }

  // ---- lease ----------------------------------------------------------------------------------

  private boolean live() {
    return now.get().isBefore(expires);
  }

  Ballot look() {
    return new Ballot(epoch, holder.id(), holder.name(), expires, live(), closed);
  }

  private void hold(Holder who, long under, Set<String> without) {
    epoch = under;
    holder = who;
    expires = now.get().plusMillis(who.ttlMillis());
    closed = without;
  }

  boolean take(Holder who, long under, boolean force, Set<String> without) throws SQLException {
    // It waits for transactions of the former holder no longer than it takes to end them. One whose
    // COMMIT hangs does not end.
    terminate.run();
    if (locked.getAsBoolean()) {
      throw new SQLException("a transaction holds the epoch's row", "55P03");
    }
    boolean free = force || !live() || holder.id().equals(who.id());
    if (!free || epoch >= under) {
      return false;
    }
    hold(who, under, without);
    return true;
  }

  Renewal renew(Holder who, long under, Set<String> without) throws SQLException {
    if (epoch == under && holder.id().equals(who.id())) {
      hold(who, under, without);
      return Renewal.RENEWED;
    } else if (epoch > under) {
      return holder.id().equals(who.id()) ? Renewal.SUPERSEDED : Renewal.DEPOSED;
    } else if (epoch == under && live()) {
      return Renewal.NOT_COUNTED;
    } else if (locked.getAsBoolean()) {
      throw new SQLException("a transaction holds the epoch's row", "57014");
    }
    hold(who, under, Set.of());
    return Renewal.RENEWED;
  }

  void release(Holder who, long under) {
    if (epoch == under && holder.id().equals(who.id())) {
      expires = Instant.EPOCH;
    }
  }
}
