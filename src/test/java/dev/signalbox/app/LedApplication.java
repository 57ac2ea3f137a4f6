package dev.signalbox.app;

import com.sun.net.httpserver.HttpServer;
import dev.signalbox.demo.postgres.PgBouncerProcess;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.support.TestDatabases;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// An application that finds its database by one kind of route.
final class LedApplication implements Closeable {
  private final Path folder;
  private final TestDatabases databases;
  private final String kind;
  private final PgBouncerProcess.Application as;
  private final Path place;
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final RouteSettings route;

  LedApplication(String kind, Path folder, TestDatabases databases) throws Exception {
    this.kind = kind;
    this.folder = folder;
    this.databases = databases;
    this.as = PgBouncerProcess.Application.in(databases);
    this.place = folder.resolve("place");
    this.route = route();
  }

  RouteSettings settings() {
    return route;
  }

  private RouteSettings route() throws Exception {
    return switch (kind) {
      case "pgbouncer" -> {
        PgBouncerProcess one = new PgBouncerProcess(folder.resolve("one"), databases.blue(), as);
        open.push(one);
        yield new RouteSettings.PgBouncers(List.of(one.settings()));
      }
      case "file" -> {
        Path password = Files.writeString(folder.resolve("app.password"), as.password());
        yield new RouteSettings.SharedFile(
            new StackFile(
                place, as.role(), new SecretSource.InFile(password), Optional.of(acknowledging())));
      }
      case "command" -> {
        String port = Integer.toString(databases.blue().coordinates().port());
        Files.writeString(place, "blue " + port + "\n");
        yield new RouteSettings.Command(
            List.of("/bin/sh", "-c", "echo {colour} {port} > '" + place + "'; echo done"),
            List.of("/bin/sh", "-c", "cut -d ' ' -f 1 '" + place + "'"),
            Duration.ofSeconds(3));
      }
      case "multiHost" -> new RouteSettings.MultiHost();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /// A new connection, as the application makes one now.
  Connection connect() throws SQLException, IOException {
    return switch (route) {
      case RouteSettings.PgBouncers _ -> ((PgBouncerProcess) open.getFirst()).connect(as);
      case RouteSettings.SharedFile _ ->
          DriverManager.getConnection(
              told().getProperty("url"),
              told().getProperty("user"),
              Files.readString(Path.of(told().getProperty("passwordFile"))));
      case RouteSettings.Command _ ->
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:"
                  + Files.readString(place).strip().split(" ", -1)[1]
                  + "/"
                  + databases.blue().coordinates().database(),
              as.role(),
              as.password());
      case RouteSettings.MultiHost _ ->
          DriverManager.getConnection(
              "jdbc:postgresql://%s,%s/%s?targetServerType=primary&hostRecheckSeconds=0"
                  .formatted(
                      at(Colour.BLUE), at(Colour.GREEN), databases.blue().coordinates().database()),
              as.role(),
              as.password());
      case RouteSettings.Files _ -> throw new IllegalStateException("each stack has its own");
    };
  }

  private String at(Colour colour) {
    PostgresServer.Coordinates at = databases.get(colour).coordinates();
    return at.host() + ":" + at.port();
  }

  void insert(int id) throws SQLException, IOException {
    try (Connection c = connect();
        Statement statement = c.createStatement()) {
      statement.execute("INSERT INTO item VALUES (" + id + ")");
    }
  }

  private Properties told() throws IOException {
    Properties told = new Properties();
    told.load(new StringReader(Files.readString(place)));
    return told;
  }

  /// Says which database it is really connected to.
  private URI acknowledging() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = acknowledgement().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    open.push(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/health/db");
  }

  private String acknowledgement() throws IOException {
    String generation = told().getProperty("generation");
    try (Connection c = connect();
        Statement statement = c.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT system_identifier, current_database() FROM pg_control_system()")) {
      row.next();
      return "{\"database\":{\"generation\":%s,\"systemIdentifier\":\"%s\",\"name\":\"%s\"}}"
          .formatted(generation, row.getString(1), row.getString(2));
    } catch (SQLException e) {
      return "{\"problem\":\"" + e.getSQLState() + "\"}";
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable one : open) {
      one.close();
    }
  }
}
