package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Catalogue;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What must be true of the two servers before a release begins, and what is good to know. Reads
/// only.
public final class Preflight {
  private static final int OLDEST = 16;

  private final Handle source;
  private final Handle target;
  private final Colour colour;
  private final List<String> schemas;
  private final List<Finding> findings = new ArrayList<>();

  private Preflight(Handle source, Handle target, Colour colour, List<String> schemas) {
    this.source = source;
    this.target = target;
    this.colour = colour;
    this.schemas = schemas;
  }

  /// @param colour of the source
  public static List<Finding> look(
      Handle source, Handle target, Colour colour, List<String> schemas) {
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

  private void same() {
    String identity =
        "SELECT system_identifier::text || ' ' || current_database() FROM pg_control_system()";
    if (text(source, identity).equals(text(target, identity))) {
      block("Blue and green are the same database; give each stack its own server.");
    }
  }

  private void server(Handle h, Colour which) {
    if (number(h, "SELECT current_setting('server_version_num')::int / 10000") < OLDEST) {
      block(
          which
              + " runs PostgreSQL "
              + text(h, "SHOW server_version")
              + "; replication both ways at once needs 16 or newer on both sides.");
    }
    if (!text(h, "SHOW wal_level").equals("logical")) {
      block(
          which
              + " has wal_level = "
              + text(h, "SHOW wal_level")
              + "; set wal_level = logical and restart it.");
    }
    if (truth(h, "SELECT pg_is_in_recovery()")) {
      block(which + " is a standby; name the primary.");
    }
    if (!truth(h, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
      block(
          "The console's role on "
              + which
              + " is no superuser; subscriptions and their passwords need one.");
    }
    if (text(h, "SHOW default_transaction_read_only").equals("on")) {
      block(which + " has default_transaction_read_only = on; the console cannot write there.");
    }
    if (truth(h, "SELECT EXISTS (SELECT FROM pg_prepared_xacts)")) {
      block(
          which
              + " holds a prepared transaction, "
              + text(h, "SELECT gid FROM pg_prepared_xacts ORDER BY prepared LIMIT 1")
              + ": slots cannot be created while it is open. Commit it or roll it back.");
    }
    if (number(h, "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')")
        > 0) {
      warn(which + " has a synchronous standby: each commit of the cutover waits for it.");
    }
    if (text(h, "SHOW max_slot_wal_keep_size").equals("-1")) {
      warn(
          which
              + " has no max_slot_wal_keep_size: while the other side is away, log is kept until"
              + " the disk is full.");
    }
  }

  private void workers(Handle h, Colour which) {
    left(h, which, "max_replication_slots", "SELECT count(*) FROM pg_replication_slots", 4);
    left(h, which, "max_wal_senders", "SELECT count(*) FROM pg_stat_replication", 4);
    left(
        h,
        which,
        "max_logical_replication_workers",
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%worker'",
        3);
  }

  private void left(Handle h, Colour which, String setting, String used, int needed) {
    long free = number(h, "SELECT current_setting('" + setting + "')::bigint") - number(h, used);
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

  private void tables() {
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

  private void objects() {
    if (truth(source, "SELECT EXISTS (SELECT FROM pg_largeobject_metadata)")) {
      block(
          colour
              + " holds large objects, which are not replicated; move them into a bytea column.");
    }
    List<String> missing = new ArrayList<>();
    for (String extension :
        source.select("SELECT extname FROM pg_extension ORDER BY 1").mapTo(String.class)) {
      if (!truth(
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
        source
            .createQuery(
                """
                SELECT DISTINCT n.nspname FROM pg_constraint k
                  JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                  JOIN pg_class o ON o.oid = k.conrelid JOIN pg_namespace m ON m.oid = o.relnamespace
                WHERE k.contype = 'f' AND m.nspname = ANY (:schemas)
                  AND NOT n.nspname = ANY (:schemas)
                """)
            .bind("schemas", schemas)
            .mapTo(String.class)
            .list();
    if (!foreign.isEmpty()) {
      block(
          "Foreign keys lead to schema "
              + String.join(", ", foreign)
              + ", which is not among 'schemas'; add it.");
    }
  }

  private void locale() {
    String sql =
        "SELECT pg_encoding_to_char(encoding) || ' ' || datlocprovider::text || ' ' || datcollate ||"
            + " ' ' || coalesce(datcollversion, '') FROM pg_database WHERE datname ="
            + " current_database()";
    String here = text(source, sql);
    String there = text(target, sql);
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

  private static String text(Handle h, String sql) {
    return h.select(sql).mapTo(String.class).findOne().orElse("");
  }

  private static long number(Handle h, String sql) {
    return h.select(sql).mapTo(long.class).one();
  }

  private static boolean truth(Handle h, String sql, Object... values) {
    return h.select(sql, values).mapTo(boolean.class).one();
  }
}
