package dev.signalbox.demo.app;

import static dev.signalbox.support.TestDatabases.count;
import static dev.signalbox.support.TestDatabases.identity;
import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The backend against two real databases, one account sheet in each.
@Tag("long")
final class BackendTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private TestDatabases databases;
  private Backend.Running backend;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    for (Colour colour : Colour.values()) {
      try (Connection connection =
          databases.asSuperuser(colour).open("test", Duration.ofSeconds(20))) {
        DemoData.createRole(connection, "it's secret");
        DemoData.applyFirstVersion(connection);
        DemoData.seed(connection, 10, 0);
      }
    }
    Files.writeString(folder.resolve("password"), "it's secret\n");
    backend =
        Backend.start(
            new Options(Colour.BLUE, "v2", 0, folder.resolve("database.properties"), false));
  }

  @AfterEach
  void stop() throws Exception {
    backend.close();
    databases.close();
    http.close();
  }

  @Test
  void usesTheDatabaseOfTheFileAndProvesIt() throws Exception {
    HttpResponse<String> before = get("/api/health/db");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).contains("DOWN", "problem");
    assertThat(get("/api/health").statusCode()).isEqualTo(200);

    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    assertThat(database().get("systemIdentifier").asString())
        .isEqualTo(identity(databases.asSuperuser(Colour.BLUE)));
    assertThat(database().get("name").asString())
        .isEqualTo(databases.asSuperuser(Colour.BLUE).coordinates().database());
    HttpResponse<String> account = get("/api/accounts/3");
    assertThat(account.statusCode()).isEqualTo(200);
    assertThat(account.headers().firstValue("X-Signalbox-Stack")).hasValue("blue");
    assertThat(account.headers().firstValue("X-Signalbox-Version")).hasValue("v2");
    assertThat(JSON.readTree(account.body()).get("balance").asLong()).isEqualTo(DemoData.OPENING);

    tell(2, 1, Colour.GREEN);
    Await.until("green is in use", () -> database().get("generation").asLong() == 2);
    assertThat(database().get("systemIdentifier").asString())
        .isEqualTo(identity(databases.asSuperuser(Colour.GREEN)));
    assertThat(post(1, 2, 7).statusCode()).isEqualTo(201);
    assertThat(balance(databases.asSuperuser(Colour.GREEN), 1)).isEqualTo(DemoData.OPENING - 7);
    assertThat(balance(databases.asSuperuser(Colour.BLUE), 1)).isEqualTo(DemoData.OPENING);
    Await.until(
        "no connection to blue is left",
        () ->
            count(
                    databases.asSuperuser(Colour.BLUE),
                    "pg_stat_activity WHERE usename = 'bank_app' AND datname = current_database()")
                == 0);
  }

  @Test
  void obeysNoDeposedConsole() throws Exception {
    tell(5, 3, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 5);
    tell(6, 2, Colour.GREEN);
    Await.until(
        "it is refused", () -> detailed().get("problem").asString().contains("older console"));
    assertThat(database().get("generation").asLong()).isEqualTo(5);
    assertThat(database().get("systemIdentifier").asString())
        .isEqualTo(identity(databases.asSuperuser(Colour.BLUE)));
    tell(6, 3, Colour.GREEN);
    Await.until("the next one is in use", () -> database().get("generation").asLong() == 6);
    assertThat(detailed().get("problem").asString()).isEmpty();
  }

  @Test
  void keepsItsDatabaseWhenTheNewOneDoesNotAnswer() throws Exception {
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    write(2, 1, "jdbc:postgresql://127.0.0.1:1/bank");
    Await.until("the problem is shown", () -> !detailed().get("problem").asString().isEmpty());
    assertThat(database().get("generation").asLong()).isEqualTo(1);
    assertThat(post(1, 2, 1).statusCode()).isEqualTo(201);
    tell(3, 1, Colour.GREEN);
    Await.until("green is in use", () -> database().get("generation").asLong() == 3);
    assertThat(detailed().get("problem").asString()).isEmpty();
  }

  @Test
  void aTransferIsWholeOrNotAtAll() throws Exception {
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    assertThat(post(1, 2, 100).statusCode()).isEqualTo(201);
    assertThat(post(1, 2, DemoData.OPENING).statusCode()).isEqualTo(409);
    assertThat(post(1, 99, 1).statusCode()).isEqualTo(409);
    assertThat(post(1, 1, 1).statusCode()).isEqualTo(400);
    assertThat(post(1, 2, -1).statusCode()).isEqualTo(400);
    assertThat(send("POST", "/api/transfers", "{'").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/api/transfers", "x".repeat(5_000)).statusCode()).isEqualTo(413);
    assertThat(send("DELETE", "/api/transfers", "").statusCode()).isEqualTo(405);
    assertThat(get("/api/accounts/99").statusCode()).isEqualTo(404);
    assertThat(count(databases.asSuperuser(Colour.BLUE), "transfers")).isEqualTo(1);
    assertThat(count(databases.asSuperuser(Colour.BLUE), "entries")).isEqualTo(2);
    assertThat(balance(databases.asSuperuser(Colour.BLUE), 2)).isEqualTo(DemoData.OPENING + 100);
  }

  @Test
  void aFenceIsAnAnswerNotAMistake() throws Exception {
    jdbi(databases.asSuperuser(Colour.BLUE))
        .useHandle(h -> {
          h.execute(
              "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                  + " RAISE EXCEPTION 'fenced' USING ERRCODE = '25006'; END $$");
          h.execute(
              "CREATE TRIGGER fence BEFORE INSERT OR UPDATE OR DELETE ON accounts"
                  + " FOR EACH STATEMENT EXECUTE FUNCTION refuse()");
        });
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    HttpResponse<String> refused = post(1, 2, 3);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("takes no writes");
    assertThat(get("/api/accounts/1").statusCode()).isEqualTo(200);
    assertThat(count(databases.asSuperuser(Colour.BLUE), "transfers")).isZero();
    assertThat(get("/api/warm-up").statusCode()).isEqualTo(200);
  }

  /// A backend of the live stack that is started again is in nobody's way, nor in its own.
  @Test
  void aWarmUpOnTablesInUseLocksNobodyOut() throws Exception {
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    DatabaseFileReader file = DatabaseFileReader.read(folder.resolve("database.properties"));
    Pool pool = Pool.open(file, "blue");
    try (ExecutorService customer = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean enough = new AtomicBoolean();
      List<Future<Integer>> served = new ArrayList<>();
      for (int n = 0; n < 4; n++) {
        served.add(
            customer.submit(() -> {
              int count = 0;
              while (!enough.get()) {
                assertThat(post(1 + count % 2, 2 - count % 2, 1).statusCode()).isEqualTo(201);
                count++;
              }
              return count;
            }));
      }
      try {
        for (int n = 0; n < 4; n++) {
          Bank.rehearse(new DatabaseLink.Target(file, pool), "v2");
        }
      } finally {
        enough.set(true);
      }
      for (Future<Integer> one : served) {
        assertThat(one.get()).isPositive();
      }
    } finally {
      pool.retire();
    }
  }

  @Test
  void warmsUpWithWhatCustomersAskAndChangesNothing() throws Exception {
    assertThat(get("/api/warm-up").statusCode()).isEqualTo(503);
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    assertThat(backend.service().rehearse(BackendApi.REHEARSALS).await(60, TimeUnit.SECONDS))
        .isEqualTo(BackendApi.REHEARSALS.size() * Service.REHEARSALS);
    assertThat(get("/api/warm-up").statusCode()).isEqualTo(200);
    assertThat(count(databases.asSuperuser(Colour.BLUE), "transfers")).isZero();
    assertThat(balance(databases.asSuperuser(Colour.BLUE), 1)).isEqualTo(DemoData.OPENING);
  }

  /// Its own connection gives the database up after 5 s, so this runs alone, and green was in use
  /// before.
  @Test
  @Tag("rig")
  void aRequestUnderWayFinishesOnTheOldDatabaseAndBeforeTheEnd() throws Exception {
    tell(1, 1, Colour.GREEN);
    Await.until("green was in use", () -> database().get("generation").asLong() == 1);
    tell(2, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 2);
    try (Connection blocker =
        databases.asSuperuser(Colour.BLUE).open("blocker", Duration.ofSeconds(20))) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("SELECT FROM accounts WHERE id = 1 FOR UPDATE");
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(() -> unchecked(() -> post(1, 2, 3)));
      Await.until(
          "the transfer waits",
          () ->
              count(
                      databases.asSuperuser(Colour.BLUE),
                      "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
                  == 1);
      tell(3, 1, Colour.GREEN);
      Await.until("green is in use", () -> database().get("generation").asLong() == 3);
      Thread ending = Thread.ofPlatform().start(backend::close);
      assertThat(waiting).isNotDone();
      blocker.rollback();
      assertThat(waiting.get().statusCode()).isEqualTo(201);
      ending.join();
    }
    assertThat(count(databases.asSuperuser(Colour.BLUE), "transfers")).isEqualTo(1);
    assertThat(count(databases.asSuperuser(Colour.GREEN), "transfers")).isZero();
  }

  @Test
  void writesTheNewColumnWhereItIs() throws Exception {
    jdbi(databases.asSuperuser(Colour.BLUE))
        .useHandle(h -> h.execute("ALTER TABLE transfers ADD COLUMN note text"));
    tell(1, 1, Colour.BLUE);
    Await.until("blue is in use", () -> database().get("generation").asLong() == 1);
    assertThat(post(1, 2, 3).statusCode()).isEqualTo(201);
    assertThat(count(databases.asSuperuser(Colour.BLUE), "transfers WHERE note = 'by v2'"))
        .isEqualTo(1);
  }

  private void tell(long generation, long epoch, Colour colour) throws IOException {
    write(generation, epoch, databases.get(colour).coordinates().jdbcUrl());
  }

  private void write(long generation, long epoch, String url) throws IOException {
    Path part = folder.resolve("part");
    Files.writeString(
        part,
        "generation=%d\nepoch=%d\ncolour=blue\nurl=%s\nuser=bank_app\npasswordFile=%s\n"
            .formatted(generation, epoch, url, folder.resolve("password")));
    Files.move(part, folder.resolve("database.properties"), StandardCopyOption.ATOMIC_MOVE);
  }

  private JsonNode database() throws Exception {
    return JSON.readTree(get("/api/health/db").body()).get("database");
  }

  private JsonNode detailed() throws Exception {
    return JSON.readTree(get("/api/health/detailed").body());
  }

  private HttpResponse<String> post(long from, long to, long amount) throws Exception {
    return send(
        "POST",
        "/api/transfers",
        "{\"requestId\":\"%s\",\"from\":%d,\"to\":%d,\"amount\":%d}"
            .formatted(UUID.randomUUID(), from, to, amount));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend.port() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static <T> T unchecked(java.util.concurrent.Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long balance(PostgresServer server, long account) {
    return jdbi(server)
        .withHandle(h ->
            h.createQuery("SELECT balance FROM accounts WHERE id = :id")
                .bind("id", account)
                .mapTo(Long.class)
                .one());
  }
}
