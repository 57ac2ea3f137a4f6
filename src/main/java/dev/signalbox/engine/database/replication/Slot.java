package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/// The slot on the sending server. It holds the log for as long as it exists.
public final class Slot {
  private Slot() {}

  public static boolean exists(Connection c, Channel channel) throws SQLException {
    return Sql.truth(
        c, "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)", channel.name());
  }

  /// Creates it; waits for every transaction of that server that has written and not ended yet. The
  /// publication must exist before.
  public static void create(Connection c, Channel channel) throws SQLException {
    Sql.text(c, "SELECT pg_create_logical_replication_slot(?, 'pgoutput')::text", channel.name());
  }

  /// Drops it, and the slots that table copies of that subscription left. Whoever still reads from
  /// one is disconnected.
  ///
  /// @param subscription oid of the subscription, 0 when not known
  public static void drop(Connection c, Channel channel, long subscription) throws SQLException {
    String mine =
        "(slot_name = ?::text OR (?::bigint <> 0 AND slot_name LIKE 'pg\\_' || ?::text ||"
            + " '\\_sync\\_%'))";
    Object[] values = {channel.name(), subscription, Long.toString(subscription)};
    for (int attempt = 0; ; attempt++) {
      Sql.list(
          c,
          "SELECT pg_terminate_backend(active_pid, 2000) FROM pg_replication_slots WHERE active_pid"
              + " IS NOT NULL AND "
              + mine,
          row -> row.getBoolean(1),
          values);
      try {
        Sql.list(
            c,
            "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots WHERE "
                + mine,
            row -> "",
            values);
        return;
      } catch (SQLException e) {
        // Taken again by a worker that was being stopped, or gone meanwhile.
        boolean again = "55006".equals(e.getSQLState()) || "42704".equals(e.getSQLState());
        if (!again || attempt == 5 || !c.getAutoCommit()) {
          throw e;
        }
      }
    }
  }
}
