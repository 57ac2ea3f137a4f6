package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What must be true of the two servers before a release begins, and what is good to know. Reads
/// only.
public final class Preflight {
  private static final int OLDEST = 16;

  private final Connection source;
  private final Connection target;
  private final Colour colour;
  private final List<String> schemas;
  private final List<Finding> findings = new ArrayList<>();

  private Preflight(Connection source, Connection target, Colour colour, List<String> schemas) {
    this.source = source;
    this.target = target;
    this.colour = colour;
    this.schemas = schemas;
  }

  /// @param colour of the source
  public static List<Finding> look(
      Connection source, Connection target, Colour colour, List<String> schemas)
      throws SQLException {
    Preflight preflight = new Preflight(source, target, colour, schemas);
    preflight.same();
    preflight.server(source, colour);
    preflight.server(target, colour.other());
    preflight.workers(source, colour);
    preflight.workers(target, colour.other());
    preflight.tables();
    preflight.objects();
    preflight.locale();
    return List.copyOf(preflight.findings);
  }

  private void block(String sentence) {
    findings.add(Finding.block(sentence));
  }

  private void warn(String sentence) {
    findings.add(Finding.warn(sentence));
  }

  private void same() throws SQLException {
    String identity =
        "SELECT system_identifier::text || ' ' || current_database() FROM pg_control_system()";
    if (Sql.text(source, identity).equals(Sql.text(target, identity))) {
      block("Blue and green are the same database; give each stack its own server.");
    }
  }

  private void server(Connection c, Colour which) throws SQLException {
    if (Sql.number(c, "SELECT current_setting('server_version_num')::int / 10000") < OLDEST) {
      block(
          which
              + " runs PostgreSQL "
              + Sql.text(c, "SHOW server_version")
              + "; replication both ways at once needs 16 or newer on both sides.");
    }
    if (!Sql.text(c, "SHOW wal_level").equals("logical")) {
      block(
          which
              + " has wal_level = "
              + Sql.text(c, "SHOW wal_level")
              + "; set wal_level = logical and restart it.");
    }
    if (Sql.truth(c, "SELECT pg_is_in_recovery()")) {
      block(which + " is a standby; name the primary.");
    }
    if (!Sql.truth(c, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
      block(
          "The console's role on "
              + which
              + " is no superuser; subscriptions and their passwords need one.");
    }
    if (Sql.text(c, "SHOW default_transaction_read_only").equals("on")) {
      block(which + " has default_transaction_read_only = on; the console cannot write there.");
    }
    if (Sql.truth(c, "SELECT EXISTS (SELECT FROM pg_prepared_xacts)")) {
      block(
          which
              + " holds a prepared transaction, "
              + Sql.text(c, "SELECT gid FROM pg_prepared_xacts ORDER BY prepared LIMIT 1")
              + ": slots cannot be created while it is open. Commit it or roll it back.");
    }
    if (Sql.number(
            c,
            "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync'," + " 'quorum')")
        > 0) {
      warn(which + " has a synchronous standby: each commit of the cutover waits for it.");
    }
    if (Sql.text(c, "SHOW max_slot_wal_keep_size").equals("-1")) {
      warn(
          which
              + " has no max_slot_wal_keep_size: while the other side is away, log is kept until"
              + " the disk is full.");
    }
  }

  private void workers(Connection c, Colour which) throws SQLException {
    left(c, which, "max_replication_slots", "SELECT count(*) FROM pg_replication_slots", 4);
    left(c, which, "max_wal_senders", "SELECT count(*) FROM pg_stat_replication", 4);
    left(
        c,
        which,
        "max_logical_replication_workers",
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%worker'",
        3);
  }

  private void left(Connection c, Colour which, String setting, String used, int needed)
      throws SQLException {
    long free =
        Sql.number(c, "SELECT current_setting('" + setting + "')::bigint") - Sql.number(c, used);
    if (free < needed) {
      block(
          which
              + " has "
              + free
              + " of "
              + setting
              + " left, "
              + needed
              + " are needed; raise it and restart.");
    }
  }

  private void tables() throws SQLException {
    List<Catalogue.Table> tables = Catalogue.tables(source, schemas);
    if (tables.isEmpty()) {
      block(
          colour
              + " has no table in "
              + String.join(", ", schemas)
              + "; look at 'schemas' in the file.");
    }
    for (Catalogue.Table table : tables) {
      if (table.unlogged()) {
        block(
            "Table "
                + table.name()
                + " of "
                + colour
                + " is UNLOGGED and cannot be replicated; SET LOGGED or drop it.");
      }
      if (table.partitioned()) {
        continue;
      }
      if (!table.identified()) {
        block(
            "Table "
                + table.name()
                + " of "
                + colour
                + " has no replica identity: once published, UPDATE and DELETE on it would fail. Add"
                + " a primary key, or ALTER TABLE … REPLICA IDENTITY FULL.");
      }
      if (table.identity().equals("f")) {
        warn("Table " + table.name() + " replicates whole rows (REPLICA IDENTITY FULL); slow.");
      }
    }
  }

  private void objects() throws SQLException {
    if (Sql.truth(source, "SELECT EXISTS (SELECT FROM pg_largeobject_metadata)")) {
      block(
          colour
              + " holds large objects, which are not replicated; move them into a bytea column.");
    }
    List<String> missing = new ArrayList<>();
    for (String extension :
        Sql.list(
            source,
            "SELECT extname FROM pg_extension ORDER BY 1",
            row -> Objects.requireNonNullElse(row.getString(1), ""))) {
      if (!Sql.truth(
          target,
          "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = ?)",
          extension)) {
        missing.add(extension);
      }
    }
    if (!missing.isEmpty()) {
      block(
          "Extensions "
              + String.join(", ", missing)
              + " of "
              + colour
              + " are not installed on "
              + colour.other()
              + "; install their packages there.");
    }
    List<String> foreign =
        Sql.list(
            source,
            "SELECT DISTINCT n.nspname FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class o ON o.oid ="
                + " k.conrelid JOIN pg_namespace m ON m.oid = o.relnamespace WHERE k.contype = 'f'"
                + " AND m.nspname = ANY (?) AND NOT n.nspname = ANY (?)",
            row -> row.getString(1),
            schemas,
            schemas);
    if (!foreign.isEmpty()) {
      block(
          "Foreign keys lead to schema "
              + String.join(", ", foreign)
              + ", which is not among 'schemas'; add it.");
    }
  }

  private void locale() throws SQLException {
    String sql =
        "SELECT pg_encoding_to_char(encoding) || ' ' || datlocprovider::text || ' ' || datcollate ||"
            + " ' ' || coalesce(datcollversion, '') FROM pg_database WHERE datname ="
            + " current_database()";
    String here = Sql.text(source, sql);
    String there = Sql.text(target, sql);
    if (!here.split(" ", -1)[0].equals(there.split(" ", -1)[0])) {
      block("The encodings differ: " + here + " and " + there + "; create the target anew.");
    } else if (!here.equals(there)) {
      warn(
          "The collations differ ("
              + here
              + " and "
              + there
              + "): text sorts differently, which is fine for replication.");
    }
  }
}
