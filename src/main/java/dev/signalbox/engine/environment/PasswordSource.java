package dev.signalbox.engine.environment;

import dev.signalbox.engine.secret.PassFile;
import dev.signalbox.engine.secret.ServiceFile;
import java.nio.file.Path;

/// Where the password of the console's role on a server comes from. It is read for each connection
/// anew. [#toString] does not show it.
public sealed interface PasswordSource
    permits SecretSource,
        PasswordSource.InPassFile,
        PasswordSource.InService,
        PasswordSource.Known,
        PasswordSource.None {
  /// Reads it now.
  ///
  /// @throws IllegalStateException with a sentence that names the source, when it is not there
  String password(ServerAddress server, String database, String user);

  /// The line of a file in the form of libpq's `.pgpass` that fits.
  record InPassFile(Path path) implements PasswordSource {
    @Override
    public String password(ServerAddress server, String database, String user) {
      return new PassFile(path)
          .password(server.host(), server.port(), database, user)
          .orElseThrow(() ->
              new IllegalStateException(
                  "The password file "
                      + path
                      + " has no line for "
                      + server
                      + ":"
                      + database
                      + ":"
                      + user
                      + "."));
    }
  }

  /// The `password` of a service in a file in the form of libpq's `pg_service.conf`.
  record InService(Path path, String service) implements PasswordSource {
    @Override
    public String password(ServerAddress server, String database, String user) {
      String password =
          new ServiceFile(path)
              .parameters(service)
              .map(parameters -> parameters.getOrDefault("password", ""))
              .orElse("");
      if (password.isEmpty()) {
        throw new IllegalStateException(
            "The service '" + service + "' has no password in " + path + " any more.");
      }
      return password;
    }
  }

  /// One that this process made itself. Never part of an environment that is written.
  record Known(String value) implements PasswordSource {
    @Override
    public String password(ServerAddress server, String database, String user) {
      return value;
    }

    @Override
    public String toString() {
      return "known";
    }
  }

  /// The server asks for none: a certificate is enough, or it trusts the console.
  record None() implements PasswordSource {
    @Override
    public String password(ServerAddress server, String database, String user) {
      return "";
    }
  }
}
