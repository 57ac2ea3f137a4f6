package dev.signalbox.engine.database.migration;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One statement of a script.
///
/// @param text as written, without the semicolon
/// @param words its first words in upper case without comments, to tell what it is
/// @param line where it begins, from 1
public record SqlStatement(String text, String words, int line) {
  private static final Pattern ALONE =
      Pattern.compile(
          "CREATE (UNIQUE )?INDEX CONCURRENTLY\\b.*|DROP INDEX CONCURRENTLY\\b.*"
              + "|REINDEX\\b.*\\bCONCURRENTLY\\b.*|VACUUM\\b.*"
              + "|(CREATE|DROP) (DATABASE|TABLESPACE)\\b.*|ALTER SYSTEM\\b.*"
              + "|ALTER TABLE\\b.*\\bDETACH PARTITION\\b.*\\bCONCURRENTLY\\b.*");
  private static final Pattern CONTROL =
      Pattern.compile(
          "(BEGIN|COMMIT|ROLLBACK|ABORT|END|SAVEPOINT|RELEASE|START TRANSACTION|PREPARE TRANSACTION)"
              + "\\b.*");
  private static final Pattern INDEX =
      Pattern.compile(
          "(?is).*?\\bCREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?"
              + "(\"(?:[^\"]|\"\")+\"|[\\w$]+)\\s+ON\\s+(?:ONLY\\s+)?"
              + "((?:\"(?:[^\"]|\"\")+\"|[\\w$]+)(?:\\.(?:\"(?:[^\"]|\"\")+\"|[\\w$]+))?).*");

  /// Whether PostgreSQL refuses it in a transaction.
  public boolean alone() {
    return ALONE.matcher(words).matches();
  }

  /// Whether it would begin or end a transaction, which is not the script's business.
  boolean controlsTransaction() {
    return CONTROL.matcher(words).matches();
  }

  boolean copiesFromClient() {
    return words.matches("COPY\\b.*\\bFROM STDIN\\b.*");
  }

  boolean buildsIndexConcurrently() {
    return words.matches("CREATE (UNIQUE )?INDEX CONCURRENTLY\\b.*");
  }

  /// The index that it builds, qualified by its table's schema when that is written; empty when the
  /// statement leaves the name to the server.
  String indexName() {
    Matcher matcher = INDEX.matcher(text);
    if (!matcher.matches() || matcher.group(1).toUpperCase(Locale.ROOT).equals("ON")) {
      return "";
    }
    String table = matcher.group(2);
    int dot = table.startsWith("\"") ? table.indexOf("\".") + 1 : table.indexOf('.');
    return (dot > 0 ? table.substring(0, dot) + "." : "") + matcher.group(1);
  }
}
