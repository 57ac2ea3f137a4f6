package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.database.migration.ScriptException;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.engine.postgres.Schemas;
import dev.signalbox.engine.postgres.Verbatim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Creates on one server what the service has on the other, in two parts: before the rows are
/// copied what they are stored in with its keys, and the rest when they are there.
///
/// An installed `pg_dump` that fits both servers carries everything. Without one the catalogue is
/// asked: it gives schemas, extensions, enums, domains, composite types, sequences, functions,
/// tables, partitions, views, constraints, indexes, foreign keys, triggers, row security, comments,
/// owners and grants; what else is there is named by [#uncarried].
public final class SchemaCarrier {
  private static final String UNCARRIED =
      """
      WITH service AS (SELECT n.oid FROM pg_namespace n WHERE
      """
          + Schemas.of("n")
          + """
          ), refused (kind, class, object) AS (
            SELECT '', 'pg_class'::regclass, c.oid FROM pg_class c JOIN service s ON s.oid = c.relnamespace
              WHERE c.relkind IN ('m', 'f')
            UNION ALL SELECT 'inheriting ', 'pg_class'::regclass, c.oid
              FROM pg_class c JOIN service s ON s.oid = c.relnamespace
              WHERE c.relkind = 'r' AND NOT c.relispartition AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
            UNION ALL SELECT 'typed ', 'pg_class'::regclass, c.oid
              FROM pg_class c JOIN service s ON s.oid = c.relnamespace WHERE c.reloftype <> 0
            UNION ALL SELECT '', 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
              JOIN service s ON s.oid = c.relnamespace WHERE r.rulename <> '_RETURN'
            UNION ALL SELECT CASE p.prokind WHEN 'w' THEN 'window ' ELSE '' END, 'pg_proc'::regclass, p.oid
              FROM pg_proc p JOIN service s ON s.oid = p.pronamespace WHERE p.prokind NOT IN ('f', 'p')
            UNION ALL SELECT CASE t.typtype WHEN 'r' THEN 'range ' ELSE 'base ' END, 'pg_type'::regclass, t.oid
              FROM pg_type t JOIN service s ON s.oid = t.typnamespace WHERE t.typtype IN ('b', 'r') AND t.typelem = 0
            UNION ALL SELECT '', 'pg_operator'::regclass, x.oid FROM pg_operator x JOIN service s ON s.oid = x.oprnamespace
            UNION ALL SELECT '', 'pg_opclass'::regclass, x.oid FROM pg_opclass x JOIN service s ON s.oid = x.opcnamespace
            UNION ALL SELECT '', 'pg_opfamily'::regclass, x.oid FROM pg_opfamily x JOIN service s ON s.oid = x.opfnamespace
            UNION ALL SELECT '', 'pg_collation'::regclass, x.oid FROM pg_collation x JOIN service s ON s.oid = x.collnamespace
            UNION ALL SELECT '', 'pg_conversion'::regclass, x.oid
              FROM pg_conversion x JOIN service s ON s.oid = x.connamespace
            UNION ALL SELECT '', 'pg_ts_config'::regclass, x.oid FROM pg_ts_config x JOIN service s ON s.oid = x.cfgnamespace
            UNION ALL SELECT '', 'pg_ts_dict'::regclass, x.oid FROM pg_ts_dict x JOIN service s ON s.oid = x.dictnamespace
            UNION ALL SELECT '', 'pg_ts_parser'::regclass, x.oid FROM pg_ts_parser x JOIN service s ON s.oid = x.prsnamespace
            UNION ALL SELECT '', 'pg_ts_template'::regclass, x.oid
              FROM pg_ts_template x JOIN service s ON s.oid = x.tmplnamespace
            UNION ALL SELECT '', 'pg_statistic_ext'::regclass, x.oid
              FROM pg_statistic_ext x JOIN service s ON s.oid = x.stxnamespace
            UNION ALL SELECT '', 'pg_cast'::regclass, x.oid FROM pg_cast x WHERE x.oid >= 16384
            UNION ALL SELECT '', 'pg_language'::regclass, x.oid FROM pg_language x WHERE x.oid >= 16384
            UNION ALL SELECT '', 'pg_transform'::regclass, x.oid FROM pg_transform x
            UNION ALL SELECT '', 'pg_am'::regclass, x.oid FROM pg_am x WHERE x.oid >= 16384
            UNION ALL SELECT '', 'pg_foreign_data_wrapper'::regclass, x.oid FROM pg_foreign_data_wrapper x
            UNION ALL SELECT '', 'pg_foreign_server'::regclass, x.oid FROM pg_foreign_server x
            UNION ALL SELECT '', 'pg_event_trigger'::regclass, x.oid FROM pg_event_trigger x
          )
          SELECT DISTINCT r.kind || i.type || ' ' || i.identity FROM refused r
            CROSS JOIN LATERAL pg_identify_object(r.class, r.object, 0) i
          WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = r.class AND d.objid = r.object
            AND d.deptype IN ('e', 'i'))
          ORDER BY 1
          """;

  /// Relations first: most of the rest belongs to them and goes with them.
  private static final String DROP =
      """
      SELECT format('DROP %s IF EXISTS %s CASCADE', CASE i.type WHEN 'composite type' THEN 'TYPE'
          WHEN 'statistics object' THEN 'STATISTICS' ELSE upper(i.type) END, i.identity)
      FROM pg_namespace n JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
      WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
          AND e.deptype IN ('e', 'i'))
        AND d.classid <> 'pg_default_acl'::regclass AND i.type NOT IN ('index', 'partitioned index') AND
      """
          + Schemas.of("n")
          + " ORDER BY d.classid <> 'pg_class'::regclass, i.type <> 'table', 1";

  /// Owners who may not create anything in the schema of what they own, or, with an empty schema,
  /// no schema: PostgreSQL gives an object only to a role that could have created it.
  private static final String LET_OWN =
      """
      WITH service AS (SELECT n.oid, n.nspname, n.nspowner FROM pg_namespace n WHERE
      """
          + Schemas.of("n")
          + """
          ), owned AS (
            SELECT relnamespace AS namespace, relowner AS owner FROM pg_class
            UNION SELECT pronamespace, proowner FROM pg_proc
            UNION SELECT typnamespace, typowner FROM pg_type
          )
          SELECT s.nspname AS schema, r.rolname AS role FROM owned o
            JOIN service s ON s.oid = o.namespace JOIN pg_roles r ON r.oid = o.owner
          WHERE NOT has_schema_privilege(r.oid, s.oid, 'CREATE')
          UNION SELECT '', r.rolname FROM service s JOIN pg_roles r ON r.oid = s.nspowner
          WHERE NOT has_database_privilege(r.oid, current_database(), 'CREATE')
          ORDER BY 1, 2
          """;

  private static final Duration DUMP = Duration.ofMinutes(4);
  private static final String CARRIED = "carried";

  private SchemaCarrier() {}

  /// What was done, and what is left.
  ///
  /// @param statements that were run
  /// @param by what read the schema, such as `pg_dump 18`
  /// @param refused statements about roles that the console's role may not run, to copy
  /// @param later statements for [SchemaCompletion]
  public record Carried(int statements, String by, List<String> refused, List<String> later) {}

  record Owner(String schema, String role) {
    String quoted() {
      return Identifiers.quote(role);
    }

    String privilege(String database) {
      return "CREATE ON "
          + (schema.isEmpty()
              ? "DATABASE " + Identifiers.quote(database)
              : "SCHEMA " + Identifiers.quote(schema));
    }
  }

  /// Kind and name of everything that [#carry] cannot carry, sorted; empty when `pg_dump` carries
  /// it.
  public static List<String> uncarried(Handle source, Handle target, List<String> schemas) {
    return program(source, target).isPresent()
        ? List.of()
        : source.createQuery(UNCARRIED).bind("schemas", schemas).mapTo(String.class).list();
  }

  private static Optional<PgDump> program(Handle source, Handle target) {
    return PgDump.find(major(source), major(target));
  }

  /// Major version of a server.
  public static int major(Handle h) {
    return h.select("SELECT current_setting('server_version_num')::int / 10000")
        .mapTo(int.class)
        .one();
  }

  /// Creates the first part in the transaction that is open on `target`. Roles that are missing
  /// there are created without a password.
  ///
  /// @param at where `source` is connected to
  /// @throws SQLException when a statement fails whatever the order; its text is in the message
  public static Carried carry(Handle source, Coordinates at, Handle target, List<String> schemas)
      throws SQLException {
    Optional<PgDump> program = program(source, target);
    SchemaScript script = read(source, at, program.orElse(null), schemas);
    Roles.Carried roles = Roles.carry(source, target, schemas);
    Verbatim.run(target, "SET LOCAL check_function_bodies = off; SET LOCAL search_path = ''");
    List<Owner> owners =
        source.createQuery(LET_OWN).bind("schemas", schemas).mapTo(Owner.class).list();
    String database = target.select("SELECT current_database()").mapTo(String.class).one();
    for (Owner owner : owners) {
      if (owner.schema().isEmpty()) {
        Verbatim.run(target, "GRANT " + owner.privilege(database) + " TO " + owner.quoted());
      }
    }
    create(target, script.schemas());
    for (Owner owner : owners) {
      if (!owner.schema().isEmpty()) {
        Verbatim.run(target, "GRANT " + owner.privilege(database) + " TO " + owner.quoted());
      }
    }
    int done = roles.statements() + script.schemas().size();
    for (List<String> stage : script.first()) {
      done += stage.size();
      create(target, stage);
    }
    for (Owner owner : owners) {
      Verbatim.run(target, "REVOKE " + owner.privilege(database) + " FROM " + owner.quoted());
    }
    Verbatim.run(target, "RESET search_path; RESET check_function_bodies");
    return new Carried(
        done,
        program.map(found -> "pg_dump " + found.major()).orElse("the catalogue"),
        roles.refused(),
        script.afterwards());
  }

  private static SchemaScript read(
      Handle source, Coordinates at, @Nullable PgDump program, List<String> schemas)
      throws SQLException {
    if (program == null) {
      return CatalogueSchema.read(source, schemas);
    }
    try {
      return DumpedSchema.of(program.read(at, schemas, DUMP), source);
    } catch (IOException | ScriptException e) {
      throw new SQLException("The schema could not be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Reading the schema was interrupted.", e);
    }
  }

  /// The schemas of the service that are there.
  private static List<String> names(Handle h, List<String> schemas) {
    return h.createQuery(
            "SELECT n.nspname FROM pg_namespace n WHERE " + Schemas.of("n") + " ORDER BY 1")
        .bind("schemas", schemas)
        .mapTo(String.class)
        .list();
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
    return CatalogueSchema.read(h, schemas).all();
  }

  /// Drops everything that the service has there, and its schemas but `public`. What extensions
  /// made stays.
  public static void drop(Handle target, List<String> schemas) throws SQLException {
    for (String statement :
        target.createQuery(DROP).bind("schemas", schemas).mapTo(String.class).list()) {
      Verbatim.run(target, statement);
    }
    for (String name : names(target, schemas)) {
      boolean empty =
          target
              .createQuery(
                  "SELECT NOT EXISTS (SELECT FROM pg_depend WHERE refclassid ="
                      + " 'pg_namespace'::regclass AND refobjid = CAST(:schema AS regnamespace))")
              .bind("schema", Identifiers.quote(name))
              .mapTo(boolean.class)
              .one();
      if (empty && !name.equals("public")) {
        Verbatim.run(target, "DROP SCHEMA " + Identifiers.quote(name));
      }
    }
  }
}
