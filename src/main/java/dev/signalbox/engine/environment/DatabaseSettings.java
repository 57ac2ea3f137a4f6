package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  /// @param service of libpq's service file that gave what stands nowhere else; empty without one
  /// @param addresses as the console reaches it; at least one. Several are hosts of one cluster,
  ///   one of which is the primary
  /// @param peer how the other server reaches it
  public record ServerSettings(
      Optional<String> service,
      List<ServerAddress> addresses,
      String database,
      String user,
      PasswordSource password,
      TlsSettings tls,
      PeerSettings peer) {
    public ServerSettings {
      addresses = List.copyOf(addresses);
    }

    /// One host, which both reach as the drivers do when nobody says more.
    public ServerSettings(
        String host, int port, String database, String user, PasswordSource password) {
      this(List.of(new ServerAddress(host, port)), database, user, password, TlsSettings.DEFAULT);
    }

    /// The other server reaches it as the console does.
    public ServerSettings(
        List<ServerAddress> addresses,
        String database,
        String user,
        PasswordSource password,
        TlsSettings tls) {
      this(
          Optional.empty(),
          addresses,
          database,
          user,
          password,
          tls,
          PeerSettings.like(addresses, tls));
    }
  }

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
