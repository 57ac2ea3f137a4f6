package dev.signalbox.cli;

/// How the command line ends. Pipelines rely on these numbers.
public final class ExitCode {
  /// Done.
  public static final int OK = 0;

  /// The engine refused it or failed at it, or the release holds.
  public static final int FAILED = 1;

  /// The command line or the configuration is wrong; nothing was tried.
  public static final int USAGE = 2;

  /// Another console holds the lease; nothing was changed.
  public static final int NOT_DRIVING = 3;

  /// It was not over within `--timeout`, and what was begun can be resumed; or something that must
  /// answer does not.
  public static final int TIMED_OUT = 4;

  /// A defect of this program.
  public static final int DEFECT = 5;

  /// Ctrl-C. Who ends a process with SIGTERM reads 143, whatever the process says.
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
