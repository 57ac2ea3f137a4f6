package dev.signalbox.app;

import dev.signalbox.cli.DemoOptions;
import dev.signalbox.cli.ExitCode;
import dev.signalbox.cli.Services;
import dev.signalbox.cli.Terminal;
import dev.signalbox.demo.DemoRun;
import dev.signalbox.demo.DemoScreen;
import dev.signalbox.demo.DemoSite;
import dev.signalbox.demo.DemoTicker;
import dev.signalbox.demo.load.Receipt;
import dev.signalbox.engine.release.ReleaseEngine;
import dev.signalbox.ui.SignalboxWindow;
import dev.signalbox.ui.WindowOptions;
import java.time.Duration;
import java.util.Objects;

/// `signalbox demo`: a site, an engine on it, a client that loads it, and a window or a terminal.
final class DemoLauncher implements Services.Demo {
  private final Terminal terminal;

  DemoLauncher(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int run(DemoOptions options) throws Exception {
    DemoScreen screen = new DemoScreen(terminal.out(), options.json());
    boolean window = !options.headless() && SignalboxWindow.displayAvailable();
    try (Shutdown shutdown = new Shutdown()) {
      screen.tell("Starting two PostgreSQL servers, an entry and the blue stack …");
      DemoSite site = shutdown.add(new DemoSite(DemoSite.newFolder(), DemoSite.Shape.usual()));
      site.open();
      screen.tell("The service answers at " + site.environment().application().router().address());
      Console console = shutdown.add(new Console(site.environment(), ReleaseEngine.Role.DRIVE));
      DemoRun run = new DemoRun(site, console, screen, options.rate());
      shutdown.add(run::close);
      Receipt receipt = window ? watch(console, run, screen) : drive(console, run, screen, options);
      screen.receipt(receipt);
      return receipt.totals().isClean() ? ExitCode.OK : ExitCode.FAILED;
    } catch (DemoRun.DemoException e) {
      terminal.err().println(e.getMessage());
      terminal.err().flush();
      return ExitCode.FAILED;
    }
  }

  private static Receipt drive(Console console, DemoRun run, DemoScreen screen, DemoOptions options)
      throws Exception {
    DemoTicker ticker = new DemoTicker(console, run, screen);
    try {
      return run.run(
          options.switches(), Objects.requireNonNullElse(options.duration(), Duration.ZERO));
    } finally {
      ticker.close();
    }
  }

  private static Receipt watch(Console console, DemoRun run, DemoScreen screen) throws Exception {
    screen.tell("The window is open: start the release there. Closing it ends the demo.");
    SignalboxWindow.open(console, WindowOptions.standard()).awaitClosed();
    return run.receipt();
  }
}
