package dev.signalbox.engine.database.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Splits a script into statements as PostgreSQL's own scanner sees it: quotes, `E''` strings,
/// dollar quotes, nested comments, parentheses, and `BEGIN ATOMIC … END` bodies keep their
/// semicolons.
public final class SqlSplitter {
  private static final int WORDS = 400;

  private final String file;
  private final String sql;
  private final List<SqlStatement> statements = new ArrayList<>();
  private final StringBuilder words = new StringBuilder();
  private int at;
  private int line = 1;
  private int start;
  private int startLine;
  private boolean begun;
  private int parentheses;
  private int blocks;

  private SqlSplitter(String file, String sql) {
    this.file = file;
    this.sql = sql;
  }

  /// @param file where it is from, for a message
  /// @throws ScriptException when something is not closed
  public static List<SqlStatement> split(String file, String sql) throws ScriptException {
    SqlSplitter splitter = new SqlSplitter(file, sql);
    splitter.run();
    return List.copyOf(splitter.statements);
  }

  private void run() throws ScriptException {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '-' && next('-')) {
        while (at < sql.length() && sql.charAt(at) != '\n') {
          at++;
        }
      } else if (c == '/' && next('*')) {
        comment();
      } else if (c == ';' && parentheses == 0 && blocks == 0) {
        end();
        at++;
      } else {
        begin();
        token(c);
      }
    }
    end();
  }

  private boolean next(char expected) {
    return at + 1 < sql.length() && sql.charAt(at + 1) == expected;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      start = at;
      startLine = line;
    }
  }

  private void end() throws ScriptException {
    if (begun) {
      if (parentheses > 0) {
        throw problem(startLine, "a parenthesis is not closed");
      }
      statements.add(
          new SqlStatement(sql.substring(start, at).strip(), words.toString().strip(), startLine));
    }
    begun = false;
    words.setLength(0);
    blocks = 0;
  }

  private void token(char c) throws ScriptException {
    if (c == '\'') {
      quoted('\'', false);
    } else if (c == '"') {
      quoted('"', false);
    } else if (c == '$' && dollarTag() != 0) {
      dollar();
    } else if (c == '\\') {
      throw problem(line, "psql commands (\\…) are not SQL; take it out");
    } else if (Character.isJavaIdentifierStart(c) && c != '$') {
      word();
    } else {
      if (c == '(') {
        parentheses++;
      } else if (c == ')') {
        parentheses--;
        if (parentheses < 0) {
          throw problem(line, "a parenthesis is closed that was never opened");
        }
      }
      note(String.valueOf(c));
      at++;
    }
  }

  private void word() throws ScriptException {
    int from = at;
    while (at < sql.length()
        && (Character.isJavaIdentifierPart(sql.charAt(at)) && sql.charAt(at) != '\0')) {
      at++;
    }
    String word = sql.substring(from, at);
    if (word.equalsIgnoreCase("E") && at < sql.length() && sql.charAt(at) == '\'') {
      quoted('\'', true);
      return;
    }
    String upper = word.toUpperCase(Locale.ROOT);
    if (words.toString().matches("CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) .*")) {
      switch (upper) {
        case "BEGIN", "CASE" -> blocks++;
        case "END" -> blocks = Math.max(0, blocks - 1);
        default -> {}
      }
    }
    note(upper);
  }

  private void note(String word) {
    if (words.length() < WORDS) {
      words.append(word).append(' ');
    }
  }

  private void quoted(char quote, boolean backslash) throws ScriptException {
    int begun = line;
    note(quote == '"' ? "\"\"" : "''");
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\n') {
        line++;
      }
      if (c == '\\' && backslash) {
        at++;
      } else if (c == quote) {
        if (!next(quote)) {
          at++;
          return;
        }
        at++;
      }
      at++;
    }
    throw problem(begun, "the quote " + quote + " is not closed");
  }

  /// Length of the tag with both dollars; 0 when this is no dollar quote.
  private int dollarTag() {
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '$') {
        return i + 1 - at;
      }
      boolean first = i == at + 1;
      if (!(Character.isLetter(c) || c == '_' || (!first && Character.isDigit(c)))) {
        return 0;
      }
      i++;
    }
    return 0;
  }

  private void dollar() throws ScriptException {
    int begun = line;
    String tag = sql.substring(at, at + dollarTag());
    int close = sql.indexOf(tag, at + tag.length());
    if (close < 0) {
      throw problem(begun, "the quote " + tag + " is not closed");
    }
    note("''");
    for (int i = at; i < close; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
      }
    }
    at = close + tag.length();
  }

  private void comment() throws ScriptException {
    int begun = line;
    int depth = 0;
    do {
      if (at >= sql.length()) {
        throw problem(begun, "the comment is not closed");
      }
      char c = sql.charAt(at);
      if (c == '\n') {
        line++;
      }
      if (c == '/' && next('*')) {
        depth++;
        at++;
      } else if (c == '*' && next('/')) {
        depth--;
        at++;
      }
      at++;
    } while (depth > 0);
  }

  private ScriptException problem(int where, String what) {
    return new ScriptException(file + ", line " + where + ": " + what + ".");
  }
}
