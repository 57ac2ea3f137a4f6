package dev.signalbox.engine.secret;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Connections by name as libpq keeps them, in `~/.pg_service.conf` as a rule: below `[name]` a
/// line of `parameter=value` for each.
///
/// @param path of the file
public record ServiceFile(Path path) {
  /// What the first of these files says of a service that has it, with the file; empty when none
  /// has. Files that are not there are passed over.
  ///
  /// @throws IllegalStateException with a sentence that shows no value, when one cannot be
  ///   understood
  public static Optional<Found> find(List<Path> files, String service) {
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        Optional<Map<String, String>> parameters = new ServiceFile(file).parameters(service);
        if (parameters.isPresent()) {
          return Optional.of(new Found(file, parameters.get()));
        }
      }
    }
    return Optional.empty();
  }

  /// @param parameters among them the password, as a rule
  public record Found(Path file, Map<String, String> parameters) {
    @Override
    public String toString() {
      return file + " with " + parameters.keySet();
    }
  }

  /// Empty when it does not have the service.
  ///
  /// @throws IllegalStateException with a sentence that shows no value, when it cannot be
  ///   understood
  public Optional<Map<String, String>> parameters(String service) {
    @Nullable Map<String, String> found = null;
    int number = 0;
    for (String whole : lines()) {
      number++;
      String line = whole.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (found != null) {
          return Optional.of(found);
        }
        found = line.equals("[" + service + "]") ? new LinkedHashMap<>() : null;
      } else if (found != null) {
        int equals = line.indexOf('=');
        if (equals < 1 || line.startsWith("ldap")) {
          throw new IllegalStateException(
              "Line " + number + " of the service file " + path + " is not 'parameter=value'.");
        }
        found.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return Optional.ofNullable(found);
  }

  private List<String> lines() {
    try {
      return AtomicFile.read(path).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(
          "The service file " + path + " cannot be read: " + e.getMessage(), e);
    }
  }
}
