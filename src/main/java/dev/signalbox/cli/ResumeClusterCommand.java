package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.concurrent.TimeoutException;

/// `signalbox query resume`.
@picocli.CommandLine.Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Let a suspended query cluster take work again.")
final class ResumeClusterCommand extends DriveCommand {
  ResumeClusterCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    return session.submit(new Command.ResumeCluster());
  }
}
