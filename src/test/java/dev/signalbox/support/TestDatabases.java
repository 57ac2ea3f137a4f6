package dev.signalbox.support;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.DatabaseTypes;
import dev.signalbox.engine.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;

/// A fresh, empty database on each of two real servers, for one test; gone with [#close], together
/// with the sessions, subscriptions and slots that a test left in them. The console's role owns
/// them and is no superuser: it may what a managed service lets it. The servers are shared by all
/// tests of the JVM (see [TestServers]): a test that stops or freezes a server starts its own pair
/// with [EmbeddedPostgres].
///
/// ```java
/// try (TestDatabases databases = TestDatabases.create()) {
///   jdbi(databases.blue()).useHandle(h -> h.execute("CREATE TABLE t (id int PRIMARY KEY)"));
/// }
/// ```
public final class TestDatabases implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Map<Colour, Connection> ADMINISTRATORS = new EnumMap<>(Colour.class);
  private static final String CONSOLE = "console";
  private static final String PASSWORD = UUID.randomUUID().toString();

  private final String name;
  private final Map<Colour, PostgresServer> servers = new EnumMap<>(Colour.class);

  private TestDatabases(String name) {
    this.name = name;
    for (Colour colour : Colour.values()) {
      PostgresServer.Coordinates at = TestServers.get(colour).coordinates(name);
      servers.put(
          colour,
          new PostgresServer(
              colour,
              new PostgresServer.Coordinates(
                  at.host(), at.port(), at.database(), CONSOLE, PASSWORD)));
    }
  }

  /// The same database name on both servers.
  public static TestDatabases create() throws SQLException {
    String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    for (Colour colour : Colour.values()) {
      execute(colour, "CREATE DATABASE " + name + " OWNER " + CONSOLE + " STRATEGY wal_log");
    }
    return new TestDatabases(name);
  }

  /// Each question on a connection of its own; none takes longer than 5 s.
  public static Jdbi jdbi(PostgresServer server) {
    return Jdbi.create(() -> server.open("test", Duration.ofSeconds(5)))
        .installPlugin(new DatabaseTypes());
  }

  /// @param what a table, with a condition if need be
  public static long count(PostgresServer server, String what) {
    return jdbi(server)
        .withHandle(h -> h.createQuery("SELECT count(*) FROM " + what).mapTo(Long.class).one());
  }

  /// The system identifier of the server.
  public static String identity(PostgresServer server) {
    return jdbi(server)
        .withHandle(h ->
            h.createQuery("SELECT system_identifier FROM pg_control_system()")
                .mapTo(String.class)
                .one());
  }

  /// The same database as a superuser sees it.
  public PostgresServer asSuperuser(Colour colour) {
    return new PostgresServer(colour, TestServers.get(colour).coordinates(name));
  }

  /// Connects as the console does.
  public PostgresServer get(Colour colour) {
    return java.util.Objects.requireNonNull(servers.get(colour));
  }

  /// Both, as a plane takes them.
  public Map<Colour, PostgresServer> servers() {
    return Map.copyOf(servers);
  }

  public PostgresServer blue() {
    return get(Colour.BLUE);
  }

  public PostgresServer green() {
    return get(Colour.GREEN);
  }

  @Override
  public void close() throws SQLException {
    for (Colour colour : Colour.values()) {
      dropSubscriptions(colour);
    }
    for (Colour colour : Colour.values()) {
      // A slot keeps its database from being dropped, and a walsender keeps its slot.
      execute(
          colour,
          "DO $$ DECLARE s record; BEGIN"
              + " PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = '"
              + name
              + "' AND pid <> pg_backend_pid();"
              + " FOR s IN SELECT slot_name FROM pg_replication_slots WHERE database = '"
              + name
              + "' LOOP PERFORM pg_drop_replication_slot(s.slot_name); END LOOP; END $$");
      execute(colour, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
  }

  private void dropSubscriptions(Colour colour) throws SQLException {
    List<String> names =
        names(
            administrator(colour),
            "SELECT quote_ident(subname) FROM pg_subscription JOIN pg_database d"
                + " ON d.oid = subdbid WHERE d.datname = '"
                + name
                + "'");
    if (names.isEmpty()) {
      return;
    }
    try (Connection connection = asSuperuser(colour).open("test", Duration.ofSeconds(20));
        Statement statement = connection.createStatement()) {
      for (String subscription : names) {
        statement.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
        statement.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
        statement.execute("DROP SUBSCRIPTION " + subscription);
      }
    }
  }

  private static List<String> names(Connection connection, String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static void execute(Colour colour, String sql) throws SQLException {
    try (Statement statement = administrator(colour).createStatement()) {
      statement.execute(sql);
    }
  }

  /// One for all tests of this JVM: a connection costs as much as a small test.
  private static Connection administrator(Colour colour) throws SQLException {
    synchronized (ADMINISTRATORS) {
      Connection known = ADMINISTRATORS.get(colour);
      if (known == null || known.isClosed()) {
        PostgresServer.Coordinates at = TestServers.get(colour).coordinates("postgres");
        known = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
        try (Statement statement = known.createStatement()) {
          statement.execute(
              "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '"
                  + CONSOLE
                  + "') THEN CREATE ROLE "
                  + CONSOLE
                  + " LOGIN CREATEROLE REPLICATION PASSWORD '"
                  + PASSWORD
                  + "' IN ROLE pg_create_subscription, pg_monitor, pg_signal_backend; END IF; END"
                  + " $$");
        }
        ADMINISTRATORS.put(colour, known);
      }
      return known;
    }
  }
}
