package dev.signalbox.demo.postgres;

import dev.signalbox.engine.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PasswordUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One real PostgreSQL server of our own: its cluster, a copy of a [ClusterTemplate], in a private
/// folder, loopback only, password by SCRAM, no Unix socket, durable. It ends with [#stop] or
/// [#close], both bounded in time also when the server hangs, and touches no process but its own.
///
/// Thread-safe: [#stop] and [#close] may come at any time from any thread, also from a shutdown
/// hook while [#start] is under way, which then fails.
public final class EmbeddedPostgres implements AutoCloseable {
  /// The superuser of the cluster.
  public static final String SUPERUSER = "postgres";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration FAST = Duration.ofSeconds(5);
  private static final Duration IMMEDIATE = Duration.ofSeconds(2);

  private final Path folder;
  private final String name;
  private final Map<String, String> settings;
  private final @Nullable PostgresInstallation chosen;
  private final Object lock = new Object();

  // Guarded by lock.
  private @Nullable Process process;
  private boolean closed;

  private volatile int port;
  private volatile @Nullable Unprivileged rights;
  private volatile String password = "";

  /// Of a cluster that still has the one of its template; else empty.
  private volatile String templatePassword = "";

  /// Starts nothing yet.
  ///
  /// @param folder where the server's own folder `name` is made
  /// @param settings added to ours, or instead of them
  public EmbeddedPostgres(Path folder, String name, Map<String, String> settings) {
    this(folder, name, settings, null);
  }

  /// @param chosen in place of the one on the class path; null for that
  public EmbeddedPostgres(
      Path folder,
      String name,
      Map<String, String> settings,
      @Nullable PostgresInstallation chosen) {
    this.folder = folder.toAbsolutePath().normalize().resolve(name);
    this.name = name;
    this.settings = Map.copyOf(settings);
    this.chosen = chosen;
  }

  /// Makes a cluster and starts its server.
  public static EmbeddedPostgres start(Path folder, String name, Map<String, String> settings)
      throws IOException, InterruptedException {
    return started(new EmbeddedPostgres(folder, name, settings));
  }

  /// The same with another PostgreSQL.
  public static EmbeddedPostgres start(
      Path folder, String name, Map<String, String> settings, PostgresInstallation chosen)
      throws IOException, InterruptedException {
    return started(new EmbeddedPostgres(folder, name, settings, chosen));
  }

  private static EmbeddedPostgres started(EmbeddedPostgres server)
      throws IOException, InterruptedException {
    try {
      server.start();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Starts the server, on the same port and data when it has run before. Nothing happens when it
  /// runs. Returns when it takes connections.
  ///
  /// @throws IOException with the end of the server's log, when it does not come up
  public void start() throws IOException, InterruptedException {
    if (isRunning()) {
      return;
    }
    PostgresInstallation installation = chosen == null ? PostgresInstallation.embedded() : chosen;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Unprivileged rights = rights();
    rights.handOver(folder);
    if (!Files.exists(data())) {
      password = newPassword();
      writePassword();
      templatePassword = initialize(installation, rights);
    }
    boolean again = port != 0;
    for (int attempt = 1; ; attempt++) {
      if (!again) {
        port = Ports.free();
      }
      run(installation, rights);
      if (awaitReady()) {
        changePassword();
        return;
      }
      String end = logEnd();
      boolean taken = end.contains("Address already in use");
      if (!taken || again || attempt == 10) {
        throw new IOException("PostgreSQL " + name + " did not start. Its log ends with: " + end);
      }
    }
  }

  /// Found once: a folder that was handed over is no longer ours.
  private Unprivileged rights() throws IOException, InterruptedException {
    Unprivileged known = rights;
    if (known == null) {
      known = Unprivileged.find(folder);
      rights = known;
    }
    return known;
  }

  /// @return the superuser's password in the new cluster
  private String initialize(PostgresInstallation installation, Unprivileged rights)
      throws IOException, InterruptedException {
    ClusterTemplate template =
        ClusterTemplate.of(
            installation.templates(),
            rights,
            String.join(" ", installation.initdb()),
            newPassword(),
            (data, passwordFile) -> initdb(installation, rights, data, passwordFile));
    Path copy = folder.resolve("copy");
    Folders.delete(copy);
    finish(
        spawn(rights.command(List.of("cp", "-Rp", template.data().toString(), copy.toString()))),
        "cp");
    ClusterTemplate.renew(copy);
    Files.move(copy, data(), StandardCopyOption.ATOMIC_MOVE);
    return template.password();
  }

  private void initdb(
      PostgresInstallation installation, Unprivileged rights, Path data, Path passwordFile)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(installation.program("initdb").toString());
    command.add("--pgdata=" + data);
    command.add("--pwfile=" + passwordFile);
    command.addAll(installation.initdb());
    finish(spawn(rights.command(command)), "initdb");
  }

  private void finish(Process program, String what) throws IOException, InterruptedException {
    if (!program.waitFor(START.toMillis(), TimeUnit.MILLISECONDS) || program.exitValue() != 0) {
      program.destroyForcibly();
      throw new IOException(
          "The cluster of PostgreSQL "
              + name
              + " could not be made. "
              + what
              + " said: "
              + logEnd());
    }
  }

  /// At the first start. Nobody knows the port yet.
  private void changePassword() throws IOException {
    if (templatePassword.isEmpty()) {
      return;
    }
    Properties how = new Properties();
    how.setProperty("user", SUPERUSER);
    how.setProperty("password", templatePassword);
    // Whatever the server's own settings are: it takes the change, and writes no password to its
    // log.
    how.setProperty("options", "-c default_transaction_read_only=off -c log_statement=none");
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    String verifier =
        PasswordUtil.encodeScramSha256(
            password.toCharArray(), ServerSettings.SCRAM_ITERATIONS, salt);
    try (Connection connection =
            DriverManager.getConnection(coordinates("postgres").jdbcUrl(), how);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + SUPERUSER + " PASSWORD '" + verifier + "'");
      templatePassword = "";
    } catch (SQLException e) {
      throw new IOException(
          "PostgreSQL " + name + " did not take its password: " + e.getMessage(), e);
    }
  }

  private void run(PostgresInstallation installation, Unprivileged rights) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(installation.program("postgres").toString());
    command.add("-D");
    command.add(data().toString());
    command.addAll(ServerSettings.options(installation.major(), port, settings));
    Process started = spawn(rights.command(command));
    started.getOutputStream().close();
  }

  /// Under the lock, so that a stop either sees the process or keeps it from starting.
  private Process spawn(List<String> command) throws IOException {
    // A session of its own: Ctrl-C in the terminal is for us, and we end the server in good order.
    List<String> own = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      own.add("/usr/bin/setsid");
    }
    own.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(own).directory(folder.toFile());
    // Settings of another server's clients must not reach this one.
    builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.startsWith("LC_"));
    builder.environment().put("LC_ALL", "C");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    synchronized (lock) {
      if (closed) {
        throw new IOException("PostgreSQL " + name + " was closed while it started.");
      }
      Process started = builder.start();
      process = started;
      return started;
    }
  }

  /// @return false when the process ended instead
  private boolean awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (isRunning()) {
      if (statusLine().startsWith("ready")) {
        return true;
      }
      if (System.nanoTime() > end) {
        stop();
        throw new IOException(
            "PostgreSQL "
                + name
                + " was not ready within "
                + START.toSeconds()
                + " s. Its log ends with: "
                + logEnd());
      }
      LockSupport.parkNanos(5_000_000);
      if (Thread.interrupted()) {
        throw new InterruptedException("Interrupted while PostgreSQL " + name + " started");
      }
    }
    return false;
  }

  /// The eighth line of `postmaster.pid` tells the state; the first one whose file it is.
  private String statusLine() throws IOException {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      boolean ours = !lines.isEmpty() && lines.getFirst().strip().equals(Long.toString(pid()));
      return ours && lines.size() >= 8 ? lines.get(7) : "";
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  public int port() {
    return port;
  }

  /// Process id of the server; -1 when it was never started.
  public long pid() {
    synchronized (lock) {
      return process == null ? -1 : process.pid();
    }
  }

  public boolean isRunning() {
    synchronized (lock) {
      return process != null && process.isAlive();
    }
  }

  /// How to reach a database of this server as its superuser.
  public PostgresServer.Coordinates coordinates(String database) {
    return new PostgresServer.Coordinates("127.0.0.1", port, database, SUPERUSER, password);
  }

  /// Holds the superuser's password in its only line; mode 0600.
  public Path passwordFile() {
    return folder.resolveSibling(name + ".password");
  }

  /// What the server says about itself.
  public Path log() {
    return folder.resolveSibling(name + ".log");
  }

  /// Freezes the server and its sessions, as a machine that hangs would look. [#thaw] ends it, and
  /// so does every way of stopping.
  public void freeze() throws IOException, InterruptedException {
    Signals.send("STOP", family());
  }

  public void thaw() throws IOException, InterruptedException {
    Signals.send("CONT", family());
  }

  /// Ends the server at once and without care, as a power cut would: it recovers at the next
  /// [#start].
  public void crash() throws IOException, InterruptedException {
    Signals.send("QUIT", own());
    thaw();
    awaitEnd(IMMEDIATE);
    destroy();
  }

  /// Ends the server: sessions are cut off, all is written; after 5 s less carefully, after 7 s by
  /// force. Nothing committed is lost in any of these ways. The data stays for the next [#start].
  public void stop() throws IOException, InterruptedException {
    Signals.send("INT", own());
    // What is frozen cannot hear.
    thaw();
    if (!awaitEnd(FAST)) {
      LOG.warn("PostgreSQL {} did not end within {} s: ending it at once", name, FAST.toSeconds());
      crash();
    }
  }

  /// Ends the server at once, for good, and removes its folder.
  @Override
  public void close() throws IOException {
    synchronized (lock) {
      closed = true;
    }
    try {
      crash();
    } catch (InterruptedException e) {
      destroy();
      Thread.currentThread().interrupt();
    }
    Folders.delete(folder);
    Files.deleteIfExists(log());
    Files.deleteIfExists(passwordFile());
  }

  private void destroy() {
    family().forEach(ProcessHandle::destroyForcibly);
  }

  private boolean awaitEnd(Duration limit) throws InterruptedException {
    Process current;
    synchronized (lock) {
      current = process;
    }
    return current == null || current.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<ProcessHandle> own() {
    synchronized (lock) {
      return process == null ? List.of() : List.of(process.toHandle());
    }
  }

  /// The server process first, then its sessions.
  private List<ProcessHandle> family() {
    List<ProcessHandle> all = new ArrayList<>();
    for (ProcessHandle server : own()) {
      all.add(server);
      server.descendants().forEach(all::add);
    }
    return all;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private String logEnd() throws IOException {
    List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  private static String newPassword() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private void writePassword() throws IOException {
    Files.deleteIfExists(passwordFile());
    Files.createFile(
        passwordFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile(), password + "\n");
  }
}
