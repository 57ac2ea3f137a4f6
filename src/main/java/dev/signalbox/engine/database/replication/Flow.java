package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.database.sync.Ends;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What each end of a channel says of it.
public final class Flow {
  private static final String SENDER =
      """
      SELECT pg_current_wal_lsn() AS "end",
        CASE WHEN coalesce(r.replay_lsn, s.confirmed_flush_lsn) IS NULL THEN -1
          ELSE greatest(0, pg_wal_lsn_diff(pg_current_wal_lsn(),
            coalesce(r.replay_lsn, s.confirmed_flush_lsn)))::bigint END AS lag_bytes,
        pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::bigint AS retained, s.active,
        coalesce(s.wal_status, '') AS wal_status,
        (extract(epoch FROM r.replay_lag) * 1e6)::bigint AS lag,
        coalesce(s.safe_wal_size, -1) AS headroom
      FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = :channel
      """;

  private static final String RECEIVER =
      """
      SELECT s.subenabled AS enabled, EXISTS (SELECT FROM pg_stat_subscription a
          WHERE a.subid = s.oid AND a.relid IS NULL AND a.pid IS NOT NULL) AS working,
        coalesce((SELECT e.apply_error_count + e.sync_error_count FROM pg_stat_subscription_stats e
          WHERE e.subid = s.oid), 0) AS errors,
        (SELECT count(*) FROM pg_subscription_rel r
          WHERE r.srsubid = s.oid AND r.srsubstate <> 'r') AS unready
      FROM pg_subscription s
      WHERE s.subname = :channel
        AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private static final String TABLES =
      """
      SELECT ARRAY[n.nspname, c.relname]::text[] AS name, r.srsubstate::text AS state,
        CASE WHEN r.srsubstate = 'r' THEN greatest(c.reltuples, 0)::bigint
          ELSE coalesce(p.tuples_processed, 0) END AS rows,
        CASE WHEN r.srsubstate = 'r' THEN pg_relation_size(c.oid)
          ELSE coalesce(p.bytes_processed, 0) END AS bytes
      FROM pg_subscription s JOIN pg_subscription_rel r ON r.srsubid = s.oid
        JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_stat_progress_copy p ON p.relid = c.oid
      WHERE s.subname = :channel AND n.nspname <> 'signalbox'
      ORDER BY n.nspname, c.relname
      """;

  private Flow() {}

  public static Optional<Ends.Sender> sender(Handle h, Channel channel) {
    return h.createQuery(SENDER).bind("channel", channel.name()).mapTo(Ends.Sender.class).findOne();
  }

  public static Optional<Ends.Receiver> receiver(Handle h, Channel channel) {
    return h.createQuery(RECEIVER)
        .bind("channel", channel.name())
        .mapTo(Ends.Receiver.class)
        .findOne();
  }

  /// State and progress of each table on the receiving server; `totalRows` is left 0.
  public static List<TableProgress> tables(Handle h, Channel channel) {
    return h.createQuery(TABLES)
        .bind("channel", channel.name())
        .map(row ->
            new TableProgress(
                row.getColumn("name", TableName.class),
                state(row.getColumn("state", String.class)),
                row.getColumn("rows", Long.class),
                0,
                row.getColumn("bytes", Long.class)))
        .list();
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
}
