package dev.signalbox.cluster;

import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.demo.query.QueryCounts;
import dev.signalbox.demo.query.QueryLoad;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.MakeLiveCommand;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.query.Credentials;
import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/// A cluster on two real databases that changes over again and again under clients with overlapping
/// queries. Every third change takes its announcement back first; every second one does not wait
/// for the old stack's queries but lets them end.
///
/// As a program: `ChangeOverRun CHANGES CLIENTS LONGEST_MILLIS SEED`.
final class ChangeOverRun {
  private static final int ACCOUNTS = 1_000;
  private static final long SUM = ACCOUNTS * 500L;

  private ChangeOverRun() {}

  /// @param refused calls that were answered with 456
  /// @param leftOpen queries that the cluster still has when every client has ended
  record Result(
      QueryCounts counts, long refused, int leftOpen, Duration longestDrain, Duration took) {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("change-over-");
    try (TestDatabases databases = TestDatabases.create()) {
      Result result =
          run(
              folder,
              databases,
              Integer.parseInt(args[0]),
              Integer.parseInt(args[1]),
              Duration.ofMillis(Long.parseLong(args[2])),
              Long.parseLong(args[3]));
      System.out.println(result);
    }
    System.exit(0);
  }

  static Result run(
      Path folder, TestDatabases databases, int changes, int clients, Duration longest, long seed)
      throws IOException, InterruptedException, SQLException {
    Map<Strategy, String> systems =
        Map.of(
            Strategy.BLUE, fill(databases, Colour.BLUE),
            Strategy.GREEN, fill(databases, Colour.GREEN));
    Instant began = Instant.now();
    Duration longestDrain = Duration.ZERO;
    // As many connections as there are clients: one that waits for a connection tells nothing of
    // change-overs.
    try (TestCluster cluster =
            new TestCluster(
                TestCluster.settings(folder, databases, Limits.defaults(), clients + 5));
        QueryLoad load =
            new QueryLoad(
                new QueryLoad.Target(
                    "127.0.0.1:" + cluster.port(),
                    new Credentials("alice", "secret".toCharArray()),
                    SUM,
                    systems,
                    longest),
                clients,
                seed)) {
      Strategy live = Strategy.BLUE;
      for (int n = 1; n <= changes; n++) {
        underLoad(cluster, live, clients);
        live = live.other();
        Duration drain = change(cluster, live, n, longest);
        longestDrain = drain.compareTo(longestDrain) > 0 ? drain : longestDrain;
      }
      QueryCounts counts = load.finish();
      ClusterStatus status = cluster.status();
      return new Result(
          counts,
          status.getBlue().getRejected456() + status.getGreen().getRejected456(),
          status.getBlue().getOpenQueries() + status.getGreen().getOpenQueries(),
          longestDrain,
          Duration.between(began, Instant.now()));
    }
  }

  /// New queries began on the live stack since the last look.
  private static void underLoad(TestCluster cluster, Strategy live, int clients)
      throws InterruptedException {
    long before = engine(cluster.status(), live).getQueriesStarted();
    Await.until(
        "queries begin on " + live,
        () -> engine(cluster.status(), live).getQueriesStarted() >= before + Math.min(clients, 20));
  }

  private static Duration change(TestCluster cluster, Strategy to, int n, Duration longest)
      throws InterruptedException {
    if (n % 3 == 0) {
      cluster.announce(to);
      underLoad(cluster, to, 1);
      cluster.announce(to.other());
    }
    cluster.announce(to);
    long drains = System.nanoTime();
    if (n % 2 == 0) {
      Await.until(
          "the queries of " + to.other() + " end",
          longest.plusSeconds(60),
          () -> engine(cluster.status(), to.other()).getOpenQueries() == 0);
    }
    cluster
        .control()
        .makeLive(
            MakeLiveCommand.newBuilder()
                .setEpoch(1)
                .setStrategy(to.wire())
                .setLetEnd(true)
                .build());
    return Duration.ofNanos(System.nanoTime() - drains);
  }

  private static EngineStatus engine(ClusterStatus status, Strategy strategy) {
    return switch (strategy) {
      case BLUE -> status.getBlue();
      case GREEN -> status.getGreen();
    };
  }

  private static String fill(TestDatabases databases, Colour colour) throws SQLException {
    try (Connection connection = databases.get(colour).open("fill", Duration.ofSeconds(10));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE accounts AS SELECT n AS id, 500::bigint AS balance FROM generate_series(1, "
              + ACCOUNTS
              + ") n");
      return Identity.of(Jdbi.open(connection)).systemIdentifier();
    }
  }
}
