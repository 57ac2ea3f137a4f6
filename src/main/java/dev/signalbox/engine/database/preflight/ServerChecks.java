package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Version, settings and room of one server.
final class ServerChecks {
  /// Major versions; older ones cannot replicate both ways at once.
  private static final int OLDEST = 16;

  /// The newest that this was tried with.
  private static final int NEWEST = 18;

  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int / 10000 AS major,
        current_setting('server_version') AS version, current_setting('wal_level') AS wal_level,
        pg_is_in_recovery() AS standby,
        current_setting('max_slot_wal_keep_size') = '-1' AS keeps_all_log,
        EXISTS (SELECT FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c
          WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND s.setrole = 0 AND c = 'default_transaction_read_only=on') AS read_only,
        EXISTS (SELECT FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))
          AS synchronous
      """;

  /// Slots wait for these, in whatever database they are.
  private static final String PREPARED =
      "SELECT gid, database FROM pg_prepared_xacts ORDER BY prepared LIMIT 20";

  /// Roles that could write past the fence: it is a trigger, and this setting switches triggers
  /// off.
  private static final String PAST_THE_FENCE =
      """
      SELECT r.rolname FROM pg_roles r
      WHERE r.rolcanlogin AND r.rolname <> current_user
        AND (has_parameter_privilege(r.rolname, 'session_replication_role', 'SET')
          AND NOT r.rolsuper
          OR r.rolsuper AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.usename = r.rolname
            AND a.datname = current_database() AND a.backend_type = 'client backend'))
      ORDER BY 1
      """;

  private final Handle h;
  private final Colour colour;
  private final List<Finding> findings = new ArrayList<>();

  private ServerChecks(Handle h, Colour colour) {
    this.h = h;
    this.colour = colour;
  }

  record Facts(
      int major,
      String version,
      String walLevel,
      boolean standby,
      boolean keepsAllLog,
      boolean readOnly,
      boolean synchronous) {}

  record Prepared(String gid, String database) {}

  static List<Finding> look(Handle h, Colour colour) {
    ServerChecks checks = new ServerChecks(h, colour);
    checks.server(h.createQuery(FACTS).mapTo(Facts.class).one());
    checks.prepared();
    checks.pastTheFence();
    checks.room();
    return List.copyOf(checks.findings);
  }

  private void block(String sentence, String remedy) {
    findings.add(Finding.block(colour, sentence, remedy));
  }

  private void warn(String sentence, String remedy) {
    findings.add(Finding.warn(colour, sentence, remedy));
  }

  private void server(Facts facts) {
    if (facts.major() < OLDEST) {
      block(
          colour
              + " runs PostgreSQL "
              + facts.version()
              + "; replication both ways at once needs "
              + OLDEST
              + " or newer on both sides.",
          "");
    } else if (facts.major() > NEWEST) {
      block(
          colour
              + " runs PostgreSQL "
              + facts.version()
              + "; this version of Signalbox was tried with "
              + OLDEST
              + " to "
              + NEWEST
              + ".",
          "");
    }
    if (!facts.walLevel().equals("logical")) {
      block(
          colour
              + " has wal_level = "
              + facts.walLevel()
              + ". Set it to logical (a managed service has it in its parameter group) and restart"
              + " the server, or:",
          "ALTER SYSTEM SET wal_level = 'logical';");
    }
    if (facts.standby()) {
      block(colour + " is a standby; name the primary.", "");
    }
    if (facts.readOnly()) {
      warn(
          colour
              + " has default_transaction_read_only = on for this database: applications cannot"
              + " write there.",
          "");
    }
    if (facts.synchronous()) {
      warn(colour + " has a synchronous standby: each commit of the cutover waits for it.", "");
    }
    if (facts.keepsAllLog()) {
      warn(
          colour
              + " has no max_slot_wal_keep_size: while the other side is away, log is kept until"
              + " the disk is full.",
          "");
    }
  }

  private void prepared() {
    List<Prepared> open = h.createQuery(PREPARED).mapTo(Prepared.class).list();
    if (!open.isEmpty()) {
      block(
          colour
              + " holds "
              + (open.size() == 1 ? "a prepared transaction" : "prepared transactions")
              + ", "
              + open.stream()
                  .map(p -> p.gid() + " in database " + p.database())
                  .collect(Collectors.joining(", "))
              + ": slots cannot be created while one is open. Commit it, or in its database:",
          open.stream()
              .map(p -> "ROLLBACK PREPARED " + Identifiers.literal(p.gid()).strip() + ";")
              .collect(Collectors.joining(" ")));
    }
  }

  private void pastTheFence() {
    List<String> roles = h.createQuery(PAST_THE_FENCE).mapTo(String.class).list();
    if (!roles.isEmpty()) {
      warn(
          String.join(", ", roles)
              + " on "
              + colour
              + " may set session_replication_role, and with 'replica' write past the fence. No"
              + " application should connect with such a role.",
          "");
    }
  }

  private void room() {
    left("max_replication_slots", "SELECT count(*) FROM pg_replication_slots", 4);
    left("max_wal_senders", "SELECT count(*) FROM pg_stat_replication", 4);
    left(
        "max_logical_replication_workers",
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%worker'",
        3);
  }

  private void left(String setting, String used, int needed) {
    long all = h.select("SELECT current_setting(?)::bigint", setting).mapTo(long.class).one();
    long free = all - h.select(used).mapTo(long.class).one();
    if (free < needed) {
      block(
          colour
              + " has "
              + free
              + " of "
              + setting
              + " left, "
              + needed
              + " are needed. Raise it and restart the server, or:",
          "ALTER SYSTEM SET " + setting + " = " + (all + needed - free) + ";");
    }
  }
}
