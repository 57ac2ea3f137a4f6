package dev.signalbox.demo.postgres;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.support.Await;
import dev.signalbox.support.RealComponent;
import dev.signalbox.support.TestDatabases;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// A real PgBouncer of our own in front of one database, on loopback, transaction pooling, which
/// wants passwords by SCRAM. It refuses to run as root, so it runs as PostgreSQL does here.
public final class PgBouncerProcess implements Closeable {
  public static final String ENTRY = "bank-1";
  public static final String ADMIN = "signalbox";
  public static final String PASSWORD = "a'dmin \"pass\" wörd";

  private final Path folder;
  private final int port;
  private final Unprivileged rights;
  private Process process;

  /// @param live its database is the one it leads to
  /// @param auth its `auth_type`
  /// @param more lines of section `[pgbouncer]`
  public PgBouncerProcess(
      Path folder, PostgresServer live, Application application, String auth, String more)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.port = Ports.free();
    this.rights = Unprivileged.find(folder);
    PostgresServer.Coordinates at = live.coordinates();
    Path users = folder.resolve("users");
    Files.writeString(
        users,
        "\"%s\" \"%s\"\n\"%s\" \"%s\"\n"
            .formatted(
                ADMIN, PASSWORD.replace("\"", "\"\""), application.role(), application.password()));
    Files.writeString(
        ini(),
        """
        ;; kept as it is: %%include, [databases] in a comment
        [databases]
        # bank-1 = host=10.0.0.1 port=1
        other = host=127.0.0.1 port=1 dbname=elsewhere
        bank-1 =\thost='127.0.0.1'  port = %d dbname=%s pool_size=10 connect_query='select ''x'''

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = %s
        auth_file = %s
        admin_users = signalbox
        pool_mode = transaction
        ignore_startup_parameters = extra_float_digits, options
        server_login_retry = 1
        """
                .formatted(at.port(), at.database(), port, auth, users)
            + more
            + "\n");
    Files.writeString(folder.resolve("secret"), PASSWORD + "\n");
    start();
  }

  public PgBouncerProcess(Path folder, PostgresServer live, Application application)
      throws IOException, InterruptedException {
    this(folder, live, application, "scram-sha-256", "");
  }

  /// Who connects through it: the same on both servers, and nobody else's role.
  public record Application(String role, String password) {
    /// Made on both servers, with the right to read and write what is and will be in `public`.
    public static Application in(TestDatabases databases) {
      String role = "app_" + databases.blue().coordinates().database();
      for (Colour colour : Colour.values()) {
        TestDatabases.jdbi(databases.asSuperuser(colour))
            .useHandle(h -> {
              h.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'of the application'");
              h.execute("GRANT pg_read_all_data, pg_write_all_data TO " + role);
            });
      }
      return new Application(role, "of the application");
    }
  }

  public Path ini() {
    return folder.resolve("pgbouncer.ini");
  }

  /// For the console.
  public PgBouncer settings() {
    return settings(TlsMode.PREFER);
  }

  public PgBouncer settings(TlsMode tls) {
    return new PgBouncer(
        "127.0.0.1",
        port,
        ADMIN,
        new SecretSource.InFile(folder.resolve("secret")),
        ENTRY,
        ini(),
        tls,
        Optional.empty());
  }

  /// Starts it again after [#end].
  public void start() throws IOException, InterruptedException {
    rights.handOver(folder);
    process =
        new ProcessBuilder(
                rights.command(
                    List.of(RealComponent.program("pgbouncer").toString(), ini().toString())))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    Await.until(
        "PgBouncer listens, see " + log(),
        () -> {
          if (!process.isAlive()) {
            return true;
          }
          try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
          }
        });
    if (!process.isAlive()) {
      throw new IOException("PgBouncer ended: " + Files.readString(log()));
    }
  }

  public Path log() {
    return folder.resolve("log");
  }

  /// As a machine that hangs would look.
  public void freeze() throws IOException, InterruptedException {
    Signals.send("STOP", List.of(process.toHandle()));
  }

  public void thaw() throws IOException, InterruptedException {
    Signals.send("CONT", List.of(process.toHandle()));
  }

  /// Ends it at once, as a crash would.
  public void end() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      throw new IllegalStateException("PgBouncer does not end");
    }
  }

  /// As an application connects, through it.
  public Connection connect(Application as) throws SQLException {
    Properties how = new Properties();
    how.setProperty("user", as.role());
    how.setProperty("password", as.password());
    how.setProperty("ApplicationName", "bank");
    // Transactions of one session go over several connections.
    how.setProperty("prepareThreshold", "0");
    how.setProperty("socketTimeout", "20");
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + ENTRY, how);
  }

  /// Which side its text leads to, as a person would read it.
  public boolean says(PostgresServer server) throws IOException {
    return Files.readString(ini()).contains("port = " + server.coordinates().port() + " ");
  }

  @Override
  public void close() throws IOException {
    // Also one that is frozen: KILL is not waited for by who is killed.
    process.destroyForcibly().onExit().join();
    Folders.delete(folder);
  }
}
