package dev.signalbox.engine.environment;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/// Where a secret comes from. The secret itself is never part of the configuration, and neither
/// [#toString] shows it.
public sealed interface SecretSource {
  /// Reads the secret now.
  ///
  /// @throws IllegalStateException with a sentence that names the source, when it is not there
  String read();

  /// The first line of a file.
  record InFile(Path path) implements SecretSource {
    @Override
    public String read() {
      try {
        return AtomicFile.read(path)
            .lines()
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("The secret file " + path + " is empty."));
      } catch (IOException e) {
        throw new IllegalStateException(
            "The secret file "
                + path
                + " cannot be read: "
                + (e.getMessage() == null ? e : e.getMessage()),
            e);
      }
    }
  }

  /// An environment variable.
  record InVariable(String name) implements SecretSource {
    @Override
    public String read() {
      String value = System.getenv(name);
      if (value == null || value.isEmpty()) {
        throw new IllegalStateException("The environment variable " + name + " is not set.");
      }
      return value;
    }
  }
}
