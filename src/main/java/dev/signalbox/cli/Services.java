package dev.signalbox.cli;

/// What the command line needs from the composition root.
public record Services(Engines engines, Demo demo, Window window) {
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
}
