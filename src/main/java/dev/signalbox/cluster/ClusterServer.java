package dev.signalbox.cluster;

import dev.signalbox.cluster.settings.ClusterFile;
import dev.signalbox.engine.environment.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Main class of the cluster's process: `ClusterServer --config <cluster.yaml>`.
///
/// When it listens, it writes its ready file:
/// `{"type":"cluster","host":…,"port":…,"controlHost":…,"controlPort":…,"pid":…}`. When it cannot
/// start, it ends with code 1 and sentences on standard error. A signal ends it in order.
public final class ClusterServer {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterServer.class);

  private ClusterServer() {}

  /// @throws IOException when it cannot start, with sentences
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // Standard error gets the sentences, a log file their trace, too.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (main, failure) -> LOG.error(String.valueOf(failure.getMessage()), failure));
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      throw new IllegalArgumentException("usage: ClusterServer --config <cluster.yaml>");
    }
    // gRPC logs through java.util.logging, which would print to standard error by itself.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Cluster cluster =
        switch (ClusterFile.read(Path.of(arguments[1]))) {
          case ClusterFile.Result.Loaded loaded -> {
            loaded.warnings().forEach(warning -> LOG.warn("{}", warning));
            yield new Cluster(loaded.settings());
          }
          case ClusterFile.Result.Invalid invalid ->
              throw new IOException(
                  invalid.problems().stream()
                      .map(Problem::toString)
                      .collect(Collectors.joining("\n")));
        };
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "cluster-shutdown"));
    boolean listening = false;
    try {
      cluster.start();
      listening = true;
    } finally {
      // Its threads would keep a process alive that serves nobody.
      if (!listening) {
        cluster.close();
      }
    }
    cluster.awaitClosed();
  }
}
