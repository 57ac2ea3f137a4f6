package dev.signalbox.cli;

import dev.signalbox.engine.Command;
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
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.CleanUp(confirm)));
  }
}
