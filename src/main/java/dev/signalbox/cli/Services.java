package dev.signalbox.cli;

import dev.signalbox.engine.Outcome;

/// What the command line needs from the composition root.
public record Services(Engines engines, Demo demo, Window window, Cluster cluster, Vaults vaults) {
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

  /// The encrypted secrets beside an environment's file. What goes wrong is an
  /// [IllegalStateException] with a sentence that shows no secret.
  public interface Vaults {
    /// Makes the vault when there is none.
    Outcome set(java.nio.file.Path environment, String name, char[] secret);

    /// Asks for the passphrase, if nobody did, and tries it.
    void open(java.nio.file.Path environment);

    /// What is in it, sorted.
    java.util.List<String> names(java.nio.file.Path environment);

    Outcome remove(java.nio.file.Path environment, String name);

    /// @param next the new passphrase
    Outcome rekey(java.nio.file.Path environment, char[] next);
  }
}
