package dev.signalbox.cluster.query;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.settings.Literals;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/// Lets single statements that read pass. It is a courtesy and a second line: what must not happen
/// is prevented by the read-only transaction and by what the engine's role may do.
final class SqlText {
  private static final Set<String> READING =
      Set.of("select", "with", "values", "table", "show", "explain");

  private SqlText() {}

  /// The statement without what follows it.
  ///
  /// @param literals as the session reads them, in which it is to run
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with a sentence
  static String single(String sql, Literals literals) {
    if (sql.indexOf('\0') >= 0) {
      throw refused("A statement cannot hold the character U+0000.");
    }
    List<NativeQuery> statements;
    try {
      // The driver's own eyes: what it would send as a second statement is one. PostgreSQL, which
      // takes one statement in a message, refuses what it reads as two and the driver as one.
      statements =
          Parser.parseJdbcSql(sql, literals.standardConforming(), false, true, false, false);
    } catch (SQLException e) {
      throw refused("The statement cannot be read: " + e.getMessage());
    }
    if (statements.isEmpty()) {
      throw refused("The statement is empty.");
    }
    if (statements.size() > 1) {
      throw refused("One statement at a time: there are " + statements.size() + " here.");
    }
    String text = statements.getFirst().nativeSql;
    String word = firstWord(text);
    if (!READING.contains(word)) {
      throw refused(
          (word.isEmpty() ? "This statement" : word.toUpperCase(Locale.ROOT))
              + " is not for this cluster: it only reads"
              + " (SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN).");
    }
    return text;
  }

  private static StatusRuntimeException refused(String sentence) {
    return CallFailures.of(Status.Code.INVALID_ARGUMENT, sentence);
  }

  /// The first word after spaces, comments and opening parentheses, in lower case.
  private static String firstWord(String sql) {
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c) || c == '(') {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        at = afterComment(sql, at);
      } else {
        break;
      }
    }
    int end = at;
    while (end < sql.length() && end - at < 30 && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(at, end).toLowerCase(Locale.ROOT);
  }

  /// Comments of PostgreSQL nest.
  private static int afterComment(String sql, int from) {
    int depth = 0;
    for (int at = from; at < sql.length(); ) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        at += 2;
        if (--depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return sql.length();
  }
}
