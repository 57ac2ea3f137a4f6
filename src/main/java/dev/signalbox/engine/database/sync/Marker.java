package dev.signalbox.engine.database.sync;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// A row of each server in table `signalbox.marker`, replicated to the other one. Its counter rises
/// with each write; seen on the other side, it proves that everything that was committed before it
/// has arrived there. Writing it also keeps an idle slot from holding back the log.
public final class Marker {
  private static final String OBJECTS =
      """
      CREATE SCHEMA IF NOT EXISTS signalbox;
      CREATE TABLE IF NOT EXISTS signalbox.marker (
        writer text PRIMARY KEY,
        sequence bigint NOT NULL
      );
      CREATE TABLE IF NOT EXISTS signalbox.plane (
        key text PRIMARY KEY,
        value text NOT NULL
      );
      CREATE OR REPLACE FUNCTION signalbox.beat(expected bigint, colour text) RETURNS bigint
      LANGUAGE plpgsql AS $$
      DECLARE
        written bigint;
      BEGIN
        PERFORM signalbox.assert_epoch(expected);
        UPDATE signalbox.marker SET sequence = sequence + 1 WHERE writer = colour
          RETURNING sequence INTO written;
        RETURN written;
      END $$;
      """;

  private Marker() {}

  /// Creates what is missing.
  public static void createObjects(Handle h) throws SQLException {
    Verbatim.run(h, OBJECTS);
  }

  public static boolean installed(Handle h) {
    return h.select(
            """
            SELECT to_regclass('signalbox.marker') IS NOT NULL
              AND to_regclass('signalbox.plane') IS NOT NULL
              AND to_regprocedure('signalbox.beat(bigint,text)') IS NOT NULL
              AND to_regprocedure('signalbox.refuse_write()') IS NOT NULL
            """)
        .mapTo(boolean.class)
        .one();
  }

  /// Drops what [#createObjects] and the fence created, but not journal and lease.
  public static void dropObjects(Handle h) {
    h.execute("DROP FUNCTION IF EXISTS signalbox.beat(bigint, text)");
    h.execute("DROP TABLE IF EXISTS signalbox.marker");
  }

  /// Writes a new row for the server, as an INSERT, so that a side that does not have it gets it.
  public static void introduce(Handle h, Colour writer) {
    forget(h, writer);
    h.execute(
        """
        INSERT INTO signalbox.marker
        VALUES (?, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
        """,
        writer);
  }

  /// Forgets the row of a writer.
  public static void forget(Handle h, Colour writer) {
    h.execute("DELETE FROM signalbox.marker WHERE writer = ?", writer);
  }

  /// Writes the next number; in autocommit it is committed and flushed on return.
  ///
  /// @return the number; 0 when the row is missing
  public static long beat(Handle h, long epoch, Colour writer) {
    return number(h.select("SELECT signalbox.beat(?, ?)", epoch, writer));
  }

  /// The newest number of `writer` that this server has seen; 0 when none.
  public static long seen(Handle h, Colour writer) {
    return number(h.select("SELECT sequence FROM signalbox.marker WHERE writer = ?", writer));
  }

  private static long number(Query query) {
    return query.mapTo(long.class).findOne().orElse(0L);
  }
}
