package dev.signalbox.engine.postgres;

import dev.signalbox.engine.DatabaseView.TableName;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The fence: a trigger `signalbox_fence` on every table of the service that refuses writes with
/// SQLSTATE 25006.
///
/// Enabling it takes SHARE ROW EXCLUSIVE on the table: it waits for writers in flight and lets no
/// new one in, but lets readers pass. So the transaction that enables it is the barrier at the same
/// time, and rolling it back is the undo. Prepared statements, REPEATABLE READ transactions and
/// superusers meet it too: triggers are looked up when the lock is given. It does not fire when
/// replication applies changes; a superuser who sets `session_replication_role = replica` also
/// passes it.
public final class Fence {
  public static final String TRIGGER = "signalbox_fence";

  private static final String FUNCTION =
      """
      CREATE OR REPLACE FUNCTION signalbox.refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'this database is fenced: writes go to the other one'
          USING ERRCODE = '25006', HINT = 'Signalbox moved the service; read the database file again.';
      END $$
      """;

  public static final long LOCK_KEY = 3776402711583054129L;

  /// Taken by every transaction that changes the fence of this database, until it has ended: also
  /// while its COMMIT hangs, in a disk or waiting for a standby, and nobody hears of it any more.
  /// Who holds this lock reads what the fence is and stays, as nothing can commit behind his look.
  /// Applications do not meet it.
  public static final String LOCK = "SELECT pg_advisory_xact_lock(" + Fence.LOCK_KEY + ")";

  private static final String LOCK_FIRST = LOCK + "; ";

  private Fence() {}

  /// What the triggers of all tables together say.
  public enum State {
    /// There is no table to write to.
    NO_TABLES,
    /// Writes pass on every table.
    OPEN,
    /// Writes are refused on every table.
    CLOSED,
    /// Some tables refuse, some do not.
    MIXED
  }

  public static State state(List<Catalogue.Table> tables) {
    long closed = tables.stream().filter(Fence::closed).count();
    if (tables.isEmpty()) {
      return State.NO_TABLES;
    }
    return closed == 0 ? State.OPEN : closed == tables.size() ? State.CLOSED : State.MIXED;
  }

  private static boolean closed(Catalogue.Table table) {
    return table.fence().equals("O") || table.fence().equals("A");
  }

  public static void createFunction(Handle h) throws SQLException {
    Verbatim.run(h, FUNCTION);
  }

  /// Creates the trigger where it is missing, in the state asked for; a trigger that is there is
  /// left as it is. In one transaction the trigger is never seen in another state.
  public static String install(TableName table, boolean closed) {
    String name = Identifiers.quote(table);
    return LOCK_FIRST
        + "CREATE TRIGGER "
        + TRIGGER
        + " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "
        + name
        + " FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse_write()"
        + (closed ? "" : "; ALTER TABLE " + name + " DISABLE TRIGGER " + TRIGGER);
  }

  public static String remove(TableName table) {
    return LOCK_FIRST + "DROP TRIGGER IF EXISTS " + TRIGGER + " ON " + Identifiers.quote(table);
  }

  /// Statements that close or open all tables. The LOCK comes first: a lock that is not given then
  /// costs nothing that was done.
  public static String change(List<TableName> tables, boolean close) {
    if (tables.isEmpty()) {
      return "SELECT 1";
    }
    StringBuilder sql =
        new StringBuilder(LOCK_FIRST)
            .append("LOCK TABLE ")
            .append(Identifiers.list(tables))
            .append(" IN SHARE ROW EXCLUSIVE MODE");
    for (TableName table : tables) {
      sql.append("; ALTER TABLE ")
          .append(Identifiers.quote(table))
          .append(close ? " ENABLE TRIGGER " : " DISABLE TRIGGER ")
          .append(TRIGGER);
    }
    return sql.toString();
  }
}
