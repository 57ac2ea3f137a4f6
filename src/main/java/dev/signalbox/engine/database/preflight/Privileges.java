package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.ConfidentialStatement;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Schemas;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// What the console's role may do on one server, and the statements that are missing. A superuser
/// may do everything.
///
/// Managed services give no superuser, but roles such as `rds_superuser`: what cannot be read from
/// the catalogue there, the right to replicate, is tried.
final class Privileges {
  private static final String ROLE =
      """
      SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolcreaterole AS creates_roles,
        current_setting('server_version_num')::int / 10000 AS version,
        current_database() AS database
      FROM pg_roles r WHERE r.rolname = current_user
      """;

  /// Owners of what the service consists of, by whose rights the console must be able to act.
  private static final String OWNERS =
      """
      SELECT DISTINCT o.rolname FROM (
          SELECT c.relowner AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE
      """
          + Schemas.of("n")
          + """
               AND c.relkind IN ('r', 'p', 'S', 'v', 'm', 'f')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                  AND d.objid = c.oid AND d.deptype = 'e')
              UNION SELECT n.nspowner FROM pg_namespace n WHERE
          """
          + Schemas.of("n")
          + """
            ) x JOIN pg_roles o ON o.oid = x.owner
          WHERE o.rolname NOT LIKE 'pg\\_%' ORDER BY 1
          """;

  private final Handle h;
  private final Colour colour;
  private final Role role;
  private final List<Finding> findings = new ArrayList<>();

  private Privileges(Handle h, Colour colour) {
    this.h = h;
    this.colour = colour;
    this.role = h.createQuery(ROLE).mapTo(Role.class).one();
  }

  /// @param version major version of the server
  record Role(String name, boolean superuser, boolean createsRoles, int version, String database) {
    String quoted() {
      return Identifiers.quote(name);
    }
  }

  /// Of the side that the release copies from.
  static List<Finding> ofSource(Handle h, Colour colour, List<String> schemas) throws SQLException {
    Privileges privileges = new Privileges(h, colour);
    if (!privileges.role.superuser()) {
      privileges.everywhere();
      privileges.owners(owners(h, schemas));
    }
    return List.copyOf(privileges.findings);
  }

  /// Of the side that the release copies to.
  ///
  /// @param source the other server: its owners must exist or be made
  static List<Finding> ofTarget(Handle h, Colour colour, Handle source, List<String> schemas)
      throws SQLException {
    Privileges privileges = new Privileges(h, colour);
    if (!privileges.role.superuser()) {
      privileges.everywhere();
      Set<String> owners = new LinkedHashSet<>(owners(source, schemas));
      owners.addAll(owners(h, schemas));
      privileges.owners(privileges.present(owners));
      privileges.extensions(source);
    }
    return List.copyOf(privileges.findings);
  }

  private static List<String> owners(Handle h, List<String> schemas) {
    return h.createQuery(OWNERS).bind("schemas", schemas).mapTo(String.class).list();
  }

  private void everywhere() throws SQLException {
    if (role.version() < 16) {
      block(
          "subscribe: PostgreSQL " + role.version() + " lets only superusers create subscriptions",
          "ALTER ROLE " + role.quoted() + " SUPERUSER;");
      return;
    }
    if (!may("pg_has_role('pg_create_subscription', 'USAGE')")) {
      block("create subscriptions", "GRANT pg_create_subscription TO " + role.quoted() + ";");
    }
    database("CREATE", "create schema signalbox and publications");
    database("TEMPORARY", "hand over the password of a subscription so that no log shows it");
    if (!replicates()) {
      block(
          "create replication slots and let the other server read from them",
          "ALTER ROLE " + role.quoted() + " REPLICATION;");
    }
    if (!may("pg_has_role('pg_read_all_stats', 'USAGE')")) {
      block(
          "see other sessions, lag and the progress of replication",
          "GRANT pg_monitor TO " + role.quoted() + ";");
    }
    if (!may("has_function_privilege('pg_control_system()', 'EXECUTE')")) {
      block(
          "read which server this is",
          "GRANT EXECUTE ON FUNCTION pg_control_system() TO " + role.quoted() + ";");
    }
    if (!may("pg_has_role('pg_signal_backend', 'USAGE')")) {
      warn(
          "end sessions that are in the way of a cutover",
          "GRANT pg_signal_backend TO " + role.quoted() + ";");
    }
    for (String leak : ConfidentialStatement.leaks(h)) {
      block(
          "keep the password of a subscription out of the server's records: " + leak,
          "GRANT SET ON PARAMETER " + leak.split(" ", 2)[0] + " TO " + role.quoted() + ";");
    }
  }

  private void database(String privilege, String what) {
    if (!may("has_database_privilege(current_database(), '" + privilege + "')")) {
      block(
          what,
          "GRANT "
              + privilege
              + " ON DATABASE "
              + Identifiers.quote(role.database())
              + " TO "
              + role.quoted()
              + ";");
    }
  }

  /// By making a slot for an instant: the attribute REPLICATION is not the only way to that right.
  private boolean replicates() throws SQLException {
    try {
      return PostgresSession.on(
          h,
          k ->
              k.select(
                      """
                      SELECT pg_drop_replication_slot(slot_name) IS NOT NULL FROM
                        pg_create_physical_replication_slot('signalbox_' || pg_backend_pid(), false, true)
                      """)
                  .mapTo(boolean.class)
                  .one());
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return false;
      } else if ("53400".equals(e.getSQLState())) {
        // All slots are in use: it passed the check of the right, and the other check says the
        // rest.
        return true;
      }
      throw e;
    }
  }

  /// Those of these roles that exist here; the others are created, which is a right of its own.
  private List<String> present(Set<String> owners) {
    List<String> known =
        h.createQuery("SELECT rolname FROM pg_roles WHERE rolname = ANY (:names)")
            .bind("names", List.copyOf(owners))
            .mapTo(String.class)
            .list();
    List<String> missing = owners.stream().filter(owner -> !known.contains(owner)).toList();
    if (!missing.isEmpty() && !role.createsRoles()) {
      block(
          "create the role" + (missing.size() == 1 ? " " : "s ") + String.join(", ", missing),
          "ALTER ROLE " + role.quoted() + " CREATEROLE;");
    }
    return owners.stream().filter(known::contains).toList();
  }

  private void owners(List<String> owners) {
    List<String> foreign =
        owners.stream()
            .filter(owner -> !owner.equals(role.name()))
            .filter(owner ->
                !h.createQuery("SELECT pg_has_role(:owner, 'USAGE') AND pg_has_role(:owner, 'SET')")
                    .bind("owner", owner)
                    .mapTo(boolean.class)
                    .one())
            .toList();
    if (foreign.isEmpty()) {
      return;
    }
    block(
        "act as "
            + String.join(", ", foreign)
            + ", who own"
            + (foreign.size() == 1 ? "s" : "")
            + " tables of the service",
        "GRANT "
            + foreign.stream().map(Identifiers::quote).collect(Collectors.joining(", "))
            + " TO "
            + role.quoted()
            + " WITH INHERIT TRUE, SET TRUE;");
  }

  private void extensions(Handle source) {
    List<String> wanted =
        source
            .createQuery("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
            .mapTo(String.class)
            .list();
    List<String> untrusted =
        h.createQuery(
                """
                SELECT DISTINCT v.name FROM pg_available_extension_versions v
                WHERE v.name = ANY (:wanted) AND v.superuser AND NOT v.trusted
                  AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = v.name) ORDER BY 1
                """)
            .bind("wanted", wanted)
            .mapTo(String.class)
            .list();
    if (!untrusted.isEmpty()) {
      block(
          "create the extension"
              + (untrusted.size() == 1 ? " " : "s ")
              + String.join(", ", untrusted)
              + ", which only a superuser may",
          untrusted.stream()
              .map(name -> "CREATE EXTENSION " + Identifiers.quote(name) + ";")
              .collect(Collectors.joining(" ")));
    }
  }

  private boolean may(String question) {
    return h.select("SELECT " + question).mapTo(boolean.class).one();
  }

  private void block(String what, String sql) {
    findings.add(Finding.block(colour, cannot(what), sql));
  }

  private void warn(String what, String sql) {
    findings.add(Finding.warn(colour, cannot(what), sql));
  }

  private String cannot(String what) {
    return "The console's role " + role.name() + " may not " + what + ".";
  }
}
