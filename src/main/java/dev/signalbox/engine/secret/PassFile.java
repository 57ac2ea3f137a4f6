package dev.signalbox.engine.secret;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Passwords as libpq keeps them, in `~/.pgpass` as a rule: lines of
/// `host:port:database:user:password`, where `*` stands for anything, a backslash makes the next
/// character an ordinary one, and the first line that fits counts.
///
/// @param path of the file
public record PassFile(Path path) {
  /// Empty when no line fits.
  ///
  /// @throws IllegalStateException with a sentence, when it cannot be used
  public Optional<String> password(String host, int port, String database, String user) {
    List<String> wanted = List.of(host, Integer.toString(port), database, user);
    for (String line : lines()) {
      List<String> fields = line.startsWith("#") ? List.of() : fields(line);
      if (fields.size() == 5 && fits(fields, wanted)) {
        return Optional.of(unescaped(fields.getLast()));
      }
    }
    return Optional.empty();
  }

  private List<String> lines() {
    try {
      if (!Files.isRegularFile(path)) {
        throw new IllegalStateException("There is no password file " + path + ".");
      }
      OwnerOnly.check(path);
      return AtomicFile.read(path).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(
          "The password file " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean fits(List<String> fields, List<String> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      String field = fields.get(i);
      if (!field.equals("*") && !unescaped(field).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Still escaped; the fifth is all the rest.
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < line.length() && fields.size() < 4; i++) {
      if (line.charAt(i) == '\\') {
        i++;
      } else if (line.charAt(i) == ':') {
        fields.add(line.substring(from, i));
        from = i + 1;
      }
    }
    fields.add(line.substring(from));
    return fields;
  }

  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && i + 1 < field.length()) {
        i++;
      }
      text.append(field.charAt(i));
    }
    return text.toString();
  }
}
