package dev.signalbox.demo;

import dev.signalbox.demo.app.Backend;
import dev.signalbox.demo.app.Frontend;
import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.Ports;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.entry.EntryConfig;
import dev.signalbox.entry.EntryServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a demo consists of: its processes, its stacks, and what its console is told of them.
final class DemoDescription {
  /// The role of the backends.
  static final String DATABASE_USER = "bank_app";

  private final Path folder;
  private final DemoSite.Shape shape;
  private final Map<Colour, EmbeddedPostgres> servers;
  private final DemoSecrets secrets;
  private final DemoCluster cluster;
  private final DemoJvm jvm;
  private final ProcessSettings entry;
  private final int entryPort = Ports.free();
  private final int controlPort = Ports.free();
  private final Map<Colour, StackSettings> stacks = new EnumMap<>(Colour.class);

  /// Chooses the ports of the stacks.
  ///
  /// @param servers may be started later
  DemoDescription(
      Path folder,
      DemoSite.Shape shape,
      Map<Colour, EmbeddedPostgres> servers,
      DemoSecrets secrets,
      DemoCluster cluster,
      DemoJvm jvm)
      throws IOException {
    this.folder = folder;
    this.shape = shape;
    this.servers = servers;
    this.secrets = secrets;
    this.cluster = cluster;
    this.jvm = jvm;
    this.entry =
        new ProcessSettings(
            "entry",
            jvm.command(
                List.of(EntryServer.class.getName(), "--config", path("entry.json").toString())),
            Map.of(),
            path("entry"));
    for (Colour colour : Colour.values()) {
      stacks.put(colour, describe(colour));
    }
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  /// The entry's process.
  ProcessSettings entry() {
    return entry;
  }

  StackSettings stack(Colour colour) {
    return Objects.requireNonNull(stacks.get(colour));
  }

  /// What `signalbox.yaml` says, as far as it is known where entry and cluster listen.
  Environment environment(ReadyFile entryReady, ReadyFile clusterReady) {
    Map<Colour, ServerSettings> databases = new EnumMap<>(Colour.class);
    servers.forEach((colour, server) ->
        databases.put(
            colour,
            new ServerSettings(
                "127.0.0.1",
                Math.max(1, server.port()),
                DemoSite.DATABASE,
                EmbeddedPostgres.SUPERUSER,
                new SecretSource.InFile(server.passwordFile()))));
    return new Environment(
        "demo",
        folder,
        new ReleaseSettings(shape.stallBudget(), shape.watch(), Duration.ofSeconds(2)),
        null,
        List.of(
            new DatabaseSettings(
                "",
                databases,
                Optional.of(path("sql")),
                List.of("public"),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                List.of(new RouteSettings.Files(files())))),
        new ApplicationSettings(
            new HealthSettings(Duration.ofMillis(500), Duration.ofSeconds(2), 3, 3),
            new RouterSettings.Entry(
                entryReady.address(),
                entryReady.control(),
                new SecretSource.InFile(secrets.path("entry.token"))),
            stacks),
        cluster.settings(clusterReady.control()));
  }

  /// From which a stack's backend learns its database.
  Path databaseFile(Colour colour) {
    return path(colour.id()).resolve("database.properties");
  }

  private Map<Colour, StackFile> files() {
    Map<Colour, StackFile> files = new EnumMap<>(Colour.class);
    stacks.forEach((colour, stack) ->
        files.put(
            colour,
            new StackFile(
                databaseFile(colour),
                DATABASE_USER,
                new SecretSource.InFile(path("app.password")),
                Optional.of(stack.endpoints().getFirst().address().resolve("/api/health/db")))));
    return files;
  }

  private StackSettings describe(Colour colour) throws IOException {
    String version = colour == Colour.BLUE ? "v1" : "v2";
    int backend = Ports.free();
    int frontend = Ports.free();
    Path run = path(colour.id());
    List<ProcessSettings> commands =
        List.of(
            new ProcessSettings(
                "backend",
                jvm.command(
                    List.of(
                        Backend.class.getName(),
                        "--stack",
                        colour.id(),
                        "--version",
                        version,
                        "--port",
                        Integer.toString(backend),
                        "--database-file",
                        databaseFile(colour).toString())),
                Map.of(),
                run),
            new ProcessSettings(
                "frontend",
                jvm.command(
                    List.of(
                        Frontend.class.getName(),
                        "--stack",
                        colour.id(),
                        "--version",
                        version,
                        "--port",
                        Integer.toString(frontend))),
                Map.of(),
                run));
    return new StackSettings(
        List.of(
            new EndpointSettings(
                "backend",
                URI.create("http://127.0.0.1:" + backend),
                List.of("/api/health", "/api/health/db"),
                List.of("/api/warm-up")),
            new EndpointSettings(
                "frontend", URI.create("http://127.0.0.1:" + frontend), List.of("/"), List.of())),
        commands);
  }

  /// What the entry reads when it starts. Its ports are fixed: started again, it is found where it
  /// was.
  EntryConfig entryConfig() {
    Map<Colour, EntryConfig.Upstream> upstreams = new EnumMap<>(Colour.class);
    stacks.forEach((colour, stack) ->
        upstreams.put(
            colour,
            new EntryConfig.Upstream(
                stack.endpoints().getFirst().address(), stack.endpoints().getLast().address())));
    return new EntryConfig(
        "127.0.0.1",
        entryPort,
        controlPort,
        path("entry.token"),
        path("entry.state"),
        path("entry.ready"),
        Colour.BLUE,
        upstreams,
        EntryConfig.Limits.defaults());
  }
}
