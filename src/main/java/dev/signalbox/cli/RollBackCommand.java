package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release rollback`.

@picocli.CommandLine.Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Go back to where the release came from.")
final class RollBackCommand extends DriveCommand {
  @Option(
      names = "--acknowledge",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "The words that 'signalbox status' asks for when writes would be lost.")
  String acknowledge = "";

  RollBackCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.RollBack(acknowledge)));
  }
}
