package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox query suspend`.
@picocli.CommandLine.Command(
    name = "suspend",
    mixinStandardHelpOptions = true,
    description = "Answer every new query with 503; open ones go on.")
final class SuspendClusterCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      required = true,
      description = "The name of the environment: nobody can query until it is resumed.")
  String confirm = "";

  SuspendClusterCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    return session.submit(new Command.SuspendCluster(confirm));
  }
}
