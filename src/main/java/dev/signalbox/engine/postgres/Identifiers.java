package dev.signalbox.engine.postgres;

import dev.signalbox.engine.DatabaseView.TableName;
import java.util.Collection;
import java.util.stream.Collectors;

/// Names and texts as SQL. Everything that comes from a catalogue or a file passes through here
/// before it becomes part of a statement.
public final class Identifiers {
  private Identifiers() {}

  /// The name in double quotes.
  ///
  /// @throws IllegalArgumentException for an empty name or one with a NUL
  public static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name must not be empty nor contain NUL");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String quote(TableName table) {
    return quote(table.schema()) + "." + quote(table.name());
  }

  /// Quoted, with commas between.
  public static String list(Collection<TableName> tables) {
    return tables.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  /// Quoted column names, with commas between.
  public static String columns(Collection<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  /// A string constant that means the same whatever `standard_conforming_strings` is.
  public static String literal(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text must not contain NUL");
    }
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') >= 0
        ? " E'" + doubled.replace("\\", "\\\\") + "'"
        : "'" + doubled + "'";
  }
}
