package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableSize;
import dev.signalbox.engine.Lsn;
import dev.signalbox.engine.database.barrier.PendingClose;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.sync.Ends;
import dev.signalbox.engine.postgres.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What was last seen of one server of the database plane.
///
/// @param reachable whether it answers now; everything else may be older
/// @param at when it answered last; the epoch when it never did
/// @param problem why it does not answer
record Seen(
    boolean reachable,
    Instant at,
    String problem,
    Fence.State fence,
    Activity activity,
    Content content,
    Ends ends,
    Values values) {
  /// What the server does.
  ///
  /// @param size of the database, bytes
  /// @param blockers long transactions that would hold up the fence
  /// @param commits in all since the server began
  /// @param transactionsPerSecond since the look before
  /// @param flowing log written since the look before, bytes a second
  record Activity(
      String version,
      @Nullable Lsn position,
      long size,
      Sessions sessions,
      List<Blocker> blockers,
      long commits,
      double transactionsPerSecond,
      double flowing) {
    private static final Activity NONE =
        new Activity("", null, 0, new Sessions(0, 0, Duration.ZERO), List.of(), 0, 0, 0);
  }

  /// @param oldest age of the oldest open transaction that is not ours
  record Sessions(int connections, int openTransactions, Duration oldest) {}

  /// What the database holds; some of it is looked at rarely.
  ///
  /// @param migrations which scripts are applied here
  /// @param digest of the schema
  /// @param largest its largest tables
  /// @param held bytes of the tables that the release under way carried here; 0 when it carried
  ///   none
  /// @param unreplicated tables whose writes do not leave this side, although it sends others
  record Content(
      Migrations.Summary migrations,
      String digest,
      List<TableSize> largest,
      long held,
      List<TableName> unreplicated) {
    private static final Content UNKNOWN =
        new Content(
            new Migrations.Summary("", Migrations.Summary.UNKNOWN, ""),
            "",
            List.of(),
            0,
            List.of());
  }

  /// What the release keeps on the server; each is empty when it does not.
  ///
  /// @param release its number
  /// @param origin the side that it began on
  /// @param carried digest of the schema that was carried over to this side
  /// @param compared when and how much was compared last
  /// @param pending the other side, when that is still to be closed
  /// @param givenUp the other side, when its writes were given up
  record Values(
      String release,
      String origin,
      String carried,
      String compared,
      Optional<PendingClose> pending,
      Optional<Colour> givenUp) {
    private static final Values NONE =
        new Values("", "", "", "", Optional.empty(), Optional.empty());

    static Values of(Handle h) {
      return new Values(
          PlaneValues.value(h, "release"),
          PlaneValues.value(h, "origin"),
          PlaneValues.value(h, "carried"),
          PlaneValues.value(h, "compared"),
          PendingCloses.of(h),
          PendingCloses.givenUp(h));
    }
  }

  static Seen nothing() {
    return new Seen(
        false,
        Instant.EPOCH,
        DatabaseView.Server.NOT_ASKED,
        Fence.State.MIXED,
        Activity.NONE,
        Content.UNKNOWN,
        Ends.NONE,
        Values.NONE);
  }

  /// Whether it is seen to take writes on every table.
  boolean open() {
    return reachable && fence == Fence.State.OPEN;
  }

  /// Whether some of its tables are seen to take writes.
  boolean writable() {
    return reachable && fence != Fence.State.CLOSED && fence != Fence.State.NO_TABLES;
  }

  /// Whether it answered, or failed to: before that nothing is known of it.
  boolean asked() {
    return !problem.equals(DatabaseView.Server.NOT_ASKED);
  }

  /// Why it does not answer, or that nobody asked it yet.
  String problem(Colour colour) {
    return asked() ? problem : colour + " was not asked yet";
  }

  /// The same, but it does not answer now.
  Seen lost(String why) {
    Activity still =
        new Activity(
            activity.version(),
            activity.position(),
            activity.size(),
            activity.sessions(),
            activity.blockers(),
            activity.commits(),
            0,
            0);
    return new Seen(false, at, why, fence, still, content, ends, values);
  }
}
