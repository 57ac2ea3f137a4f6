package dev.signalbox.app;

import dev.signalbox.cli.DemoOptions;
import dev.signalbox.cli.ExitCode;
import dev.signalbox.cli.Services;
import dev.signalbox.cli.Terminal;
import dev.signalbox.demo.DemoRun;
import dev.signalbox.demo.DemoScreen;
import dev.signalbox.demo.DemoSite;
import dev.signalbox.demo.DemoSite.Shape;
import dev.signalbox.demo.DemoTicker;
import dev.signalbox.demo.load.Receipt;
import dev.signalbox.engine.release.conductor.ReleaseEngine.Role;
import dev.signalbox.ui.SignalboxWindow;
import dev.signalbox.ui.WindowOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// `signalbox demo`: a site, an engine on it, a client that loads it, and a window or a terminal.
final class DemoLauncher implements Services.Demo {

  private final Terminal terminal;

  DemoLauncher(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int run(DemoOptions options) throws Exception {
    DemoScreen screen = new DemoScreen(terminal.out(), options.json());
    boolean window =
        !options.headless() && !options.serviceOnly() && SignalboxWindow.displayAvailable();
    Shutdown shutdown = new Shutdown();
    try (shutdown) {
      screen.tell(
          "Starting two PostgreSQL servers, an entry, a query cluster and the blue stack …");
      DemoSite site = shutdown.add(() -> new DemoSite(DemoSite.newFolder(), Shape.usual()));
      site.open();
      screen.tell("The service answers at " + site.address());
      if (options.serviceOnly()) {
        return serve(site, shutdown, screen, options);
      }
      screen.tell("Its signalbox.yaml: " + site.environmentFile());
      Console console = shutdown.add(() -> new Console(site.environment(), Role.DRIVE));
      DemoRun run = new DemoRun(site, console, screen, options.rate());
      LoadedService service = new LoadedService(run, console, screen);
      AutoCloseable load = service::close;
      shutdown.add(() -> load);
      boolean well = true;
      try {
        run.warmUp();
        if (window) {
          watch(console, screen);
        } else {
          service.showFigures();
          run.run(
              options.switches(), Objects.requireNonNullElse(options.duration(), Duration.ZERO));
        }
      } catch (DemoRun.DemoException e) {
        if (shutdown.toldToEnd()) {
          return ExitCode.INTERRUPTED;
        }
        // What the clients felt is said all the more when the release did not go as it should.
        well = false;
        complain(e);
      }
      return service.end().isClean() && well ? ExitCode.OK : ExitCode.FAILED;
    } catch (Exception e) {
      if (shutdown.toldToEnd()) {
        // Not before: a logger that is made early reads the settings that --debug changes.
        LoggerFactory.getLogger(DemoLauncher.class).debug("ended before it was done", e);
        return ExitCode.INTERRUPTED;
      }
      throw e;
    }
  }

  private void complain(DemoRun.DemoException problem) {
    terminal.err().println(problem.getMessage());
    terminal.err().flush();
  }

  private int serve(DemoSite site, Shutdown shutdown, DemoScreen screen, DemoOptions options)
      throws Exception {
    Console console = shutdown.add(() -> new Console(site.environment(), Role.LOOK_ON));
    DemoRun run = new DemoRun(site, console, screen, options.rate());
    LoadedService service = new LoadedService(run, console, screen);
    AutoCloseable load = service::close;
    shutdown.add(() -> load);
    try {
      run.warmUp();
      service.showFigures();
    } catch (DemoRun.DemoException e) {
      complain(e);
      var _ = service.end();
      return ExitCode.FAILED;
    }
    screen.tell("Its signalbox.yaml: " + site.environmentFile());
    screen.tell("No release is driven. Start one from another terminal, for example with");
    screen.tell("signalbox release start v2 -f FILE, FILE being the signalbox.yaml above.");
    Thread.sleep(Objects.requireNonNullElse(options.duration(), Duration.ofDays(3650)));
    return service.end().isClean() ? ExitCode.OK : ExitCode.FAILED;
  }

  /// The service under load. However it is ended, the load ends while everything that it needs
  /// still runs, and the receipt is the last word. Thread-safe.
  private static final class LoadedService {
    private final DemoRun run;
    private final Console console;
    private final DemoScreen screen;
    private @Nullable DemoTicker ticker;
    private @Nullable Receipt receipt;

    LoadedService(DemoRun run, Console console, DemoScreen screen) {
      this.run = run;
      this.console = console;
      this.screen = screen;
    }

    /// Until the end.
    synchronized void showFigures() {
      if (receipt == null) {
        ticker = new DemoTicker(console, run, screen);
      }
    }

    synchronized Receipt end() throws InterruptedException, SQLException {
      if (receipt == null) {
        if (ticker != null) {
          ticker.close();
        }
        receipt = run.receipt();
        screen.receipt(receipt);
      }
      return receipt;
    }

    void close() throws InterruptedException, SQLException {
      try {
        var _ = end();
      } finally {
        run.close();
      }
    }
  }

  private static void watch(Console console, DemoScreen screen) throws Exception {
    SignalboxWindow window = SignalboxWindow.open(console, WindowOptions.standard());
    screen.tell("The window is open: start the release there. Closing it ends the demo.");
    window.awaitClosed();
  }
}
