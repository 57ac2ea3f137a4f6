package dev.signalbox.demo.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Compares what the client was promised with what the database holds, in one snapshot. Works while
/// the load runs, too.
public final class Reconciliation {
  private Reconciliation() {}

  /// What does not agree.
  ///
  /// @param acknowledged transfers that were looked for
  /// @param lost acknowledged, and not there
  /// @param duplicated there more than once, acknowledged or not
  /// @param altered there once, with other accounts or another amount than asked for
  /// @param halfApplied a sentence each: a transfer without its two entries, entries without their
  ///   transfer, a balance that its entries do not explain, a sum that changed
  /// @param ambiguous not acknowledged, and there: the client cannot know; no fault by itself
  public record Report(
      int acknowledged,
      List<UUID> lost,
      List<UUID> duplicated,
      List<UUID> altered,
      List<String> halfApplied,
      List<UUID> ambiguous) {
    /// Whether nothing is wrong.
    public boolean isClean() {
      return lost.isEmpty() && duplicated.isEmpty() && altered.isEmpty() && halfApplied.isEmpty();
    }
  }

  /// The sum of all balances, which no transfer changes. Ask before the load begins.
  public static long sum(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT coalesce(sum(balance), 0) FROM accounts")) {
      row.next();
      return row.getLong(1);
    }
  }

  /// @param connection of its own, to the database that takes writes; left in auto-commit mode
  /// @param initialSum from [#sum]
  public static Report check(Connection connection, Ledger ledger, long initialSum)
      throws SQLException {
    Map<UUID, Ledger.Line> lines = ledger.copy();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.setFetchSize(5_000);
      Report report = compare(statement, lines, halfApplied(statement, initialSum));
      connection.commit();
      return report;
    } finally {
      // Ends the snapshot also after a failure; after a commit it does nothing.
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static Report compare(
      Statement statement, Map<UUID, Ledger.Line> lines, List<String> halfApplied)
      throws SQLException {
    Map<UUID, Integer> found = new HashMap<>();
    List<UUID> altered = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT request_id, from_account, to_account, amount FROM transfers")) {
      while (row.next()) {
        UUID id = row.getObject(1, UUID.class);
        Ledger.Line line = lines.get(id);
        found.merge(id, 1, Integer::sum);
        if (line != null
            && (line.from() != row.getLong(2)
                || line.to() != row.getLong(3)
                || line.amount() != row.getLong(4))) {
          altered.add(id);
        }
      }
    }
    List<UUID> lost = new ArrayList<>();
    List<UUID> ambiguous = new ArrayList<>();
    int[] acknowledged = new int[1];
    lines.forEach((id, line) -> {
      switch (line.state()) {
        case ACKNOWLEDGED -> {
          acknowledged[0]++;
          if (!found.containsKey(id)) {
            lost.add(id);
          }
        }
        case FAILED -> {
          if (found.containsKey(id)) {
            ambiguous.add(id);
          }
        }
        case OPEN -> {
          // Still under way: it cannot be judged yet.
        }
      }
    });
    List<UUID> duplicated =
        found.entrySet().stream().filter(e -> e.getValue() > 1).map(Map.Entry::getKey).toList();
    return new Report(acknowledged[0], lost, duplicated, altered, halfApplied, ambiguous);
  }

  private static List<String> halfApplied(Statement statement, long initialSum)
      throws SQLException {
    List<String> found = new ArrayList<>();
    collect(
        statement,
        found,
        """
        SELECT 'transfer ' || t.id || ' has not exactly its two entries' FROM transfers t
        LEFT JOIN entries e ON e.transfer_id = t.id GROUP BY t.id
        HAVING count(e.amount) <> 2
          OR count(*) FILTER (WHERE e.account_id = t.from_account AND e.amount = -t.amount) <> 1
          OR count(*) FILTER (WHERE e.account_id = t.to_account AND e.amount = t.amount) <> 1\
        """);
    collect(
        statement,
        found,
        """
        SELECT DISTINCT 'entries of transfer ' || e.transfer_id || ' are there without it'
        FROM entries e LEFT JOIN transfers t ON t.id = e.transfer_id WHERE t.id IS NULL\
        """);
    collect(
        statement,
        found,
        """
        SELECT 'account ' || a.id || ' holds ' || a.balance || ', its entries say '
          || a.opening + coalesce(e.moved, 0)
        FROM accounts a LEFT JOIN
          (SELECT account_id, sum(amount) AS moved FROM entries GROUP BY account_id) e
          ON e.account_id = a.id
        WHERE a.balance <> a.opening + coalesce(e.moved, 0)\
        """);
    collect(
        statement,
        found,
        "SELECT 'all accounts together hold ' || sum(balance) || ', at the start it was "
            + initialSum
            + "' FROM accounts HAVING coalesce(sum(balance), 0) <> "
            + initialSum);
    return found;
  }

  private static void collect(Statement statement, List<String> found, String sql)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
  }
}
