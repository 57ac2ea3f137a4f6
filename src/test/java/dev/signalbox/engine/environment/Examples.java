package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A complete environment whose secret files exist.
final class Examples {
  private Examples() {}

  static Environment environment(Path folder) throws IOException {
    Path secret = folder.resolve("secrets/database");
    if (!Files.exists(secret)) {
      Files.createDirectories(folder.resolve("secrets"));
      Files.writeString(secret, "never shown\n");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    SecretSource password = new SecretSource.InFile(secret);
    return new Environment(
        "bank-1",
        folder,
        new ReleaseSettings(Duration.ofMillis(750), Duration.ofMinutes(2), Duration.ofSeconds(3)),
        null,
        List.of(
            new DatabaseSettings(
                "",
                Map.of(
                    Colour.BLUE,
                    server(5432, password),
                    Colour.GREEN,
                    server(5433, new SecretSource.InVariable("PATH"))),
                Optional.of(folder.resolve("migrations")),
                List.of("public", "odd \"schema\": #1"),
                Duration.ofMillis(1500),
                Duration.ofMillis(200),
                List.of(
                    new RouteSettings.Files(
                        Map.of(
                            Colour.BLUE,
                            file(folder, Colour.BLUE, 9000, password),
                            Colour.GREEN,
                            file(folder, Colour.GREEN, 9100, password)))))),
        new ApplicationSettings(
            new HealthSettings(Duration.ofSeconds(1), Duration.ofMillis(500), 2, 4),
            new RouterSettings.Entry(
                URI.create("http://127.0.0.1:8080"), URI.create("http://127.0.0.1:8081"), password),
            Map.of(
                Colour.BLUE,
                stack(folder, "blue", 9000),
                Colour.GREEN,
                stack(folder, "green", 9100))),
        new StrategySettings(
            URI.create("http://127.0.0.1:7001"),
            password,
            Duration.ofMinutes(3),
            Duration.ofMillis(500)));
  }

  /// Two databases of the same servers that change over together, and nothing else.
  static Environment severalDatabases(Path folder) throws IOException {
    Environment whole = environment(folder);
    return new Environment(
        whole.name(),
        folder,
        whole.release(),
        null,
        List.of(database(whole, "orders"), database(whole, "billing")),
        null,
        null);
  }

  /// Whose servers need all that can be said of a server. The files that it names exist.
  static Environment secured(Path folder) throws IOException {
    Environment whole = environment(folder);
    DatabaseSettings one = whole.databases().getFirst();
    for (String name : List.of("root.crt", "me.crt", "me.key", "me.p12", "pgpass")) {
      Path file = Files.writeString(folder.resolve(name), "*:*:*:*:never shown\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    Path vault = Files.writeString(folder.resolve("signalbox.vault"), "not opened\n");
    Files.setPosixFilePermissions(vault, PosixFilePermissions.fromString("rw-------"));
    List<ServerAddress> hosts =
        List.of(new ServerAddress("db-1.example", 5432), new ServerAddress("fd00::1", 5433));
    ServerSettings blue =
        new ServerSettings(
            Optional.empty(),
            hosts,
            "bank",
            "signalbox",
            new SecretSource.InVault(vault, "blue"),
            new TlsSettings(
                TlsMode.VERIFY_FULL,
                Optional.of(folder.resolve("root.crt")),
                Optional.of(folder.resolve("me.crt")),
                Optional.of(folder.resolve("me.key")),
                Optional.of(new SecretSource.InVault(vault, "key"))),
            new PeerSettings(
                List.of(new ServerAddress("10.0.0.1", 5432), new ServerAddress("10.0.0.2", 5432)),
                TlsMode.VERIFY_CA,
                Optional.of("/etc/ssl/it's root.crt")));
    ServerSettings green =
        new ServerSettings(
            Optional.empty(),
            List.of(new ServerAddress("db-green.example", 5432)),
            "bank",
            "signalbox",
            new PasswordSource.InPassFile(folder.resolve("pgpass")),
            new TlsSettings(
                TlsMode.VERIFY_FULL,
                Optional.of(TlsSettings.SYSTEM),
                Optional.empty(),
                Optional.of(folder.resolve("me.p12")),
                Optional.empty()),
            new PeerSettings(
                List.of(new ServerAddress("db-green.example", 6432)),
                TlsMode.VERIFY_FULL,
                Optional.of("system")));
    return new Environment(
        whole.name(),
        folder,
        whole.release(),
        null,
        List.of(
            new DatabaseSettings(
                "",
                Map.of(Colour.BLUE, blue, Colour.GREEN, green),
                Optional.empty(),
                one.schemas(),
                one.maxLag(),
                one.poll(),
                List.of())),
        null,
        null);
  }

  private static DatabaseSettings database(Environment whole, String name) {
    DatabaseSettings one = whole.databases().getFirst();
    Map<Colour, ServerSettings> servers = new EnumMap<>(Colour.class);
    one.servers()
        .forEach((colour, s) ->
            servers.put(
                colour, new ServerSettings(s.addresses(), name, s.user(), s.password(), s.tls())));
    return new DatabaseSettings(
        name, servers, Optional.empty(), one.schemas(), one.maxLag(), one.poll(), List.of());
  }

  /// On a database that stays as it is.
  static Environment applicationAlone(Path folder) throws IOException {
    Environment whole = environment(folder);
    return new Environment(
        whole.name(),
        folder,
        whole.release(),
        whole.databases().getFirst().servers().get(Colour.BLUE),
        List.of(),
        whole.application(),
        null);
  }

  private static ServerSettings server(int port, SecretSource password) {
    return new ServerSettings("127.0.0.1", port, "bank", "signalbox", password);
  }

  private static StackFile file(Path folder, Colour colour, int port, SecretSource password) {
    return new StackFile(
        folder.resolve(colour.id() + "/database.properties"),
        "bank_app",
        password,
        Optional.of(URI.create("http://127.0.0.1:" + port + "/api/health/db")));
  }

  private static StackSettings stack(Path folder, String colour, int port) {
    return new StackSettings(
        List.of(
            new EndpointSettings(
                "backend",
                URI.create("http://127.0.0.1:" + port),
                List.of("/api/health", "/api/health/db"),
                List.of("/api/warm-up")),
            new EndpointSettings(
                "frontend", URI.create("http://127.0.0.1:" + (port + 1)), List.of("/"), List.of())),
        List.of(
            new ProcessSettings(
                "backend",
                List.of("java", "-Dx=a b: c # d", "--port=" + port),
                Map.of("STACK", colour, "ON", "true"),
                folder.resolve(colour))));
  }
}
