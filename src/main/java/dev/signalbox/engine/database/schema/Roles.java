package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Schemas;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The roles that a schema needs on another server: owners, whoever was granted something, and who
/// is a member of those. What is there already stays as it is.
///
/// Passwords are not carried: only superusers can read them.
final class Roles {
  /// Each role that the schema names, what it is a member of, and its members.
  private static final String USED =
      """
      WITH RECURSIVE service AS (SELECT n.oid, n.nspowner, n.nspacl FROM pg_namespace n WHERE
      """
          + Schemas.of("n")
          + """
          ), named AS (
            SELECT nspowner AS role FROM service
            UNION SELECT a.grantee FROM service s CROSS JOIN LATERAL aclexplode(s.nspacl) a
            UNION SELECT c.relowner FROM pg_class c JOIN service s ON s.oid = c.relnamespace
            UNION SELECT a.grantee FROM pg_class c JOIN service s ON s.oid = c.relnamespace
              CROSS JOIN LATERAL aclexplode(c.relacl) a
            UNION SELECT a.grantee FROM pg_class c JOIN service s ON s.oid = c.relnamespace
              JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) a
            UNION SELECT r.role FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
              JOIN service s ON s.oid = c.relnamespace CROSS JOIN LATERAL unnest(p.polroles) r (role)
            UNION SELECT p.proowner FROM pg_proc p JOIN service s ON s.oid = p.pronamespace
            UNION SELECT a.grantee FROM pg_proc p JOIN service s ON s.oid = p.pronamespace
              CROSS JOIN LATERAL aclexplode(p.proacl) a
            UNION SELECT t.typowner FROM pg_type t JOIN service s ON s.oid = t.typnamespace
            UNION SELECT a.grantee FROM pg_type t JOIN service s ON s.oid = t.typnamespace
              CROSS JOIN LATERAL aclexplode(t.typacl) a
            UNION SELECT d.defaclrole FROM pg_default_acl d
            UNION SELECT a.grantee FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a
            UNION SELECT a.grantee FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
              WHERE d.datname = current_database()
          ), used AS (
            SELECT role FROM named
            UNION SELECT CASE u.role WHEN m.member THEN m.roleid ELSE m.member END
              FROM used u JOIN pg_auth_members m ON u.role = m.member
                OR (u.role = m.roleid AND NOT (SELECT r.rolsuper OR r.rolname LIKE 'pg\\_%' FROM pg_roles r
                  WHERE r.oid = m.roleid))
          )
          """;

  private static final String CREATE =
      USED
          + """
          SELECT r.rolname AS name, format('CREATE ROLE %I%s%s%s%s', r.rolname,
            CASE WHEN r.rolcanlogin THEN ' LOGIN' ELSE '' END,
            CASE WHEN r.rolinherit THEN '' ELSE ' NOINHERIT' END,
            CASE WHEN r.rolconnlimit >= 0 THEN ' CONNECTION LIMIT ' || r.rolconnlimit ELSE '' END,
            coalesce(' VALID UNTIL ' || quote_literal(r.rolvaliduntil), '')) AS statement,
            concat(CASE WHEN r.rolsuper THEN ' SUPERUSER' END, CASE WHEN r.rolcreatedb THEN ' CREATEDB' END,
              CASE WHEN r.rolcreaterole THEN ' CREATEROLE' END, CASE WHEN r.rolreplication THEN ' REPLICATION' END,
              CASE WHEN r.rolbypassrls THEN ' BYPASSRLS' END) AS attributes
          FROM pg_roles r WHERE r.oid IN (SELECT role FROM used) AND r.rolname !~ '^pg_' ORDER BY 1
          """;

  private static final String MEMBERS =
      USED
          + """
          SELECT format('GRANT %I TO %I%s', g.rolname, m.rolname,
            CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END)
          FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
          WHERE a.member IN (SELECT role FROM used) AND m.rolname = ANY (:made) ORDER BY 1
          """;

  /// Of the database, of roles in it, and of the roles that were made.
  private static final String SETTINGS =
      USED
          + """
          SELECT format('ALTER %s SET %I TO %s', CASE
              WHEN s.setrole = 0 THEN format('DATABASE %I', :database)
              WHEN s.setdatabase = 0 THEN format('ROLE %I', r.rolname)
              ELSE format('ROLE %I IN DATABASE %I', r.rolname, :database) END,
            split_part(c, '=', 1), CASE WHEN split_part(c, '=', 1) IN ('search_path', 'temp_tablespaces',
              'local_preload_libraries', 'session_preload_libraries') THEN substr(c, strpos(c, '=') + 1)
              ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END)
          FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) c
          WHERE (s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (s.setrole = 0 OR s.setrole IN (SELECT role FROM used))
            OR s.setdatabase = 0 AND r.rolname = ANY (:made))
            AND split_part(c, '=', 1) <> 'default_transaction_read_only'
          ORDER BY 1
          """;

  private static final String DATABASE_GRANTS =
      """
      SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, :database,
        CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
      WHERE d.datname = current_database() AND a.grantee <> d.datdba ORDER BY 1
      """;

  /// So that the console's role may give away and change what it creates.
  private static final String JOIN =
      """
      SELECT format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', :role, current_user)
      WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      """;

  private static final String SAVEPOINT = "role";

  private final Handle source;
  private final Handle target;
  private final List<String> schemas;
  private final List<String> refused = new ArrayList<>();
  private int done;

  private Roles(Handle source, Handle target, List<String> schemas) {
    this.source = source;
    this.target = target;
    this.schemas = schemas;
  }

  record Role(String name, String statement, String attributes) {}

  /// @param refused statements that the console's role may not run on the target, to copy
  record Carried(int statements, List<String> refused) {}

  /// In the transaction that is open on `target`.
  static Carried carry(Handle source, Handle target, List<String> schemas) throws SQLException {
    Roles roles = new Roles(source, target, schemas);
    roles.all();
    return new Carried(roles.done, List.copyOf(roles.refused));
  }

  private void all() throws SQLException {
    List<String> there = target.select("SELECT rolname FROM pg_roles").mapTo(String.class).list();
    List<String> made = new ArrayList<>();
    for (Role role : source.createQuery(CREATE).bind("schemas", schemas).mapTo(Role.class).list()) {
      if (there.contains(role.name())) {
        continue;
      }
      run(role.statement());
      for (String join : target.createQuery(JOIN).bind("role", role.name()).mapTo(String.class)) {
        run(join);
      }
      if (!role.attributes().isEmpty()) {
        attempt("ALTER ROLE " + quoted(role.name()) + role.attributes());
      }
      made.add(role.name());
    }
    String database = target.select("SELECT current_database()").mapTo(String.class).one();
    for (String query : List.of(MEMBERS, SETTINGS)) {
      attemptAll(
          source
              .createQuery(query)
              .bind("schemas", schemas)
              .bind("made", made)
              .bind("database", database)
              .mapTo(String.class)
              .list());
    }
    attemptAll(
        source.createQuery(DATABASE_GRANTS).bind("database", database).mapTo(String.class).list());
  }

  private static String quoted(String name) {
    return dev.signalbox.engine.postgres.Identifiers.quote(name);
  }

  private void run(String statement) throws SQLException {
    Verbatim.run(target, statement);
    done++;
  }

  private void attemptAll(List<String> statements) throws SQLException {
    for (String statement : statements) {
      attempt(statement);
    }
  }

  /// What the console's role may not do is said, and can be done by somebody else.
  private void attempt(String statement) throws SQLException {
    target.savepoint(SAVEPOINT);
    try {
      PostgresSession.on(
          target,
          h -> {
            run(statement);
            return true;
          });
      target.releaseSavepoint(SAVEPOINT);
    } catch (SQLException e) {
      if (target.getConnection().isClosed()) {
        throw e;
      }
      target.rollbackToSavepoint(SAVEPOINT);
      // A setting may hold what nobody else should read.
      refused.add(statement.replaceFirst("(?s)( SET \\S+ TO ).*", "$1…") + ";");
    }
  }
}
