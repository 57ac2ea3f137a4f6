package dev.signalbox.demo.app;

import dev.signalbox.engine.Colour;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The command line of a demo process. Not picocli: it starts within a few hundred milliseconds.
///
/// @param port on loopback; 0 for any
/// @param databaseFile where the backend learns its database; null for the frontend
/// @param exitWithStdin ends when standard input ends, so that a parent that was killed leaves no
///   orphan
record Options(
    Colour stack, String version, int port, @Nullable Path databaseFile, boolean exitWithStdin) {
  private static final Set<String> NAMES =
      Set.of("--stack", "--version", "--port", "--database-file");

  /// @throws IllegalArgumentException with a sentence
  static Options parse(String... args) {
    Map<String, String> values = new HashMap<>();
    boolean exitWithStdin = false;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--exit-with-stdin")) {
        exitWithStdin = true;
      } else if (NAMES.contains(args[i]) && i + 1 < args.length) {
        values.put(args[i], args[++i]);
      } else {
        throw new IllegalArgumentException(
            "'" + args[i] + "' is not an option, or has no value. Options: " + NAMES);
      }
    }
    String version = required(values, "--version");
    if (!version.matches("v[0-9]{1,4}")) {
      throw new IllegalArgumentException("--version must look like v1, not '" + version + "'.");
    }
    String file = values.get("--database-file");
    return new Options(
        Colour.parse(required(values, "--stack")),
        version,
        port(required(values, "--port")),
        file == null ? null : Path.of(file).toAbsolutePath(),
        exitWithStdin);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("--port must be 0 to 65535, not '" + text + "'.");
  }

  private static String required(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing.");
    }
    return value;
  }
}
