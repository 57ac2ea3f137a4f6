package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Verbatim;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Creates on one server what the service has on the other: schemas, extensions, enums, domains,
/// composite types, sequences, functions, tables, views, constraints, indexes, foreign keys,
/// triggers, comments, owners and grants. Nothing outside the two servers is needed; what cannot be
/// carried is named by [#uncarried], and the release then asks for the other server to be prepared
/// by hand.
public final class SchemaCarrier {
  private static final String UNCARRIED =
      """
      WITH service AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY (:schemas)), refused AS (
        SELECT s.nspname, c.relname AS name, CASE c.relkind WHEN 'p' THEN 'partitioned table'
          WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind, 'pg_class'::regclass AS class, c.oid
        FROM pg_class c JOIN service s ON s.oid = c.relnamespace WHERE c.relkind IN ('p', 'm', 'f')
        UNION ALL SELECT s.nspname, c.relname, 'inheriting table', 'pg_class'::regclass, c.oid
          FROM pg_class c JOIN service s ON s.oid = c.relnamespace
          WHERE c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
        UNION ALL SELECT s.nspname, c.relname, 'typed table', 'pg_class'::regclass, c.oid
          FROM pg_class c JOIN service s ON s.oid = c.relnamespace WHERE c.reloftype <> 0
        UNION ALL SELECT s.nspname, c.relname, 'table with row security', 'pg_class'::regclass, c.oid
          FROM pg_class c JOIN service s ON s.oid = c.relnamespace WHERE c.relrowsecurity OR c.relforcerowsecurity
          OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
        UNION ALL SELECT s.nspname, c.relname || '.' || r.rulename, 'rule', 'pg_class'::regclass, c.oid
          FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN service s ON s.oid = c.relnamespace
          WHERE r.rulename <> '_RETURN'
        UNION ALL SELECT s.nspname, p.proname, CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'window function' END,
          'pg_proc'::regclass, p.oid
          FROM pg_proc p JOIN service s ON s.oid = p.pronamespace WHERE p.prokind NOT IN ('f', 'p')
        UNION ALL SELECT s.nspname, t.typname, 'base or range type', 'pg_type'::regclass, t.oid
          FROM pg_type t JOIN service s ON s.oid = t.typnamespace
          WHERE t.typtype IN ('b', 'r') AND t.typelem = 0
        UNION ALL SELECT s.nspname, o.oprname, 'operator', 'pg_operator'::regclass, o.oid
          FROM pg_operator o JOIN service s ON s.oid = o.oprnamespace
        UNION ALL SELECT s.nspname, l.collname, 'collation', 'pg_collation'::regclass, l.oid
          FROM pg_collation l JOIN service s ON s.oid = l.collnamespace
        UNION ALL SELECT s.nspname, g.cfgname, 'text search configuration', 'pg_ts_config'::regclass, g.oid
          FROM pg_ts_config g JOIN service s ON s.oid = g.cfgnamespace
        UNION ALL SELECT s.nspname, x.stxname, 'extended statistics', 'pg_statistic_ext'::regclass, x.oid
          FROM pg_statistic_ext x JOIN service s ON s.oid = x.stxnamespace
      )
      SELECT kind || ' ' || nspname || '.' || name FROM refused r
      WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = r.class AND d.objid = r.oid AND d.deptype = 'e')
      UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
      ORDER BY 1
      """;

  private static final String CARRIED = "carried";

  private SchemaCarrier() {}

  /// Kind and name of everything that [#carry] cannot carry, sorted.
  public static List<String> uncarried(Handle source, List<String> schemas) {
    return source.createQuery(UNCARRIED).bind("schemas", schemas).mapTo(String.class).list();
  }

  /// Creates everything in the transaction that is open on `target`. Roles that are missing there
  /// are created without a password.
  ///
  /// @return how many statements it took
  /// @throws SQLException when a statement fails whatever the order; its text is in the message
  public static int carry(Handle source, Handle target, List<String> schemas) throws SQLException {
    int done = createRoles(source, target, schemas);
    Verbatim.run(target, "SET LOCAL check_function_bodies = off; SET LOCAL search_path = ''");
    for (List<String> stage : SchemaReader.read(source, schemas)) {
      done += stage.size();
      create(target, stage);
    }
    return done;
  }

  private static int createRoles(Handle source, Handle target, List<String> schemas) {
    List<String> there = target.select("SELECT rolname FROM pg_roles").mapTo(String.class).list();
    List<String> missing =
        source
            .createQuery(Ownership.ROLES)
            .bind("schemas", schemas)
            .bind("there", there)
            .mapTo(String.class)
            .list();
    for (String role : missing) {
      target.execute("CREATE ROLE " + role);
    }
    return missing.size();
  }

  /// Statements of one stage may depend on each other: those that fail are tried again after the
  /// others, until none is left or nothing helps.
  private static void create(Handle target, List<String> stage) throws SQLException {
    List<String> left = stage;
    while (!left.isEmpty()) {
      List<String> failed = new ArrayList<>();
      SQLException why = null;
      for (String statement : left) {
        target.savepoint(CARRIED);
        try {
          Verbatim.run(target, statement);
          target.releaseSavepoint(CARRIED);
        } catch (SQLException e) {
          if (target.getConnection().isClosed()) {
            throw e;
          }
          target.rollbackToSavepoint(CARRIED);
          failed.add(statement);
          why = e;
        }
      }
      if (why != null && failed.size() == left.size()) {
        throw new SQLException(
            "The schema could not be carried over: '"
                + failed.getLast()
                + "' failed: "
                + why.getMessage(),
            why.getSQLState(),
            why);
      }
      left = failed;
    }
  }

  /// What the two schemas do not have in common: `-` only in the first, `+` only in the second.
  public static List<String> differences(Handle a, Handle b, List<String> schemas) {
    List<String> first = flat(a, schemas);
    List<String> second = flat(b, schemas);
    List<String> differences = new ArrayList<>();
    first.stream().filter(s -> !second.contains(s)).forEach(s -> differences.add("- " + s));
    second.stream().filter(s -> !first.contains(s)).forEach(s -> differences.add("+ " + s));
    return differences;
  }

  /// SHA-256 over everything that would be carried; two equal schemas have equal digests.
  public static String digest(Handle h, List<String> schemas) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String statement : flat(h, schemas)) {
        sha.update(statement.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> flat(Handle h, List<String> schemas) {
    return SchemaReader.read(h, schemas).stream().flatMap(List::stream).toList();
  }

  /// Drops the schemas and everything in them; `public` is emptied and stays.
  public static void drop(Handle target, List<String> schemas) throws SQLException {
    for (String schema : schemas) {
      target.execute("DROP SCHEMA IF EXISTS " + Identifiers.quote(schema) + " CASCADE");
      if (schema.equals("public")) {
        Verbatim.run(
            target,
            "CREATE SCHEMA public; ALTER SCHEMA public OWNER TO pg_database_owner;"
                + " GRANT USAGE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard"
                + " public schema'");
      }
    }
  }
}
