package dev.signalbox.app;

import dev.signalbox.cli.Cli;
import dev.signalbox.cli.ConfigurationException;
import dev.signalbox.cli.ExitCode;
import dev.signalbox.cli.Services;
import dev.signalbox.cli.Terminal;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.engine.secret.Passphrase;
import dev.signalbox.ui.SignalboxWindow;
import dev.signalbox.ui.WindowOptions;
import java.nio.file.Path;

/// The whole program, wired by hand.
public final class Signalbox {
  private Signalbox() {}

  /// Runs one command to its end.
  ///
  /// @return an exit code, see [ExitCode]
  public static int run(String... arguments) {
    Terminal terminal = Terminal.ofProcess();
    Services services =
        new Services(
            new Consoles(),
            new DemoLauncher(terminal),
            file -> openWindow(file, terminal),
            new ClusterLauncher(),
            new VaultCommands(Passphrase.ofProcess()));
    return Cli.run(services, terminal, arguments);
  }

  private static int openWindow(Path file, Terminal terminal)
      throws ConfigurationException, InterruptedException {
    if (!SignalboxWindow.displayAvailable()) {
      terminal
          .err()
          .println(
              "There is no display. 'signalbox release status --watch' shows it in the terminal.");
      terminal.err().flush();
      return ExitCode.FAILED;
    }
    try (Shutdown shutdown = new Shutdown()) {
      Environment environment = Consoles.read(file);
      Console console = shutdown.add(() -> new Console(environment, ReleaseEngine.Role.DRIVE));
      SignalboxWindow.open(console, WindowOptions.standard()).awaitClosed();
    }
    return ExitCode.OK;
  }
}
