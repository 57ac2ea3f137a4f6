package dev.signalbox.demo;

import dev.signalbox.demo.app.DemoData;
import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.Folders;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.route.DatabaseFile;
import dev.signalbox.engine.database.route.DatabaseTarget;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.environment.EnvironmentWriter;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.postgres.Identity;
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
import org.jdbi.v3.core.Jdbi;
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
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final Path folder;
  private final Shape shape;
  private final DemoProcesses processes = new DemoProcesses();
  private final Map<Colour, EmbeddedPostgres> servers = new EnumMap<>(Colour.class);
  private final DemoJvm jvm;
  private final DemoDescription description;
  private final DemoCluster cluster;
  private final DemoSecrets secrets;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile Environment environment;
  private volatile String queryTarget;

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
    this(folder, shape, DemoJvm.ofThisProgram());
  }

  /// Starts nothing yet.
  ///
  /// @param javaOptions of the Java processes that it starts: where their classes are
  public DemoSite(Path folder, Shape shape, List<String> javaOptions) throws IOException {
    this.folder = folder.toAbsolutePath();
    this.shape = shape;
    for (Colour colour : Colour.values()) {
      servers.put(colour, new EmbeddedPostgres(this.folder, "postgres-" + colour, Map.of()));
    }
    this.jvm = new DemoJvm(this.folder, List.copyOf(javaOptions));
    this.secrets = new DemoSecrets(this.folder);
    this.cluster = new DemoCluster(this.folder, secrets, jvm);
    this.description = new DemoDescription(this.folder, shape, servers, secrets, cluster, jvm);
    this.environment = description.environment(ReadyFile.none(), ReadyFile.none());
    this.queryTarget = ReadyFile.none().address().getAuthority();
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
    boolean _ = processes.unlessClosed(() -> Files.createDirectories(folder));
    jvm.writeOptions();
    secrets.write("entry.token");
    secrets.write("app.password");
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starting = new ArrayList<>();
      for (EmbeddedPostgres server : servers.values()) {
        starting.add(together.submit(() -> processes.unlessClosed(server::start)));
      }
      Files.writeString(path("entry.json"), description.entryConfig().toJson());
      starting.add(
          together.submit(() -> {
            processes.start(description.entry());
            return true;
          }));
      finish(starting);
    }
    cluster.writeConfig(servers);
    processes.start(cluster.process());
    Files.createDirectories(path("sql"));
    DemoData.writeScripts(path("sql"));
    // The ports of the servers are known now; those of the others follow.
    environment = description.environment(ReadyFile.none(), ReadyFile.none());
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
    ReadyFile entryReady = processes.awaitReady(description.entry(), path("entry.ready"), PATIENCE);
    ReadyFile clusterReady = processes.awaitReady(cluster.process(), cluster.readyFile(), PATIENCE);
    queryTarget = clusterReady.address().getAuthority();
    environment = description.environment(entryReady, clusterReady);
    Files.writeString(environmentFile(), EnvironmentWriter.write(environment));
    StackSettings blue = description.stack(Colour.BLUE);
    new DatabaseFile(description.databaseFile(Colour.BLUE))
        .write(
            new DatabaseTarget(
                Colour.BLUE,
                server(Colour.BLUE).coordinates(DATABASE).jdbcUrl(),
                DemoDescription.DATABASE_USER,
                path("app.password")),
            0);
    for (ProcessSettings process : blue.processes()) {
      processes.start(process);
    }
    List<ProcessSettings> answering = new ArrayList<>(List.of(description.entry()));
    answering.addAll(blue.processes());
    processes.awaitAnswers(
        List.of(entryReady.address().resolve("/api/health/db"), entryReady.address().resolve("/")),
        answering,
        PATIENCE);
    return this;
  }

  /// Where clients reach the service.
  public URI address() {
    return application().router().address();
  }

  /// Of the environment; the demo has one.
  public ApplicationSettings application() {
    return Objects.requireNonNull(environment.application());
  }

  /// Of [DemoDescription#DATABASE_USER], as the backends read it.
  public String applicationPassword() {
    return new SecretSource.InFile(path("app.password")).read();
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

  /// Which server it is, whatever its address.
  public String systemIdentifier(Colour colour) throws SQLException {
    try (Connection connection = connect(colour)) {
      return Identity.of(Jdbi.open(connection)).systemIdentifier();
    }
  }

  /// What stands in front of both stacks and belongs to none: entry and query cluster.
  public List<ProcessSettings> shared() {
    return List.of(description.entry(), cluster.process());
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
    processes.close();
    List<AutoCloseable> servers = List.copyOf(this.servers.values());
    List<ProcessSettings> started = new ArrayList<>(shared());
    for (Colour colour : Colour.values()) {
      started.addAll(description.stack(colour).processes());
    }
    if (opening.isLocked()) {
      // Without its servers the opening fails soon. Only then is it known what it has started.
      together(servers);
      awaitOpening();
    }
    // The databases last: a process that loses its own takes longer to end.
    together(
        started.stream()
            .<AutoCloseable>map(process -> () -> processes.stop(process, CLOSE))
            .toList());
    together(servers);
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
