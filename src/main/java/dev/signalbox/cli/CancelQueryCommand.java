package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Parameters;

/// `signalbox query cancel`.
@picocli.CommandLine.Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "End one open query of the query cluster.")
final class CancelQueryCommand extends DriveCommand {
  @Parameters(paramLabel = "ID", description = "As 'signalbox release status' shows it.")
  String id = "";

  CancelQueryCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    return session.submit(new Command.CancelQuery(id));
  }
}
