package dev.signalbox.engine.environment;

import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.engine.secret.Passphrase;
import dev.signalbox.engine.secret.VaultFile;
import java.io.IOException;
import java.nio.file.Path;

/// Where a secret comes from. The secret itself is never part of the configuration, and neither
/// [#toString] shows it.
public sealed interface SecretSource extends PasswordSource {
  /// Reads the secret now.
  ///
  /// @throws IllegalStateException with a sentence that names the source, when it is not there
  String read();

  /// The same for every server.
  @Override
  default String password(ServerAddress server, String database, String user) {
    return read();
  }

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

  /// An entry of the vault, which the passphrase of this process opens.
  record InVault(Path path, String name) implements SecretSource {
    @Override
    public String read() {
      return new VaultFile(path, Passphrase.ofProcess()).read(name);
    }
  }
}
