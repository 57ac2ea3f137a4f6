package dev.signalbox.engine.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;

/// Runs a statement that carries a secret, such as the connection of a subscription, so that the
/// server writes the secret to no log, whoever is allowed to switch logs off: it goes there as the
/// data of a COPY, which is never logged, and the statement is put together on the server.
///
/// What looks into such a statement all the same is told not to, where the role may do that; where
/// it may not, [#leaks] names it.
public final class ConfidentialStatement {
  private static final String QUIET =
      """
      SELECT set_config(name, value, true) FROM (VALUES ('log_statement', 'none'),
        ('log_min_error_statement', 'panic'), ('log_min_duration_statement', '-1'),
        ('log_min_duration_sample', '-1'), ('log_transaction_sample_rate', '0'),
        ('pgaudit.log', 'none'), ('pg_stat_statements.track_utility', 'off'),
        ('debug_print_parse', 'off'), ('debug_print_rewritten', 'off'), ('debug_print_plan', 'off'))
        AS s (name, value)
      WHERE name LIKE 'debug%' OR has_parameter_privilege(name, 'SET')
      """;

  private static final String LEAKS =
      """
      SELECT setting || ' = ' || value FROM (VALUES
          ('pgaudit.log', current_setting('pgaudit.log', true),
            lower(coalesce(current_setting('pgaudit.log', true), '')) ~ '(^|[ ,])(all|ddl)'
              AND lower(current_setting('pgaudit.log', true)) !~ '-ddl'),
          ('pg_stat_statements.track_utility', current_setting('pg_stat_statements.track_utility', true),
            current_setting('pg_stat_statements.track', true) = 'all'
              AND current_setting('pg_stat_statements.track_utility', true) = 'on'))
        AS s (setting, value, looks)
      WHERE looks AND NOT has_parameter_privilege(setting, 'SET')
      """;

  private ConfidentialStatement() {}

  /// Runs `before`, the secret as a string constant, and `after` as one statement. Its failure says
  /// what the server says, without the statement.
  ///
  /// @param h in a transaction
  public static void run(Handle h, String before, String secret, String after) throws SQLException {
    if (!h.isInTransaction()) {
      throw new IllegalStateException("a confidential statement needs a transaction");
    }
    List<String> _ = h.createQuery(QUIET).mapTo(String.class).list();
    h.execute("CREATE TEMPORARY TABLE signalbox_secret (value text) ON COMMIT DROP");
    try {
      h.getConnection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY pg_temp.signalbox_secret FROM STDIN", new StringReader(line(secret)));
    } catch (IOException e) {
      throw new SQLException("A secret could not be handed over: " + e.getMessage(), "08006", e);
    }
    Verbatim.run(
        h,
        "DO $signalbox$ BEGIN EXECUTE "
            + Identifiers.literal(before)
            + " || quote_literal((SELECT value FROM pg_temp.signalbox_secret)) || "
            + Identifiers.literal(after)
            + "; EXCEPTION WHEN OTHERS THEN"
            + " RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM; END $signalbox$;"
            + " DROP TABLE pg_temp.signalbox_secret");
  }

  /// As COPY reads a line of text.
  private static String line(String value) {
    return value
            .replace("\\", "\\\\")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t")
        + "\n";
  }

  /// What would still see the secret and cannot be switched off by this role, each as `setting =
  /// value`; empty when nothing would.
  public static List<String> leaks(Handle h) {
    return h.createQuery(LEAKS).mapTo(String.class).list();
  }
}
