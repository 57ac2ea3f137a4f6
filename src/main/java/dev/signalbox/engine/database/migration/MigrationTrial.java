package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/// Runs scripts in one transaction that is rolled back. What PostgreSQL does only outside a
/// transaction is left out, but for indexes, which are then built as others are.
final class MigrationTrial {
  /// A new value of an enum cannot be used by the transaction that added it.
  private static final String UNSAFE_ENUM = "55P04";

  private static final Pattern CONCURRENTLY = Pattern.compile("(?i)\\bINDEX\\s+CONCURRENTLY\\b");
  private static final String SAVEPOINT = "statement";

  private final Handle h;
  private final List<String> untried = new ArrayList<>();

  MigrationTrial(Handle h) {
    this.h = h;
  }

  /// @throws SQLException when a statement fails, and not because an earlier one was left out
  void run(Script script) throws SQLException {
    for (SqlStatement statement : script.statements()) {
      if (!statement.alone()) {
        attempt(script, statement, statement.text());
      } else if (CONCURRENTLY.matcher(statement.text()).find()) {
        attempt(script, statement, CONCURRENTLY.matcher(statement.text()).replaceFirst("INDEX"));
      } else {
        skip(script, statement, "it runs only outside a transaction");
      }
    }
    Verbatim.run(h, "RESET search_path; RESET ROLE");
  }

  private void attempt(Script script, SqlStatement statement, String text) throws SQLException {
    h.savepoint(SAVEPOINT);
    try {
      Verbatim.run(h, text);
      h.releaseSavepoint(SAVEPOINT);
    } catch (SQLException e) {
      boolean wrong = untried.isEmpty() && !UNSAFE_ENUM.equals(e.getSQLState());
      if (wrong || h.getConnection().isClosed()) {
        throw new SQLException(
            script.file() + ", line " + statement.line() + ": " + e.getMessage(),
            e.getSQLState(),
            e);
      }
      h.rollbackToSavepoint(SAVEPOINT);
      skip(script, statement, String.valueOf(e.getMessage()));
    }
  }

  private void skip(Script script, SqlStatement statement, String why) {
    untried.add(script.file() + ", line " + statement.line() + " (" + why + ")");
  }

  List<String> untried() {
    return List.copyOf(untried);
  }
}
