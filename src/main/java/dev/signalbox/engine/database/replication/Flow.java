package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.Lsn;
import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What each end of a channel says of it.
public final class Flow {
  private static final String SENDER =
      """
      SELECT pg_current_wal_lsn()::text, r.replay_lsn::text, s.confirmed_flush_lsn::text,
        pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::bigint, s.active,
        coalesce(s.wal_status, ''), (extract(epoch FROM r.replay_lag) * 1e6)::bigint,
        coalesce(s.safe_wal_size, -1)
      FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = ?
      """;

  private static final String RECEIVER =
      """
      SELECT s.subenabled, EXISTS (SELECT FROM pg_stat_subscription a
          WHERE a.subid = s.oid AND a.relid IS NULL AND a.pid IS NOT NULL),
        coalesce((SELECT e.apply_error_count + e.sync_error_count FROM pg_stat_subscription_stats e
          WHERE e.subid = s.oid), 0),
        (SELECT count(*) FROM pg_subscription_rel r WHERE r.srsubid = s.oid AND r.srsubstate <> 'r')
      FROM pg_subscription s
      WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private static final String TABLES =
      """
      SELECT n.nspname, c.relname, r.srsubstate::text,
        CASE WHEN r.srsubstate = 'r' THEN greatest(c.reltuples, 0)::bigint
          ELSE coalesce(p.tuples_processed, 0) END,
        CASE WHEN r.srsubstate = 'r' THEN pg_relation_size(c.oid)
          ELSE coalesce(p.bytes_processed, 0) END
      FROM pg_subscription s JOIN pg_subscription_rel r ON r.srsubid = s.oid
        JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_stat_progress_copy p ON p.relid = c.oid
      WHERE s.subname = ? AND n.nspname <> 'signalbox'
      ORDER BY 1, 2
      """;

  private Flow() {}

  public static Optional<Sender> sender(Connection c, Channel channel) throws SQLException {
    return Sql.first(
        c,
        SENDER,
        row -> {
          Lsn end = Lsn.parse(row.getString(1));
          String replayed = row.getString(2) == null ? row.getString(3) : row.getString(2);
          long micros = row.getLong(7);
          Duration lag = row.wasNull() ? null : Duration.ofNanos(micros * 1000);
          return new Sender(
              end,
              replayed == null ? -1 : Math.max(0, end.minus(Lsn.parse(replayed))),
              row.getLong(4),
              row.getBoolean(5),
              row.getString(6),
              lag,
              row.getLong(8));
        },
        channel.name());
  }

  public static Optional<Receiver> receiver(Connection c, Channel channel) throws SQLException {
    return Sql.first(
        c,
        RECEIVER,
        row -> new Receiver(row.getBoolean(1), row.getBoolean(2), row.getLong(3), row.getInt(4)),
        channel.name());
  }

  /// State and progress of each table on the receiving server; `totalRows` is left 0.
  public static List<TableProgress> tables(Connection c, Channel channel) throws SQLException {
    return Sql.list(
        c,
        TABLES,
        row ->
            new TableProgress(
                new TableName(row.getString(1), row.getString(2)),
                state(row.getString(3)),
                row.getLong(4),
                0,
                row.getLong(5)),
        channel.name());
  }

  private static String state(String code) {
    return switch (code) {
      case "i" -> "waiting";
      case "d" -> "copying";
      case "f", "s" -> "catching up";
      case "r" -> "streaming";
      case String other -> other;
    };
  }

  /// @param lagBytes log not yet applied on the other side; -1 when unknown
  /// @param retained log kept for the slot, bytes
  /// @param active whether the other side is connected
  /// @param walStatus `lost` when the slot can no longer be used
  /// @param lag as the server measured it; null when it had nothing to measure
  /// @param headroom bytes of log until the slot is in danger; -1 when there is no limit
  public record Sender(
      Lsn end,
      long lagBytes,
      long retained,
      boolean active,
      String walStatus,
      @Nullable Duration lag,
      long headroom) {}

  /// @param errors of applying and copying, since the subscription was created
  /// @param unready tables whose copy is not complete
  public record Receiver(boolean enabled, boolean working, long errors, int unready) {}
}
