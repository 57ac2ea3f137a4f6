package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One database of an environment, on both servers.
///
/// @param name empty when the environment has one; else its name among them
/// @param servers how the console reaches each server
/// @param migrations folder with `V…__….sql` and `U…__….sql`; empty when the schema stays as it is
/// @param schemas whose tables belong to the service; not `signalbox`
/// @param maxLag above which the gate is closed; 1 ms to 1 h
/// @param poll how often to look; 100 ms to 60 s
/// @param routes how applications learn which database is theirs
public record DatabaseSettings(
    String name,
    Map<Colour, ServerSettings> servers,
    Optional<Path> migrations,
    List<String> schemas,
    Duration maxLag,
    Duration poll,
    List<RouteSettings> routes) {
  /// @param host as the console and the other server reach it
  public record ServerSettings(
      String host, int port, String database, String user, SecretSource password) {}

  /// One way in which applications learn which database is theirs.
  public sealed interface RouteSettings {
    /// Each stack has a file of its own.
    record Files(Map<Colour, StackFile> stacks) implements RouteSettings {}

    /// All applications have one file.
    record SharedFile(StackFile file) implements RouteSettings {}

    /// PgBouncers that are switched together.
    record PgBouncers(List<PgBouncer> instances) implements RouteSettings {
      public PgBouncers {
        instances = List.copyOf(instances);
      }
    }

    /// A program leads applications.
    ///
    /// @param run program and arguments, with `{colour}`, `{host}`, `{port}`, `{database}`,
    ///   `{epoch}`
    /// @param check program and arguments; prints where applications are led; may be empty
    /// @param timeout of one run; 100 ms to 20 s
    record Command(List<String> run, List<String> check, Duration timeout)
        implements RouteSettings {}

    /// Applications name both servers and look for the one that takes writes.
    record MultiHost() implements RouteSettings {}
  }

  /// One PgBouncer.
  ///
  /// @param user in its `admin_users`
  /// @param database the name of its entry in `[databases]`
  /// @param ini the file with that entry, on this machine
  /// @param rootCertificate of who may have signed its certificate; empty for libpq's usual place
  public record PgBouncer(
      String host,
      int port,
      String user,
      SecretSource password,
      String database,
      Path ini,
      TlsMode tls,
      Optional<Path> rootCertificate) {}

  /// As libpq's and JDBC's `sslmode`.
  public enum TlsMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /// As it is written: `verify-full`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException when there is none of that name
    static TlsMode of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /// What applications are told: those of one stack, or all of them.
  ///
  /// @param path the console writes it, the application watches it
  /// @param user the role of the application in the database; not the console's
  /// @param acknowledge where the application says which database it is connected to; empty when it
  ///   cannot say that
  public record StackFile(
      Path path, String user, SecretSource password, Optional<URI> acknowledge) {}

  /// The plane that moves it: `database`, or `database.orders` for one of several.
  public String plane() {
    return name.isEmpty() ? "database" : "database." + name;
  }
}
