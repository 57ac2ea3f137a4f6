package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one database has of the journal. Thread-safe. Each call ends by itself; an [SQLException]
/// says what became of it by its state, as [Refusal] reads it.
interface JournalCopy extends AutoCloseable {
  /// In sentences, such as `blue`.
  String name();

  /// Whether the last call failed a moment ago, or one is under way that takes long.
  boolean suspect();

  /// What a database knows last.
  ///
  /// @param sequence the highest number that was used; 0 for none
  /// @param hash of the entry with the highest number; empty when there is none or it has none
  /// @param epoch that it asks for; 0 when it has no lease of this version
  record Head(long sequence, String hash, long epoch) {}

  Head head() throws SQLException;

  /// Writes one batch: all of it, or nothing. Doing it again changes nothing.
  void append(long epoch, UUID batch, List<JournalEntry> entries) throws SQLException;

  /// How far it was read. Arrivals of another layout are other numbers.
  record Place(Layout layout, long arrived) {}

  record Page(Layout layout, List<EntryRows.Arrival> arrivals) {}

  /// What arrived behind a place, in the order of arrival.
  ///
  /// @param place null for the beginning
  Page after(@Nullable Place place, int limit) throws SQLException;

  /// The numbers of all entries; empty when it has no journal of this version.
  Optional<List<Long>> numbers() throws SQLException;

  /// The entries with these numbers that are there.
  List<JournalEntry> numbered(List<Long> sequences) throws SQLException;

  /// Takes entries of the other database, as they are there. What has its number here already
  /// stays.
  void copy(long epoch, List<JournalEntry> entries) throws SQLException;

  @Override
  void close();
}
