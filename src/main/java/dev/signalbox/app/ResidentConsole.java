package dev.signalbox.app;

import dev.signalbox.driver.DriverServer;
import dev.signalbox.driver.DriverSocket;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// A console that stays, and that commands on this machine hand their work to. Closed when the
/// process is told to end: what is under way is interrupted, and whoever asked for it is told.
final class ResidentConsole implements Engine {
  private final Shutdown shutdown = new Shutdown();
  private final Console console;

  /// @throws dev.signalbox.driver.DriverException when there is one already
  ResidentConsole(DriverSocket socket, Environment environment) throws IOException {
    try {
      // Closed last, so that commands hear how their work ended.
      DriverServer server = shutdown.add(() -> DriverServer.claim(socket));
      console = shutdown.add(() -> new Console(environment, ReleaseEngine.Role.DRIVE));
      // Closed first: whoever comes later finds no driver, and takes the lease itself.
      shutdown.<AutoCloseable, IOException>add(() -> {
        server.serve(console);
        return server::stopListening;
      });
    } catch (IOException | RuntimeException e) {
      shutdown.close();
      throw e;
    }
  }

  @Override
  public EngineSnapshot snapshot() {
    return console.snapshot();
  }

  @Override
  public Subscription observe(Consumer<EngineSnapshot> observer) {
    return console.observe(observer);
  }

  @Override
  public List<EngineEvent> events(long after, int limit) {
    return console.events(after, limit);
  }

  @Override
  public CompletionStage<Outcome> submit(Command command) {
    return console.submit(command);
  }

  @Override
  public void close() {
    shutdown.close();
  }
}
