package dev.signalbox.cluster;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.signalbox.cluster.TestClient.TestSession;
import dev.signalbox.cluster.result.Thrifts;
import dev.signalbox.cluster.settings.ClusterSettings.EngineSettings;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.strategy.control.CancelQueryCommand;
import dev.signalbox.engine.strategy.control.MakeLiveCommand;
import dev.signalbox.engine.strategy.control.OpenQuery;
import dev.signalbox.engine.strategy.control.ProbeQuery;
import dev.signalbox.engine.strategy.control.SuspendCommand;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.CancelQueryRequest;
import dev.signalbox.strategy.wire.ClusterServiceGrpc;
import dev.signalbox.strategy.wire.ClusterStatusRequest;
import dev.signalbox.strategy.wire.ExecuteStatementV2Request;
import dev.signalbox.strategy.wire.ExplainAnalyzeRequest;
import dev.signalbox.strategy.wire.ExplainAnalyzeResponse;
import dev.signalbox.strategy.wire.GetColumnsV2Request;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.GetTablesV2Request;
import dev.signalbox.strategy.wire.ResumeRequest;
import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.strategy.wire.SuspendRequest;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class QueryServiceTest {
  private static final String SLEEP = "SELECT pg_sleep(60)";

  @TempDir Path folder;
  private TestDatabases databases;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    for (Colour colour : Colour.values()) {
      jdbi(databases.get(colour))
          .useHandle(h -> {
            h.execute("CREATE TABLE t (id int PRIMARY KEY, stack text)");
            h.execute("INSERT INTO t SELECT g, '" + colour + "' FROM generate_series(1, 1000) g");
          });
    }
    cluster = new TestCluster(folder, databases);
  }

  @AfterEach
  void end() throws Exception {
    cluster.close();
    databases.close();
  }

  private void restart(Limits limits) throws Exception {
    cluster.close();
    cluster = new TestCluster(TestCluster.settings(folder, databases, limits));
  }

  private static void fails(ThrowingCallable call, Status.Code code, String text) {
    StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.getStatus().getCode()).isEqualTo(code);
    assertThat(e.getStatus().getDescription()).contains(text);
  }

  private static void wrongStrategy(ThrowingCallable call) {
    assertThatThrownBy(call).hasMessage("UNKNOWN: status: 456");
  }

  private int working(String sql) {
    return jdbi(databases.blue())
        .withHandle(h ->
            h.createQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND datname = current_database() AND query = :sql")
                .bind("sql", sql)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void aParameterAsExistingConnectorsEscapeItFindsNoOtherRow() {
    TestSession session = cluster.client().session("blue");
    String none = session.run("SELECT id FROM t WHERE stack = 'x\\' OR 1=1 --'");
    assertThat(session.fetchAll(none)).isEmpty();
    String doubled = session.run("SELECT 'it''s', 'it\\'s', E'it\\'s'");
    assertThat(new String(session.fetch(doubled), StandardCharsets.UTF_8))
        .containsPattern("(?s)it's.*it's.*it's");
    fails(
        () -> session.prepare("SELECT 1 WHERE 'x\\\\' = ''; RESET ALL --'"),
        Status.Code.INVALID_ARGUMENT,
        "One statement");
  }

  @Test
  void aQueryGoesItsWay() {
    TestSession session = cluster.client().session("blue");
    String query = session.run("SELECT id, stack FROM t ORDER BY id;");
    assertThat(new String(session.metadata(query), StandardCharsets.UTF_8))
        .contains("id", "INTEGER", "stack", "STRING");
    assertThat(session.metadata(query)).startsWith(0, 0, 0, 0, 0, 0, 3, 232);
    List<byte[]> batches = session.fetchAll(query);
    Map<Short, Object> chunk = Thrifts.struct(batches.getFirst());
    assertThat(chunk.get((short) 1)).isEqualTo(1000);
    assertThat(cluster.status().getQueries(0).getState()).isEqualTo("done");
    assertThat(
            session
                .stub()
                .status(
                    StatusRequest.newBuilder().setSessionId(session.id()).setQueryId(query).build())
                .getRowCount())
        .isEqualTo(1000);
    session.clear(query);
    session.clear(query);
    assertThat(cluster.status().getQueriesList()).isEmpty();
    assertThat(cluster.status().getBlue().getQueriesEnded()).isEqualTo(1);
  }

  @Test
  void theOldestQueryStandsFirst() {
    TestSession session = cluster.client().session("blue");
    List<String> prepared = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      prepared.add(session.prepare("SELECT 1").getQueryId());
    }
    assertThat(cluster.status().getQueriesList())
        .extracting(OpenQuery::getQueryId)
        .containsExactlyElementsOf(prepared);
  }

  @Test
  void discoveryShowsWhatIsThere() {
    TestSession session = cluster.client().session("blue");
    assertThat(
            session
                .stub()
                .getSchemaNamesV2(
                    GetSchemaNamesV2Request.newBuilder().setSessionId(session.id()).build())
                .getSchemasList())
        .containsExactly("public");
    assertThat(
            session
                .stub()
                .getTablesV2(
                    GetTablesV2Request.newBuilder()
                        .setSessionId(session.id())
                        .setSchema("public")
                        .build())
                .getTablesList())
        .containsExactly("t");
    assertThat(
            session
                .stub()
                .getColumnsV2(
                    GetColumnsV2Request.newBuilder()
                        .setSessionId(session.id())
                        .setSchema("public")
                        .setTable("t")
                        .build())
                .getFieldInfoList())
        .extracting(f -> f.getFieldName() + " " + f.getFieldType())
        .containsExactly("id INTEGER", "stack STRING");
    fails(
        () ->
            session
                .stub()
                .getColumnsV2(
                    GetColumnsV2Request.newBuilder()
                        .setSessionId(session.id())
                        .setTable("x\" UNION SELECT 1")
                        .build()),
        Status.Code.INVALID_ARGUMENT,
        "does not exist");
  }

  @Test
  void anAnalysedPlanSaysHowLongItTook() throws Exception {
    cluster.close();
    EngineSettings narrow = TestCluster.engine(folder, databases.blue(), TestCluster.TIMEOUT, 1);
    cluster = new TestCluster(TestCluster.settings(folder, Limits.defaults(), narrow, narrow));
    TestSession session = cluster.client().session("blue");
    String query = session.prepare("SELECT count(*) FROM t").getQueryId();
    ExplainAnalyzeResponse alone = analyse(session, query);
    assertThat(alone.getExplainAnalyze()).contains("Planning Time: ", "Execution Time: ");
    assertThat(alone.getParsingTime())
        .isEqualTo(PlanCalls.planningMillis(alone.getExplainAnalyze().lines().toList()));
    Await.until(
        "a wait is said",
        () -> {
          // Holds the only connection until it is cleared.
          String holder = session.run("SELECT generate_series(1, 1000000)");
          var waiting = CompletableFuture.supplyAsync(() -> analyse(session, query));
          session.clear(holder);
          return waiting.get(20, TimeUnit.SECONDS).getQueueingTime() > 0;
        });
  }

  private static ExplainAnalyzeResponse analyse(TestSession session, String query) {
    return session
        .stub()
        .explainAnalyze(
            ExplainAnalyzeRequest.newBuilder()
                .setSessionId(session.id())
                .setQueryId(query)
                .build());
  }

  @Test
  void theLiveStackAnswersAndTheOtherSays456() {
    TestClient client = cluster.client();
    assertThat(client.authenticate("blue").getNewStrategy()).isEqualTo("blue");
    wrongStrategy(() -> client.authenticate("green"));
    wrongStrategy(() -> client.authenticate("purple"));
    wrongStrategy(() ->
        client
            .withoutStrategy()
            .authenticate(
                AuthenticateRequest.newBuilder().setUser("alice").setPassword("secret").build()));
    assertThat(cluster.status().getGreen().getRejected456()).isEqualTo(1);

    TestSession blue = client.session("blue");
    String open = blue.run("SELECT stack FROM t");
    assertThat(cluster.announce(Strategy.GREEN).getAnnounced()).isEqualTo("green");
    assertThat(blue.prepare("SELECT 1").getNewStrategy()).isEqualTo("green");
    TestSession green = client.session("green");
    assertThat(client.authenticate("green").getNewStrategy()).isEqualTo("green");
    String other = green.run("SELECT stack FROM t");

    fails(
        () -> cluster.makeLive(Strategy.GREEN, false),
        Status.Code.FAILED_PRECONDITION,
        "blue has 2 open queries");
    var letEnd = MakeLiveCommand.newBuilder().setEpoch(1).setStrategy("green").setLetEnd(true);
    assertThat(cluster.control().makeLive(letEnd.build()).getLive()).isEqualTo("green");
    wrongStrategy(() -> client.authenticate("blue"));
    wrongStrategy(() -> blue.prepare("SELECT 1"));
    assertThat(new String(blue.fetch(open), StandardCharsets.UTF_8)).contains("blue");
    assertThat(new String(green.fetch(other), StandardCharsets.UTF_8)).contains("green");
    blue.clear(open);
    blue.clear(open);
    wrongStrategy(() -> blue.fetch(open));
  }

  @Test
  void forceEndsTheQueriesOfTheOtherStack() throws Exception {
    TestSession blue = cluster.client().session("blue");
    String open = blue.run("SELECT stack FROM t");
    String sleeping = blue.prepare(SLEEP).getQueryId();
    var call = CompletableFuture.runAsync(() -> blue.execute(sleeping));
    Await.until("it sleeps", () -> working(SLEEP) == 1);
    assertThat(cluster.makeLive(Strategy.GREEN, true).getBlue().getOpenQueries()).isZero();
    wrongStrategy(() -> blue.fetch(open));
    wrongStrategy(() -> blue.clear(open));
    assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED");
    Await.until("it sleeps no more", () -> working(SLEEP) == 0);
    cluster.announce(Strategy.BLUE);
    blue.clear(open);
  }

  @Test
  void aStatementThatIsAnalyzedIsAnOpenQuery() throws Exception {
    TestSession session = cluster.client().session("blue");
    String query = session.prepare(SLEEP).getQueryId();
    String analyzed = "EXPLAIN ANALYZE " + SLEEP;
    var call =
        CompletableFuture.runAsync(() -> {
          var _ =
              session
                  .stub()
                  .explainAnalyze(
                      ExplainAnalyzeRequest.newBuilder()
                          .setSessionId(session.id())
                          .setQueryId(query)
                          .build());
        });
    Await.until("it sleeps", () -> working(analyzed) == 1);
    session.clear(query);
    var _ = cluster.announce(Strategy.GREEN);
    fails(
        () -> cluster.makeLive(Strategy.GREEN, false),
        Status.Code.FAILED_PRECONDITION,
        "blue has 1 open quer");
    var _ = cluster.makeLive(Strategy.GREEN, true);
    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED");
    Await.until("it sleeps no more", () -> working(analyzed) == 0);
    assertThat(cluster.status().getQueriesList()).isEmpty();
  }

  @Test
  void aDeposedConsoleCommandsNothing() {
    cluster.announce(Strategy.GREEN);
    fails(
        () -> cluster.control().suspend(SuspendCommand.newBuilder().setEpoch(0).build()),
        Status.Code.FAILED_PRECONDITION,
        "deposed");
    fails(
        () -> cluster.control().cancelQuery(CancelQueryCommand.getDefaultInstance()),
        Status.Code.FAILED_PRECONDITION,
        "deposed");
    assertThat(cluster.status().getSuspended()).isFalse();
  }

  @Test
  void wrongCredentialsGetNoSession() {
    TestClient client = cluster.client();
    for (String[] wrong :
        List.of(
            new String[] {"alice", "other"},
            new String[] {"nobody", "secret"},
            new String[] {"", ""},
            new String[] {"alice", "x".repeat(100_000)})) {
      assertThat(client.authenticate("blue", wrong[0], wrong[1]).getSessionId()).isEmpty();
    }
    assertThat(client.authenticate("blue").getSessionId()).isNotEmpty();
    assertThat(client.authenticate("blue", "alice", "other").getSessionId()).isEmpty();
  }

  @Test
  void aSessionIsOfOneStackAndAQueryOfOneUser() {
    TestClient client = cluster.client();
    cluster.announce(Strategy.GREEN);
    TestSession blue = client.session("blue");
    String query = blue.run("SELECT 1");
    for (TestSession wrong :
        List.of(
            new TestSession("no-such", client.stub("blue")),
            new TestSession(blue.id(), client.stub("green")))) {
      assertThatThrownBy(() -> wrong.prepare("SELECT 1")).hasMessage("INTERNAL: Access denied");
      assertThatThrownBy(() -> wrong.fetch(query)).hasMessage("INTERNAL: Access denied");
      assertThatThrownBy(() -> wrong.clear(query)).hasMessage("INTERNAL: Access denied");
    }
    TestSession bob =
        new TestSession(
            client.authenticate("blue", "bob", "other").getSessionId(), client.stub("blue"));
    fails(() -> bob.fetch(query), Status.Code.NOT_FOUND, "no open query");
    bob.clear(query);
    assertThat(client.session("blue").fetch(query)).isNotEmpty();
  }

  @Test
  void aSuspendedClusterSaysSo() {
    TestClient client = cluster.client();
    TestSession session = client.session("blue");
    String query = session.run("SELECT 1");
    var _ = cluster.control().suspend(SuspendCommand.newBuilder().setEpoch(1).build());
    assertThatThrownBy(() -> client.authenticate("blue")).hasMessage("UNAVAILABLE: status: 503");
    assertThatThrownBy(() -> session.prepare("SELECT 1")).hasMessage("UNAVAILABLE: status: 503");
    wrongStrategy(() -> client.authenticate("green"));
    assertThat(session.fetch(query)).isNotEmpty();
    var service = ClusterServiceGrpc.newBlockingStub(client.channel());
    fails(
        () -> service.resume(ResumeRequest.newBuilder().setUser("alice").build()),
        Status.Code.UNAUTHENTICATED,
        "password");
    var who = ClusterStatusRequest.newBuilder().setUser("alice").setPassword("secret").build();
    assertThat(service.status(who).getStatus()).isEqualTo("suspended");
    assertThat(
            service
                .resume(ResumeRequest.newBuilder().setUser("alice").setPassword("secret").build())
                .getStatus())
        .isEqualTo("active");
    assertThat(client.authenticate("blue").getSessionId()).isNotEmpty();
  }

  @Test
  void onlyOperatorsSuspend() {
    var service = ClusterServiceGrpc.newBlockingStub(cluster.client().channel());
    fails(
        () ->
            service.suspend(
                SuspendRequest.newBuilder().setUser("alice").setPassword("secret").build()),
        Status.Code.PERMISSION_DENIED,
        "operator");
    fails(
        () ->
            service.suspend(
                SuspendRequest.newBuilder().setUser("bob").setPassword("secret").build()),
        Status.Code.UNAUTHENTICATED,
        "password");
    assertThat(cluster.status().getSuspended()).isFalse();
    var bob = SuspendRequest.newBuilder().setUser("bob").setPassword("other").build();
    assertThat(service.suspend(bob).getStatus()).isEqualTo("suspended");
    assertThat(cluster.status().getSuspended()).isTrue();
  }

  @Test
  void aBigResultStreamsInLittleMemory() throws Exception {
    Limits d = Limits.defaults();
    restart(
        new Limits(
            10,
            d.sessionsPerUser(),
            d.queries(),
            10,
            256 << 10,
            10_000,
            2 << 20,
            d.waitingBytes(),
            1000,
            d.messageBytes(),
            d.sessionIdle(),
            d.queryIdle()));
    TestSession session = cluster.client().session("blue");
    // More than the heap of a test.
    String sql = "SELECT repeat(md5(g::text), 64) FROM generate_series(1, 300000) g";
    String query = session.run(sql);
    assertThat(session.metadata(query)).startsWith(255, 255, 255, 255);
    assertThat(cluster.status().getQueries(0).getState()).isEqualTo("fetching");
    // It waits for its reader, inside the transaction.
    assertThat(working(sql)).isZero();
    long bytes = 0;
    for (byte[] batch = session.fetch(query); batch.length > 0; batch = session.fetch(query)) {
      assertThat(batch.length).isLessThan(400 << 10);
      bytes += batch.length;
    }
    assertThat(bytes).isGreaterThan(300_000L * 2048);
    assertThat(session.metadata(query)).startsWith(0, 0, 0, 0, 0, 4, 147, 224);
    assertThat(cluster.status().getBlue().getRows()).isEqualTo(300_000);
  }

  @Test
  void aRowThatIsTooLargeIsRefused() throws Exception {
    Limits d = Limits.defaults();
    restart(
        new Limits(
            10,
            d.sessionsPerUser(),
            d.queries(),
            10,
            64 << 10,
            1000,
            64 << 10,
            d.waitingBytes(),
            1000,
            d.messageBytes(),
            d.sessionIdle(),
            d.queryIdle()));
    TestSession session = cluster.client().session("blue");
    fails(
        () -> session.run("SELECT repeat('x', 1000000)"),
        Status.Code.RESOURCE_EXHAUSTED,
        "limits.bufferedBytes");
    fails(
        () -> session.prepare("SELECT '" + "x".repeat(1000) + "'"),
        Status.Code.INVALID_ARGUMENT,
        "limits.sqlCharacters");
    for (int i = 0; i < 10; i++) {
      String query = session.prepare("SELECT 1").getQueryId();
      assertThat(query).isNotEmpty();
    }
    fails(() -> session.prepare("SELECT 1"), Status.Code.RESOURCE_EXHAUSTED, "10 open queries");
    assertThat(cluster.client().session("blue").run("SELECT 1")).isNotEmpty();
  }

  /// With two connections on each engine.
  private void restartSmall() throws Exception {
    cluster.close();
    cluster = new TestCluster(TestCluster.settings(folder, databases, Limits.defaults(), 2));
  }

  @Test
  void aFullEngineSaysThatNothingWasExecuted() throws Exception {
    restartSmall();
    String many = "SELECT repeat('x', 1000) FROM generate_series(1, 100000)";
    TestSession one = cluster.client().session("blue");
    String streaming = one.run(many);
    // The session has its half.
    fails(() -> one.run("SELECT 1"), Status.Code.RESOURCE_EXHAUSTED, "not executed: The session");
    TestSession two = cluster.client().session("blue");
    String other = two.run(many);
    // Both have the whole; what else comes waits in vain, and the probe does not.
    TestSession three = cluster.client().session("blue");
    assertThatThrownBy(() -> three.run("SELECT 1"))
        .hasMessageStartingWith("RESOURCE_EXHAUSTED: not executed: The blue engine");
    assertThat(probe("blue")).isEmpty();
    one.clear(streaming);
    Await.until(
        "there is room again",
        () -> {
          String small = one.run("SELECT 1");
          return one.fetch(small).length > 0;
        });
    // What was read to its end holds nothing.
    for (int i = 0; i < 5; i++) {
      assertThat(one.run("SELECT 1")).isNotEmpty();
    }
    two.clear(other);
  }

  @Test
  void sessionsOfAUserAndQueriesOfAllAreBounded() throws Exception {
    Limits d = Limits.defaults();
    restart(
        new Limits(
            100,
            3,
            4,
            3,
            d.batchBytes(),
            d.batchRows(),
            d.bufferedBytes(),
            d.waitingBytes(),
            d.sqlCharacters(),
            d.messageBytes(),
            d.sessionIdle(),
            d.queryIdle()));
    TestClient client = cluster.client();
    TestSession bob =
        new TestSession(
            client.authenticate("blue", "bob", "other").getSessionId(), client.stub("blue"));
    TestSession used = client.session("blue");
    String open = used.prepare("SELECT 1").getQueryId();
    for (int i = 0; i < 10; i++) {
      assertThat(client.authenticate("blue").getSessionId()).isNotEmpty();
    }
    // Alice has three; the one with a query is one of them, and bob keeps his.
    assertThat(cluster.status().getBlue().getSessions()).isEqualTo(4);
    used.execute(open);
    for (int i = 0; i < 3; i++) {
      assertThat(bob.prepare("SELECT 1").getQueryId()).isNotEmpty();
    }
    fails(
        () -> used.prepare("SELECT 1"),
        Status.Code.RESOURCE_EXHAUSTED,
        "The cluster has as many open queries as it may (4)");
    used.clear(open);
    for (int i = 0; i < 3; i++) {
      TestSession session = client.session("blue");
      if (i == 0) {
        assertThat(session.prepare("SELECT 1").getQueryId()).isNotEmpty();
      }
    }
    assertThat(cluster.status().getBlue().getSessions()).isEqualTo(4);
  }

  @Test
  void cancellationReachesPostgres() throws Exception {
    TestSession session = cluster.client().session("blue");
    for (String how : List.of("client", "deadline", "console", "clear")) {
      String query = session.prepare(SLEEP).getQueryId();
      var stub =
          how.equals("deadline")
              ? session.stub().withDeadlineAfter(2, TimeUnit.SECONDS)
              : session.stub();
      var call =
          CompletableFuture.runAsync(() -> {
            var _ =
                stub.executeStatementV2(
                    ExecuteStatementV2Request.newBuilder()
                        .setSessionId(session.id())
                        .setQueryId(query)
                        .build());
          });
      if (!how.equals("deadline")) {
        Await.until("it sleeps", () -> working(SLEEP) == 1);
      }
      switch (how) {
        case "client" -> {
          var _ =
              session
                  .stub()
                  .cancelQuery(
                      CancelQueryRequest.newBuilder()
                          .setSessionId(session.id())
                          .setQueryId(query)
                          .build());
        }
        case "console" ->
            assertThat(
                    cluster
                        .control()
                        .cancelQuery(
                            CancelQueryCommand.newBuilder().setEpoch(1).setQueryId(query).build())
                        .getFound())
                .isTrue();
        case "clear" -> session.clear(query);
        default -> {}
      }
      assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
          .hasMessageContaining(how.equals("deadline") ? "DEADLINE_EXCEEDED" : "CANCELLED");
      Await.until("it sleeps no more: " + how, () -> working(SLEEP) == 0);
      Await.until("it is closed: " + how, () -> cluster.status().getQueriesCount() == 0);
    }
    assertThat(new String(session.fetch(session.run("SELECT 'well'")), StandardCharsets.UTF_8))
        .contains("well");
  }

  @Test
  void whatIsAbandonedEnds() throws Exception {
    Limits d = Limits.defaults();
    restart(
        new Limits(
            10,
            d.sessionsPerUser(),
            d.queries(),
            10,
            1 << 20,
            10,
            32 << 20,
            d.waitingBytes(),
            1000,
            d.messageBytes(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1)));
    TestSession session = cluster.client().session("blue");
    String query = session.run("SELECT * FROM t");
    assertThat(session.fetch(query)).isNotEmpty();
    Await.until("the query ends", () -> cluster.status().getQueriesCount() == 0);
    Await.until("the session ends", () -> cluster.status().getBlue().getSessions() == 0);
    assertThatThrownBy(() -> session.fetch(query)).hasMessage("INTERNAL: Access denied");
  }

  @Test
  void statementsOnlyReadAndLeaveNothingBehind() {
    TestSession session = cluster.client().session("blue");
    for (String sql :
        List.of(
            "INSERT INTO t VALUES (0, 'x')",
            "WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x",
            "SELECT 1; DELETE FROM t",
            "EXPLAIN ANALYZE DELETE FROM t",
            "/* /* */ SELECT */ DELETE FROM t",
            "COMMIT",
            "BEGIN READ WRITE",
            "SET default_transaction_read_only = off",
            "SELECT set_config('transaction_read_only', 'off', true)",
            "PREPARE TRANSACTION 'x'",
            "COPY t TO STDOUT",
            "",
            " ; ",
            "SELECT 'a\0b'",
            "SELECT $$",
            "SELECT lo_create(0)")) {
      fails(() -> session.run(sql), Status.Code.INVALID_ARGUMENT, "");
    }
    var _ = session.run("SELECT set_config('default_transaction_read_only', 'off', false)");
    var _ = session.run("SELECT pg_advisory_lock(42)");
    fails(
        () -> session.run("WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x"),
        Status.Code.INVALID_ARGUMENT,
        "25006");
    int locks =
        jdbi(databases.blue())
            .withHandle(h ->
                h.createQuery(
                        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                            + " WHERE locktype = 'advisory' AND datname = current_database()")
                    .mapTo(Integer.class)
                    .one());
    assertThat(locks).isZero();
  }

  @Test
  void errorsOfPostgresNeverLookLikeOnesOfTheProtocol() {
    TestSession session = cluster.client().session("blue");
    for (String text :
        List.of("status: 456", "Status: 503", "HTTP status code 456", "Access denied")) {
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> session.run("SELECT '" + text + "'::int"));
      assertThat(e.getStatus().getDescription()).contains("SQLSTATE 22P02").doesNotContain(text);
    }
    fails(
        () -> session.run("SELECT '" + "ж".repeat(5000) + "'::int"),
        Status.Code.INVALID_ARGUMENT,
        "invalid input syntax");
  }

  @Test
  void aHungEngineHangsNobodyElse() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      EngineSettings hasty =
          TestCluster.engine(folder, databases.blue(), Duration.ofMillis(300), 2);
      EngineSettings hung =
          new EngineSettings(
              "127.0.0.1",
              silent.getLocalPort(),
              "x",
              "x",
              hasty.password(),
              Duration.ofSeconds(1),
              2);
      cluster.close();
      cluster = new TestCluster(TestCluster.settings(folder, Limits.defaults(), hasty, hung));
      cluster.announce(Strategy.GREEN);
      TestSession green = cluster.client().session("green");
      String query = green.prepare("SELECT 1").getQueryId();
      var call = CompletableFuture.runAsync(() -> green.execute(query));
      Await.until("blue is reachable", () -> cluster.status().getBlue().getReachable());
      assertThat(cluster.status().getGreen().getReachable()).isFalse();
      TestSession session = cluster.client().session("blue");
      assertThat(session.fetch(session.run("SELECT 1"))).isNotEmpty();
      fails(
          () -> session.run("SELECT pg_sleep(30)"),
          Status.Code.DEADLINE_EXCEEDED,
          "SQLSTATE 57014");
      assertThat(probe("blue")).isEmpty();
      assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS)).hasMessageContaining("UNAVAILABLE");
      assertThat(probe("green")).isEqualTo("It did not answer within 1.5 s.");
    }
  }

  private String probe(String strategy) {
    return cluster
        .control()
        .probe(ProbeQuery.newBuilder().setStrategy(strategy).build())
        .getProblem();
  }

  @Test
  void everyTypeOfPostgresHasAVectorType() {
    TestSession session = cluster.client().session("blue");
    String query =
        session.run(
            "SELECT true, 1::int2, 2::int4, 3::int8, 1.5::float4, 2.5::float8, 1.10::numeric(10,2),"
                + " 1::numeric(38,0), 1::numeric, 1500::numeric(3,-2), 'a'::text, 'b'::varchar(3),"
                + " gen_random_uuid(), '{}'::json, '{}'::jsonb, E'\\\\x00ff'::bytea,"
                + " date '2024-02-29', timestamp '2024-02-29 12:00', timestamptz '2024-02-29 12:00+05:30',"
                + " ARRAY[1,2], ROW(1,'x'), interval '1 day', pg_sleep(0), NULL::int8");
    String metadata = new String(session.metadata(query), StandardCharsets.ISO_8859_1);
    assertThat(metadata.replaceAll("[^A-Z0-9_]+", " "))
        .containsSubsequence(
            "BOOLEAN",
            "INTEGER",
            "INTEGER",
            "LONG",
            "FLOAT",
            "DOUBLE",
            "DECIMAL128",
            "STRING",
            "DECIMAL128",
            "DECIMAL128",
            "STRING",
            "STRING",
            "STRING",
            "STRING",
            "MAP",
            "BINARY",
            "DATE",
            "DATETIME",
            "TIMESTAMP_TZ",
            "ARRAY",
            "STRUCT",
            "STRING",
            "NULL",
            "LONG");
    Map<Short, Object> chunk = Thrifts.struct(session.fetch(query));
    assertThat((List<?>) chunk.get((short) 2)).hasSize(24);
    assertThat(session.fetch(query)).isEmpty();
  }
}
