package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.postgres.PostgresSession;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/// The slot on the sending server. It holds the log for as long as it exists.
public final class Slot {
  private static final String MINE =
      """
       FROM pg_replication_slots
      WHERE (slot_name = :channel OR (:subscription <> 0
        AND slot_name LIKE 'pg\\_' || :subscription || '\\_sync\\_%'))
      """;

  private static final String IN_USE = " AND active_pid IS NOT NULL";

  private Slot() {}

  public static boolean exists(Handle h, Channel channel) {
    return h.select(
            "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)", channel.name())
        .mapTo(boolean.class)
        .one();
  }

  /// Creates it; waits for every transaction of that server that has written and not ended yet. The
  /// publication must exist before.
  public static void create(Handle h, Channel channel) {
    h.execute("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", channel.name());
  }

  /// Drops it, and the slots that table copies of that subscription left. Whoever still reads from
  /// one is disconnected.
  ///
  /// @param subscription oid of the subscription, 0 when not known
  public static void drop(Handle h, Channel channel, long subscription) throws SQLException {
    for (int attempt = 0; ; attempt++) {
      on(h, "SELECT pg_terminate_backend(active_pid, 2000)" + MINE + IN_USE, channel, subscription);
      try {
        on(h, "SELECT pg_drop_replication_slot(slot_name)" + MINE, channel, subscription);
        return;
      } catch (SQLException e) {
        // Taken again by a worker that was being stopped, or gone meanwhile.
        boolean again = "55006".equals(e.getSQLState()) || "42704".equals(e.getSQLState());
        if (!again || attempt == 5 || h.isInTransaction()) {
          throw e;
        }
      }
    }
  }

  private static void on(Handle h, String sql, Channel channel, long subscription)
      throws SQLException {
    int _ =
        PostgresSession.on(
            h,
            k ->
                k.createUpdate(sql)
                    .bind("channel", channel.name())
                    .bind("subscription", subscription)
                    .execute());
  }
}
