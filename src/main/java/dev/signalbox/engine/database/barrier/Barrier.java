package dev.signalbox.engine.database.barrier;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Keeps applications from writing on a side. Thread-safe. What changes it carries the epoch of the
/// step's context, and is short: traffic never queues behind a lock that is not given.
public interface Barrier {
  /// What is committed now: a change that is under way may still follow.
  Fence.State state(Colour colour) throws SQLException;

  /// What it is and stays: read when no transaction that could change it can commit any more.
  ///
  /// @param patience how long to wait for a transaction of ours that has not ended
  /// @throws UnsettledException when it may still commit, or the database has not heard of our
  ///   epoch
  Fence.State settled(Colour colour, StepContext context, Duration patience)
      throws SQLException, InterruptedException;

  /// Whether every table of a side has one.
  boolean installed(Colour colour) throws SQLException;

  /// Puts it on every table that has none. A table's barrier is never seen in another state than
  /// the one asked for.
  void install(Colour colour, boolean closed, StepContext context)
      throws SQLException, InterruptedException;

  /// Takes it from every table.
  ///
  /// @return tables that keep it, switched off, because somebody never let go of them
  List<TableName> remove(Colour colour, StepContext context)
      throws SQLException, InterruptedException;

  /// Returns when nobody can write there any more.
  void close(Colour colour, StepContext context) throws SQLException, InterruptedException;

  void open(Colour colour, StepContext context) throws SQLException, InterruptedException;

  /// Statements that close or open these tables, for a transaction that the caller holds: while it
  /// is open nobody writes; rolled back, nothing was changed.
  String statements(List<TableName> tables, boolean close);
}
