package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.postgres.ConfidentialStatement;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.LibpqConnection;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/// What one server takes from the other.
///
/// It takes only what was written there, not what came there by replication (`origin = none`), so
/// both directions can be on at once. `synchronous_commit = off` makes applying fast and is safe
/// here: what is not on disk yet is sent again after a crash, and the transaction that opens a
/// server for writes is committed with a flush of everything before it.
public final class Subscription {
  private Subscription() {}

  /// @return its oid; 0 when it does not exist
  public static long oid(Handle h, Channel channel) {
    return h.select(
            """
            SELECT oid::bigint FROM pg_subscription WHERE subname = ? AND subdbid =
              (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            channel.name())
        .mapTo(long.class)
        .findOne()
        .orElse(0L);
  }

  /// What it takes, as a digest of its publications, its slot and its tables; empty when it does
  /// not exist.
  public static String definition(Handle h, Channel channel) {
    return h.select(
            """
            SELECT md5(concat_ws('|', s.subpublications, s.subslotname, s.suborigin,
              (SELECT string_agg(r.srrelid::text, ',' ORDER BY r.srrelid)
                FROM pg_subscription_rel r WHERE r.srsubid = s.oid)))
            FROM pg_subscription s
            WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_database
              WHERE datname = current_database())
            """,
            channel.name())
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  /// Creates it on a slot that exists, in the transaction that is open. What it takes is written by
  /// the owner of each table, so that a trigger that fires there has no more rights than its
  /// table's owner.
  ///
  /// @param publisher how this server reaches the other one; the password is kept in the catalogue,
  ///   where only superusers can read it
  /// @param binary only when both sides have the same types
  public static void create(
      Handle h, Channel channel, Coordinates publisher, boolean copy, boolean binary)
      throws SQLException {
    String name = Identifiers.quote(channel.name());
    ConfidentialStatement.run(
        h,
        "CREATE SUBSCRIPTION " + name + " CONNECTION ",
        connection(h, publisher),
        " PUBLICATION "
            + name
            + " WITH (create_slot = false, slot_name = "
            + Identifiers.literal(channel.name())
            + ", copy_data = "
            + copy
            + ", binary = "
            + binary
            + ", origin = none, streaming = parallel, run_as_owner = false, synchronous_commit = off)");
  }

  /// Connects to a publisher as a subscription does, in a transaction that the caller rolls back.
  ///
  /// @throws SQLException with what the server says, when it cannot
  public static void attempt(Handle h, Coordinates publisher) throws SQLException {
    ConfidentialStatement.run(
        h,
        "CREATE SUBSCRIPTION signalbox_trial CONNECTION ",
        connection(h, publisher),
        " PUBLICATION signalbox_trial WITH (create_slot = false, enabled = false, copy_data = true)");
  }

  private static String connection(Handle h, Coordinates publisher) throws SQLException {
    return LibpqConnection.text(
        publisher, h.getConnection().getMetaData().getDatabaseMajorVersion());
  }

  /// Takes nothing more from the other server until [#enable]. May run in a transaction; the worker
  /// ends soon after.
  public static void disable(Handle h, Channel channel) {
    if (oid(h, channel) != 0) {
      h.execute("ALTER SUBSCRIPTION " + Identifiers.quote(channel.name()) + " DISABLE");
    }
  }

  public static void enable(Handle h, Channel channel) {
    if (oid(h, channel) != 0) {
      h.execute("ALTER SUBSCRIPTION " + Identifiers.quote(channel.name()) + " ENABLE");
    }
  }

  /// Ends the workers of one that is switched off. One that waits for a server that hangs, or in
  /// the middle of a transaction, does not hear by itself that it was switched off.
  ///
  /// @return whether one was there
  public static boolean endWorkers(Handle h, Channel channel) {
    return h.select(
            "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_subscription WHERE subname = ?"
                + " AND pid IS NOT NULL",
            channel.name())
        .mapTo(boolean.class)
        .one();
  }

  /// Drops it without a word to the other server, whose slot stays. May run in a transaction.
  public static void drop(Handle h, Channel channel) {
    if (oid(h, channel) == 0) {
      return;
    }
    String name = Identifiers.quote(channel.name());
    h.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
    h.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
    h.execute("DROP SUBSCRIPTION " + name);
  }
}
