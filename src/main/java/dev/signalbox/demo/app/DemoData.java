package dev.signalbox.demo.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.core.Utils;

/// What the demo's database starts with. All of it runs as the superuser; the application's role
/// owns nothing and may only read, move balances, and add transfers and entries.
public final class DemoData {
  /// The application's role.
  public static final String ROLE = "bank_app";

  /// What every account has before the first transfer, in the smallest unit of money.
  public static final long OPENING = 1_000_000;

  private static final List<String> SCRIPTS =
      List.of("bank", "transfer_note", "index_transfers_at");

  private DemoData() {}

  /// Writes the migration scripts into an existing folder: `V1__bank.sql` (what blue starts with),
  /// `V2__transfer_note.sql` and `V3__index_transfers_at.sql` (the release), each with its `U…`.
  public static void writeScripts(Path folder) throws IOException {
    for (int version = 1; version <= SCRIPTS.size(); version++) {
      for (String direction : List.of("V", "U")) {
        String name = direction + version + "__" + SCRIPTS.get(version - 1) + ".sql";
        Files.write(folder.resolve(name), script(name));
      }
    }
  }

  /// Makes the application's role on this server, or gives it this password.
  public static void createRole(Connection connection, String password) throws SQLException {
    StringBuilder literal = new StringBuilder();
    Utils.escapeLiteral(literal, password, true);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bank_app')"
              + " THEN CREATE ROLE bank_app; END IF; END $$");
      // Roles cannot be altered with bound values.
      statement.execute("ALTER ROLE bank_app LOGIN PASSWORD '" + literal + "'");
    }
  }

  /// Runs `V1__bank.sql`; the role has to exist. For where no migration runner is at hand.
  public static void applyFirstVersion(Connection connection) throws IOException, SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          new String(script("V1__bank.sql"), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /// Adds accounts 1 to `accounts` and old transfers between them. The same every time.
  ///
  /// @param accounts at least 2
  /// @param transfers at most 1,000 for each account
  public static void seed(Connection connection, int accounts, int transfers) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          BEGIN;
          INSERT INTO accounts (id, owner, opening, balance, preferences)
          SELECT n, 'Customer ' || n, %2$d, %2$d, jsonb_build_object('paper', n %% 3 = 0)
          FROM generate_series(1, %1$d) n;
          SELECT setval('accounts_id_seq', %1$d);
          WITH pairs AS (
            SELECT n, 1 + n * 7919 %% %1$d AS a, 1 + n %% (%1$d - 1) AS gap, 1 + n %% 500 AS amount
            FROM generate_series(1, %3$d::bigint) n
          ), added AS (
            INSERT INTO transfers (request_id, from_account, to_account, amount, at)
            SELECT gen_random_uuid(), a, 1 + (a - 1 + gap) %% %1$d, amount,
              now() - make_interval(mins => (%3$d - n)::int)
            FROM pairs RETURNING id, from_account, to_account, amount
          )
          INSERT INTO entries (transfer_id, account_id, amount)
          SELECT id, from_account, -amount FROM added UNION ALL SELECT id, to_account, amount FROM added;
          UPDATE accounts a SET balance = opening + e.moved
          FROM (SELECT account_id, sum(amount) AS moved FROM entries GROUP BY account_id) e
          WHERE e.account_id = a.id;
          COMMIT\
          """
              .formatted(accounts, OPENING, transfers));
      // What was inserted is counted first: counted after the look at the tables it would be added
      // to what that look found, and every estimate would be twice too high.
      statement.execute("SELECT pg_stat_force_next_flush()");
      statement.execute("ANALYZE accounts, transfers, entries");
    }
  }

  private static byte[] script(String name) throws IOException {
    try (InputStream in = DemoData.class.getResourceAsStream("/dev/signalbox/demo/bank/" + name)) {
      if (in == null) {
        throw new IOException("The script " + name + " is missing on the class path.");
      }
      return in.readAllBytes();
    }
  }
}
