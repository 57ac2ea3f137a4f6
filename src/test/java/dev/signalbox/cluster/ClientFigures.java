package dev.signalbox.cluster;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.query.ConnectionSettings;
import dev.signalbox.strategy.query.Credentials;
import dev.signalbox.strategy.query.Query;
import dev.signalbox.strategy.query.StrategyConnection;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/// Measures, with a real cluster: how long a client needs after a switch that nobody announced, and
/// how many bytes of our own classes a connection holds. A program, no test: `ClientFigures`.
final class ClientFigures {
  private static final int SWITCHES = 40;
  private static final int CONNECTIONS = 200;
  private static final String OURS = "dev.signalbox.strategy.";

  private ClientFigures() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("client-figures-");
    try (TestDatabases databases = TestDatabases.create();
        TestCluster cluster = new TestCluster(folder, databases)) {
      recovery(cluster);
      memory(cluster);
    }
    System.exit(0);
  }

  private static StrategyConnection connect(TestCluster cluster, StrategyManager manager) {
    return StrategyConnection.open(
        ConnectionSettings.of(
            new ClusterKey("127.0.0.1:" + cluster.port(), ""),
            new Credentials("alice", "secret".toCharArray())),
        manager);
  }

  private static void recovery(TestCluster cluster) throws IOException {
    long[] ordinary = new long[SWITCHES];
    long[] after = new long[SWITCHES];
    try (StrategyManager manager = new StrategyManager(StrategyConfig.defaults());
        StrategyConnection connection = connect(cluster, manager)) {
      Strategy live = Strategy.BLUE;
      for (int n = 0; n < SWITCHES; n++) {
        query(connection, live);
        ordinary[n] = query(connection, live);
        live = live.other();
        var _ = cluster.makeLive(live, true);
        after[n] = query(connection, live);
      }
    }
    Arrays.sort(ordinary);
    Arrays.sort(after);
    System.out.printf(
        "query: median %.1f ms; first query after an unannounced switch: median %.1f ms, max %.1f ms%n",
        ordinary[SWITCHES / 2] / 1e6, after[SWITCHES / 2] / 1e6, after[SWITCHES - 1] / 1e6);
  }

  private static long query(StrategyConnection connection, Strategy expected) throws IOException {
    long began = System.nanoTime();
    try (Query query = connection.execute("SELECT 1")) {
      if (query.nextBatch().isEmpty() || query.strategy() != expected) {
        throw new IOException("The query was not answered by " + expected + ".");
      }
      query.clear();
    }
    return System.nanoTime() - began;
  }

  private static void memory(TestCluster cluster) throws JMException {
    List<StrategyConnection> open = new ArrayList<>();
    try (StrategyManager manager = new StrategyManager(StrategyConfig.defaults())) {
      open.add(connect(cluster, manager));
      long before = bytes();
      for (int n = 0; n < CONNECTIONS; n++) {
        open.add(connect(cluster, manager));
      }
      System.out.printf(
          "objects of our classes: %d bytes a connection%n", (bytes() - before) / CONNECTIONS);
      open.forEach(StrategyConnection::close);
    }
  }

  /// Bytes of all living objects of the client's own classes.
  private static long bytes() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(cells -> cells.length >= 4 && cells[3].startsWith(OURS))
        .mapToLong(cells -> Long.parseLong(cells[2]))
        .sum();
  }
}
