package dev.signalbox.cli;

/// What the command line needs from the composition root.
public record Services(Engines engines, Demo demo, Window window, Cluster cluster) {
  /// Runs the demo.
  @FunctionalInterface
  public interface Demo {
    /// Blocks until the demo is over.
    ///
    /// @return an exit code, see [ExitCode]
    int run(DemoOptions options) throws Exception;
  }

  /// Opens the window.
  @FunctionalInterface
  public interface Window {
    /// Blocks until the window is closed.
    ///
    /// @return an exit code, see [ExitCode]
    int open(java.nio.file.Path file) throws Exception;
  }

  /// Runs a query cluster.
  public interface Cluster {
    /// Blocks until the cluster is told to end.
    ///
    /// @param listening is told where, once
    /// @return an exit code, see [ExitCode]
    int run(java.nio.file.Path file, java.util.function.Consumer<String> listening)
        throws Exception;

    /// What stands in the users file for a password.
    String hash(char[] password);
  }
}
