package dev.signalbox.app;

import dev.signalbox.cli.ConfigurationException;
import dev.signalbox.cli.ExitCode;
import dev.signalbox.cli.Services;
import dev.signalbox.cluster.Cluster;
import dev.signalbox.cluster.access.PasswordHash;
import dev.signalbox.cluster.settings.ClusterFile;
import dev.signalbox.cluster.settings.ClusterSettings;
import dev.signalbox.engine.environment.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// `signalbox cluster`: a query cluster in this process.
final class ClusterLauncher implements Services.Cluster {
  @Override
  public int run(Path file, Consumer<String> listening)
      throws ConfigurationException, InterruptedException {
    ClusterSettings settings = read(file);
    Shutdown shutdown = new Shutdown();
    try (shutdown) {
      Cluster cluster = shutdown.add(() -> new Cluster(settings));
      cluster.start();
      listening.accept(
          "Clients reach the cluster at "
              + settings.listen().getHostString()
              + ":"
              + cluster.port()
              + ", the console at "
              + settings.control().getHostString()
              + ":"
              + cluster.controlPort()
              + ".");
      cluster.awaitClosed();
      return shutdown.toldToEnd() ? ExitCode.INTERRUPTED : ExitCode.OK;
    } catch (IOException | IllegalStateException e) {
      throw new ConfigurationException(
          List.of(Objects.requireNonNullElse(e.getMessage(), e.toString())));
    }
  }

  private static ClusterSettings read(Path file) throws ConfigurationException {
    return switch (ClusterFile.read(file)) {
      case ClusterFile.Result.Loaded loaded -> loaded.settings();
      case ClusterFile.Result.Invalid invalid ->
          throw new ConfigurationException(
              invalid.problems().stream().map(Problem::toString).toList());
    };
  }

  @Override
  public String hash(char[] password) {
    return PasswordHash.of(password, PasswordHash.ITERATIONS).text();
  }
}
