package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.database.route.SideAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The line of one database in section `[databases]` of an ini file, found as PgBouncer reads it:
/// names may be quoted, a comment fills its line, and of a key that stands twice the last one
/// counts. Everything but the values of `host`, `port` and `dbname` is kept, byte for byte.
///
/// @param text of the file, one character for each byte
/// @param from where the connection string begins; @param to where it ends
record IniEntry(String name, String text, int from, int to, List<Pair> pairs) {
  private static final int USUAL_PORT = 5432;

  /// A key with its value.
  ///
  /// @param from where the value begins, with its quote; @param to behind it
  record Pair(String key, String value, int from, int to) {}

  /// @param entries all that have that name
  /// @param includes the other files that it names, in order
  record Found(List<IniEntry> entries, List<String> includes) {}

  /// Everything of that name. Lines before the first section count as well: such a file is included
  /// below `[databases]`.
  ///
  /// @throws IOException with a sentence, when the connection string cannot be understood
  static Found find(String text, String name) throws IOException {
    List<IniEntry> entries = new ArrayList<>();
    List<String> includes = new ArrayList<>();
    boolean databases = true;
    for (int at = 0; at < text.length(); ) {
      int newline = text.indexOf('\n', at);
      int next = newline < 0 ? text.length() : newline;
      int end = next;
      while (end > at && Character.isWhitespace(text.charAt(end - 1))) {
        end--;
      }
      int start = skip(text, at, end);
      if (text.startsWith("%include", start)) {
        includes.add(text.substring(start + "%include".length(), end).strip());
      } else if (start < end && text.charAt(start) == '[') {
        databases = text.substring(start, end).strip().equals("[databases]");
      } else if (databases && start < end && "#;".indexOf(text.charAt(start)) < 0) {
        int equals = key(text, start, end, name);
        if (equals >= 0) {
          entries.add(entry(text, name, skip(text, equals + 1, end), end));
        }
      }
      at = next + 1;
    }
    return new Found(List.copyOf(entries), List.copyOf(includes));
  }

  private static int skip(String text, int at, int end) {
    int i = at;
    while (i < end && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /// @return where its `=` stands; -1 when the line is another one's
  private static int key(String text, int start, int end, String name) {
    int i = start;
    StringBuilder key = new StringBuilder();
    if (text.charAt(i) == '"') {
      for (i++; i < end; i++) {
        if (text.charAt(i) == '"') {
          if (i + 1 < end && text.charAt(i + 1) == '"') {
            i++;
          } else {
            break;
          }
        }
        key.append(text.charAt(i));
      }
      i++;
    } else {
      while (i < end && !Character.isWhitespace(text.charAt(i)) && text.charAt(i) != '=') {
        key.append(text.charAt(i++));
      }
    }
    int equals = skip(text, Math.min(i, end), end);
    return equals < end && text.charAt(equals) == '=' && key.toString().equals(bytes(name))
        ? equals
        : -1;
  }

  /// As the name stands in a text that has one character for each byte.
  private static String bytes(String name) {
    return IniFile.text(name.getBytes(StandardCharsets.UTF_8));
  }

  private static IniEntry entry(String text, String name, int from, int end) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (int i = skip(text, from, end); i < end; i = skip(text, i, end)) {
      int key = i;
      while (i < end && text.charAt(i) != '=' && !Character.isWhitespace(text.charAt(i))) {
        i++;
      }
      String word = text.substring(key, i);
      i = skip(text, i, end);
      if (i == end || text.charAt(i) != '=') {
        throw new IOException("behind '" + word + "' of database '" + name + "' a '=' is missing");
      }
      i = skip(text, i + 1, end);
      int value = i;
      StringBuilder plain = new StringBuilder();
      if (i < end && text.charAt(i) == '\'') {
        for (i++; ; i++) {
          if (i >= end) {
            throw new IOException(
                "a quote of database '" + name + "' is not closed, behind '" + word + "'");
          } else if (text.charAt(i) != '\'') {
            plain.append(text.charAt(i));
          } else if (i + 1 < end && text.charAt(i + 1) == '\'') {
            plain.append(text.charAt(i++));
          } else {
            break;
          }
        }
        i++;
      } else {
        while (i < end && !Character.isWhitespace(text.charAt(i))) {
          plain.append(text.charAt(i++));
        }
      }
      pairs.add(new Pair(word, plain.toString(), value, i));
    }
    return new IniEntry(name, text, from, end, List.copyOf(pairs));
  }

  /// What stands for a key; `usual` when nothing does.
  private String value(String key, String usual) {
    return pairs.reversed().stream()
        .filter(pair -> pair.key().equals(key))
        .findFirst()
        .map(Pair::value)
        .orElse(usual);
  }

  /// Where it leads: host, empty for a local socket, port and database.
  ///
  /// @throws IOException with a sentence, when its port is no number
  SideAddress leads() throws IOException {
    String port = value("port", Integer.toString(USUAL_PORT));
    try {
      String named = value("dbname", bytes(name));
      return new SideAddress(
          value("host", ""),
          Integer.parseInt(port),
          new String(IniFile.bytes(named), StandardCharsets.UTF_8));
    } catch (NumberFormatException e) {
      throw new IOException("the port of database '" + name + "' is no number: " + port, e);
    }
  }

  /// The text of the file with the entry leading there.
  String leadingTo(SideAddress to) {
    String changed = text;
    StringBuilder missing = new StringBuilder();
    List<String[]> wanted =
        List.of(
            new String[] {"host", "", to.host()},
            new String[] {"port", Integer.toString(USUAL_PORT), Integer.toString(to.port())},
            new String[] {"dbname", name, to.database()});
    for (Pair pair : pairs.reversed()) {
      for (String[] each : wanted) {
        if (pair.key().equals(each[0]) && !pair.value().equals(bytes(each[2]))) {
          changed =
              changed.substring(0, pair.from())
                  + quoted(bytes(each[2]))
                  + changed.substring(pair.to());
        }
      }
    }
    for (String[] each : wanted) {
      if (pairs.stream().noneMatch(p -> p.key().equals(each[0])) && !each[1].equals(each[2])) {
        missing.append(each[0]).append('=').append(quoted(bytes(each[2]))).append(' ');
      }
    }
    // Nothing before the connection string has changed its length.
    return changed.substring(0, from) + missing + changed.substring(from);
  }

  private static String quoted(String value) {
    boolean plain =
        !value.isEmpty()
            && value.chars().noneMatch(c -> c == '\'' || Character.isWhitespace((char) c));
    return plain ? value : "'" + value.replace("'", "''") + "'";
  }
}
