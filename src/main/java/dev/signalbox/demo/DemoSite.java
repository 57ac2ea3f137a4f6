package dev.signalbox.demo;

import dev.signalbox.demo.app.Backend;
import dev.signalbox.demo.app.DemoData;
import dev.signalbox.demo.app.Frontend;
import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.Folders;
import dev.signalbox.demo.postgres.Ports;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.configuration.DatabaseFile;
import dev.signalbox.engine.application.configuration.DatabaseTarget;
import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.application.traffic.EntryConfig;
import dev.signalbox.engine.application.traffic.EntryServer;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings.Kind;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import dev.signalbox.engine.environment.EnvironmentWriter;
import dev.signalbox.engine.environment.SecretSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A service to be released: two PostgreSQL servers, an entry, and the blue stack behind it, all
/// real, each a process of its own, on loopback. The green stack is left to the release to deploy.
///
/// [#close] ends every process and removes the folder; it may be called at any time, from any
/// thread, also while [#open] is under way, which then fails.
public final class DemoSite implements AutoCloseable {
  /// The database of the service.
  public static final String DATABASE = "bank";

  private static final Logger LOG = LoggerFactory.getLogger(DemoSite.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(2);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final Path folder;
  private final Shape shape;
  private final ProcessDriver driver = new ProcessDriver();
  private final Map<Colour, EmbeddedPostgres> servers = new EnumMap<>(Colour.class);
  private final Map<Colour, List<ProcessSettings>> processes = new EnumMap<>(Colour.class);
  private final ProcessSettings entry;
  private final DemoCluster cluster;
  private final DemoSecrets secrets;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile boolean closed;
  private volatile Environment environment;
  private volatile String queryTarget = "";

  /// What a demo may vary.
  ///
  /// @param accounts and transfers that blue begins with
  /// @param watch how long green is watched after the cutover
  public record Shape(int accounts, int transfers, Duration watch, Duration stallBudget) {
    public static Shape usual() {
      return new Shape(1_000, 20_000, Duration.ofSeconds(5), Duration.ofSeconds(1));
    }
  }

  /// Starts nothing yet.
  public DemoSite(Path folder, Shape shape) throws IOException {
    this.folder = folder.toAbsolutePath();
    this.shape = shape;
    for (Colour colour : Colour.values()) {
      servers.put(colour, new EmbeddedPostgres(this.folder, "postgres-" + colour, Map.of()));
    }
    this.entry =
        new ProcessSettings(
            "entry",
            java(List.of(EntryServer.class.getName(), "--config", path("entry.json").toString())),
            Map.of(),
            path("entry"));
    this.secrets = new DemoSecrets(this.folder);
    this.cluster = new DemoCluster(this.folder, secrets, this::java);
    ReadyFile nowhere = ReadyFile.none();
    this.environment = describe(nowhere, nowhere);
  }

  /// A private folder whose parents others may pass: a database server that drops its privileges
  /// must reach its own below it.
  public static Path newFolder() throws IOException {
    Path folder = Files.createTempDirectory("signalbox-demo-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    return folder;
  }

  /// Starts everything that runs before a release.
  public DemoSite open() throws IOException, InterruptedException {
    opening.lockInterruptibly();
    try {
      return openAll();
    } finally {
      opening.unlock();
    }
  }

  private DemoSite openAll() throws IOException, InterruptedException {
    unlessClosed(() -> Files.createDirectories(folder));
    writeClassPath();
    secrets.write("entry.token");
    secrets.write("app.password");
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starting = new ArrayList<>();
      for (EmbeddedPostgres server : servers.values()) {
        starting.add(together.submit(() -> unlessClosed(server::start)));
      }
      Files.writeString(path("entry.json"), entryConfig().toJson());
      starting.add(together.submit(() -> unlessClosed(() -> driver.start(entry, 0))));
      finish(starting);
    }
    cluster.writeConfig(servers);
    unlessClosed(() -> driver.start(cluster.process(), 0));
    Files.createDirectories(path("sql"));
    DemoData.writeScripts(path("sql"));
    // The ports of the servers are known now; those of the others follow.
    environment = describe(ReadyFile.none(), ReadyFile.none());
    String password = secrets.read("app.password");
    try {
      for (EmbeddedPostgres server : servers.values()) {
        try (Connection connection = connect(server, "postgres")) {
          connection.createStatement().execute("CREATE DATABASE " + DATABASE);
          DemoData.createRole(connection, password);
          try (Connection database = connect(server, DATABASE)) {
            cluster.createRole(connection, database);
          }
        }
      }
      DemoSchema.applyFirstVersion(environment);
      try (Connection connection = connect(server(Colour.BLUE), DATABASE)) {
        DemoData.seed(connection, shape.accounts(), shape.transfers());
      }
    } catch (SQLException e) {
      throw new IOException("The demo's data could not be made: " + e.getMessage(), e);
    }
    ReadyFile entryReady = awaitReady(entry, path("entry.ready"));
    environment = describe(entryReady, awaitReady(cluster.process(), cluster.readyFile()));
    Files.writeString(environmentFile(), EnvironmentWriter.write(environment));
    StackSettings blue = stack(Colour.BLUE);
    new DatabaseFile(blue.databaseFile())
        .write(
            new DatabaseTarget(
                Colour.BLUE,
                server(Colour.BLUE).coordinates(DATABASE).jdbcUrl(),
                blue.databaseUser(),
                path("app.password")),
            0);
    for (ProcessSettings process : processes(Colour.BLUE)) {
      unlessClosed(() -> driver.start(process, 0));
    }
    DemoProbe.await(
        List.of(
            environment.application().router().address().resolve("/api/health/db"),
            environment.application().router().address().resolve("/")),
        PATIENCE,
        () -> closed);
    return this;
  }

  /// What `signalbox.yaml` of this service says.
  public Environment environment() {
    return environment;
  }

  public Path environmentFile() {
    return path("signalbox.yaml");
  }

  public EmbeddedPostgres server(Colour colour) {
    return Objects.requireNonNull(servers.get(colour));
  }

  /// How many accounts there are; their numbers begin at 1.
  public int accounts() {
    return shape.accounts();
  }

  public Path folder() {
    return folder;
  }

  /// A connection of the administrator.
  public Connection connect(Colour colour) throws SQLException {
    return connect(server(colour), DATABASE);
  }

  private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
    var to = server.coordinates(database);
    return DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private StackSettings stack(Colour colour) {
    return Objects.requireNonNull(environment.application().stacks().get(colour));
  }

  private List<ProcessSettings> processes(Colour colour) {
    return Objects.requireNonNull(processes.get(colour));
  }

  /// Which server it is, whatever its address.
  public String systemIdentifier(Colour colour) throws SQLException {
    try (Connection connection = connect(colour);
        var row =
            connection
                .createStatement()
                .executeQuery("SELECT system_identifier FROM pg_control_system()")) {
      row.next();
      return row.getString(1);
    }
  }

  /// Where clients of the query cluster connect, as `host:port`.
  public String queryTarget() {
    return queryTarget;
  }

  /// The user of the query cluster.
  public String queryUser() {
    return DemoCluster.ROLE;
  }

  /// Of [#queryUser].
  public char[] queryPassword() throws IOException {
    return secrets.read("query.password").toCharArray();
  }

  private Environment describe(ReadyFile entryReady, ReadyFile clusterReady) throws IOException {
    queryTarget = clusterReady.address().getAuthority();
    Map<Colour, ServerSettings> databases = new EnumMap<>(Colour.class);
    Map<Colour, StackSettings> stacks = new EnumMap<>(Colour.class);
    Environment before = environment;
    for (Colour colour : Colour.values()) {
      EmbeddedPostgres server = server(colour);
      databases.put(
          colour,
          new ServerSettings(
              "127.0.0.1",
              Math.max(1, server.port()),
              DATABASE,
              EmbeddedPostgres.SUPERUSER,
              new SecretSource.InFile(server.passwordFile())));
      stacks.put(
          colour,
          before == null
              ? describeStack(colour)
              : Objects.requireNonNull(before.application().stacks().get(colour)));
    }
    return new Environment(
        "demo",
        folder,
        new ReleaseSettings(shape.stallBudget(), shape.watch(), Duration.ofSeconds(2)),
        new DatabaseSettings(
            databases,
            path("sql"),
            List.of("public"),
            Duration.ofSeconds(1),
            Duration.ofMillis(500)),
        new ApplicationSettings(
            new HealthSettings(Duration.ofMillis(500), Duration.ofSeconds(2), 3, 3),
            new RouterSettings(
                entryReady.address(),
                entryReady.control(),
                new SecretSource.InFile(secrets.path("entry.token"))),
            stacks),
        cluster.settings(clusterReady.control()));
  }

  private StackSettings describeStack(Colour colour) throws IOException {
    String version = colour == Colour.BLUE ? "v1" : "v2";
    int backend = Ports.free();
    int frontend = Ports.free();
    Path run = path(colour.id());
    Path databaseFile = run.resolve("database.properties");
    List<ProcessSettings> commands =
        List.of(
            new ProcessSettings(
                "backend",
                java(
                    List.of(
                        Backend.class.getName(),
                        "--stack",
                        colour.id(),
                        "--version",
                        version,
                        "--port",
                        Integer.toString(backend),
                        "--database-file",
                        databaseFile.toString())),
                Map.of(),
                run),
            new ProcessSettings(
                "frontend",
                java(
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
    processes.put(colour, commands);
    return new StackSettings(
        databaseFile,
        "bank_app",
        new SecretSource.InFile(path("app.password")),
        List.of(
            new EndpointSettings(
                "backend",
                Kind.BACKEND,
                URI.create("http://127.0.0.1:" + backend),
                List.of("/api/health", "/api/health/db")),
            new EndpointSettings(
                "frontend",
                Kind.FRONTEND,
                URI.create("http://127.0.0.1:" + frontend),
                List.of("/"))),
        commands);
  }

  private EntryConfig entryConfig() {
    Map<Colour, EntryConfig.Upstream> stacks = new EnumMap<>(Colour.class);
    environment
        .application()
        .stacks()
        .forEach((colour, stack) ->
            stacks.put(
                colour,
                new EntryConfig.Upstream(
                    stack.endpoints().getFirst().address(),
                    stack.endpoints().getLast().address())));
    return new EntryConfig(
        "127.0.0.1",
        0,
        0,
        path("entry.token"),
        path("entry.state"),
        path("entry.ready"),
        Colour.BLUE,
        stacks,
        EntryConfig.Limits.defaults());
  }

  /// A small JVM of our own kind: quick to start, content with little.
  private List<String> java(List<String> mainAndArguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "@" + path("class.path")));
    command.addAll(mainAndArguments);
    return command;
  }

  /// An argument file: class paths grow longer than what `signalbox.yaml` takes as one argument.
  private void writeClassPath() throws IOException {
    String quoted = System.getProperty("java.class.path").replace("\\", "\\\\");
    Files.writeString(path("class.path"), "-cp \"" + quoted + "\"\n");
  }

  private ReadyFile awaitReady(ProcessSettings process, Path file)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      if (closed || System.nanoTime() > end) {
        throw new IOException(
            "'" + process.name() + "' did not start: " + driver.lastLines(process));
      }
      Thread.sleep(20);
    }
    return ReadyFile.read(file);
  }

  /// Starts nothing once the site is being closed.
  private boolean unlessClosed(Start start) throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("The demo was ended.");
    }
    start.run();
    return true;
  }

  private interface Start {
    void run() throws IOException, InterruptedException;
  }

  private static void finish(List<Future<?>> starting) throws IOException, InterruptedException {
    for (Future<?> future : starting) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new IOException("The demo did not start: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    List<AutoCloseable> servers = List.copyOf(this.servers.values());
    List<ProcessSettings> started = new ArrayList<>(List.of(entry, cluster.process()));
    processes.values().forEach(started::addAll);
    if (opening.isLocked()) {
      // Without its servers the opening fails soon. Only then is it known what it has started.
      together(servers);
      awaitOpening();
    }
    List<AutoCloseable> all = new ArrayList<>(servers);
    started.forEach(process -> all.add(() -> stop(process)));
    together(all);
    deleteFolder();
  }

  private void awaitOpening() {
    try {
      if (opening.tryLock(CLOSE.toSeconds(), TimeUnit.SECONDS)) {
        opening.unlock();
      } else {
        LOG.warn("the demo still opens after {} s", CLOSE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void together(List<AutoCloseable> ends) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (AutoCloseable end : ends) {
        executor.execute(() -> {
          try {
            end.close();
          } catch (Exception e) {
            LOG.warn("something of the demo did not end by itself", e);
          }
        });
      }
    }
  }

  /// Again when a console is starting it at this very moment: it stops that when it is closed.
  private void stop(ProcessSettings process) throws IOException, InterruptedException {
    long end = System.nanoTime() + CLOSE.toNanos();
    while (true) {
      try {
        driver.stop(process, STOP);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  /// Again when something that just ended still wrote there.
  private void deleteFolder() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Folders.delete(folder);
        return;
      } catch (IOException e) {
        if (attempt == 50) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }
}
