package dev.signalbox.demo.app;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.management.ManagementFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The backend's answers. Requests arrive on the event loop; each that asks the database runs on a
/// virtual thread of its own.
final class BackendApi {
  /// What customers will ask, and what changes nothing.
  static final List<Service.Rehearsal> REHEARSALS =
      List.of(
          new Service.Rehearsal(HttpMethod.GET, "/api/accounts/1", ""),
          // Refused, since there are no such accounts.
          new Service.Rehearsal(
              HttpMethod.POST,
              "/api/transfers",
              """
              {"requestId":"00000000-0000-0000-0000-000000000000","from":-1,"to":-2,"amount":1}\
              """));

  private static final Logger LOG = LoggerFactory.getLogger(BackendApi.class);
  private static final Pattern ACCOUNT = Pattern.compile("/api/accounts/([0-9]{1,18})");
  private static final int LARGEST_BODY = 4_096;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Options options;
  private final DatabaseLink link;
  private final Bank bank;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BackendApi(Options options, DatabaseLink link) {
    this.options = options;
    this.link = link;
    this.bank = new Bank(link, options.version());
  }

  void handle(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    if (path.equals("/api/transfers")) {
      post(request);
      return;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      send(request, Reply.problem(405, "Only GET is allowed here."));
      return;
    }
    Matcher account = ACCOUNT.matcher(path);
    if (account.matches()) {
      work(request, () -> account(Long.parseLong(account.group(1))));
      return;
    }
    switch (path) {
      case "/api/health" -> send(request, new Reply(200, Map.of("status", "UP")));
      case "/api/health/db" -> work(request, () -> database().reply());
      case "/api/warm-up" -> work(request, this::warmUp);
      case "/api/health/detailed" -> work(request, this::detailed);
      default -> send(request, Reply.problem(404, "There is nothing at this address."));
    }
  }

  private void post(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      send(request, Reply.problem(405, "Only POST is allowed here."));
      return;
    }
    String length = request.getHeader("Content-Length");
    if (length == null
        || !length.matches("[0-9]{1,4}")
        || Integer.parseInt(length) > LARGEST_BODY) {
      send(request, Reply.problem(413, "A transfer has at most " + LARGEST_BODY + " bytes."));
      return;
    }
    request
        .body()
        .onSuccess(body -> work(request, () -> transfer(body.getBytes())))
        .onFailure(e -> LOG.info("A client went away: {}", e.toString()));
  }

  private Reply account(long id) throws SQLException {
    return bank.account(id)
        .map(found -> new Reply(200, found))
        .orElseGet(() -> Reply.problem(404, "There is no account " + id + "."));
  }

  private Reply transfer(byte[] body) throws SQLException {
    Bank.Transfer transfer;
    try {
      transfer = JSON.readValue(body, Bank.Transfer.class);
    } catch (JacksonException e) {
      return Reply.problem(400, "This is no transfer: " + e.getOriginalMessage());
    }
    if (!transfer.isValid()) {
      return Reply.problem(
          400, "A transfer needs a requestId, two different accounts and an amount above 0.");
    }
    return new Reply(201, Map.of("id", bank.transfer(transfer)));
  }

  /// What the database in use says of itself, now.
  record DatabaseHealth(String status, Map<String, Object> database, String problem) {
    Reply reply() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("status", status);
      if (!database.isEmpty()) {
        json.put("database", database);
      }
      if (!problem.isEmpty()) {
        json.put("problem", problem);
      }
      return new Reply(status.equals("UP") ? 200 : 503, json);
    }
  }

  private DatabaseHealth database() {
    try {
      return link.with((target, connection) -> {
        long start = System.nanoTime();
        try (var statement =
                connection.prepareStatement(
                    "SELECT current_database(), system_identifier FROM pg_control_system()");
            ResultSet row = statement.executeQuery()) {
          row.next();
          Map<String, Object> database = new LinkedHashMap<>();
          database.put("generation", target.file().generation());
          database.put("epoch", target.file().epoch());
          database.put("systemIdentifier", row.getString(2));
          database.put("name", row.getString(1));
          database.put("latencyMs", (System.nanoTime() - start) / 1_000_000.0);
          return new DatabaseHealth("UP", database, link.problem());
        }
      });
    } catch (SQLException e) {
      return new DatabaseHealth("DOWN", Map.of(), String.valueOf(e.getMessage()));
    }
  }

  /// For whoever sends traffic here soon. Changes nothing.
  private Reply warmUp() throws SQLException {
    link.rehearse(target -> Bank.rehearseStatements(target, options.version()));
    return new Reply(200, Map.of("status", "UP"));
  }

  private Reply detailed() {
    DatabaseHealth database = database();
    Runtime runtime = Runtime.getRuntime();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", database.status());
    json.put("stack", options.stack().id());
    json.put("version", options.version());
    json.put("pid", ProcessHandle.current().pid());
    json.put("uptimeMs", ManagementFactory.getRuntimeMXBean().getUptime());
    json.put(
        "heap",
        Map.of(
            "usedBytes",
            runtime.totalMemory() - runtime.freeMemory(),
            "maxBytes",
            runtime.maxMemory()));
    json.put("database", database.database());
    json.put("problem", database.problem());
    return new Reply(database.status().equals("UP") ? 200 : 503, json);
  }

  private void work(HttpServerRequest request, Work work) {
    Context context = Vertx.currentContext();
    threads.execute(() -> {
      Reply reply = run(work);
      context.runOnContext(ignored -> send(request, reply));
    });
  }

  private static Reply run(Work work) {
    try {
      return work.run();
    } catch (Bank.RefusedException e) {
      return Reply.problem(409, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      if (Bank.FENCED.equals(e.getSQLState())) {
        return Reply.problem(503, "This database takes no writes at the moment. Try again.");
      }
      LOG.warn("The database failed: {}", e.toString());
      return Reply.problem(503, "The database did not answer: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("A request failed", e);
      return Reply.problem(500, "This is a mistake of ours.");
    }
  }

  private static void send(HttpServerRequest request, Reply reply) {
    if (request.response().closed() || request.response().ended()) {
      return;
    }
    request
        .response()
        .setStatusCode(reply.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(JSON.writeValueAsString(reply.json()));
  }

  record Reply(int status, Object json) {
    static Reply problem(int status, String sentence) {
      return new Reply(status, Map.of("problem", sentence));
    }
  }

  private interface Work {
    Reply run() throws SQLException;
  }
}
