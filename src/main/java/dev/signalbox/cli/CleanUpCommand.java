package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release cleanup`.
@picocli.CommandLine.Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    description = "Remove replication and keep the stack that is live.")
final class CleanUpCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      required = true,
      description = "The name of the environment: the way back ends here.")
  String confirm = "";

  CleanUpCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    return session.submit(new Command.CleanUp(confirm));
  }

  @Override
  boolean reached(ReleaseView release) {
    return release.status() instanceof ReleaseView.Status.Completed;
  }
}
