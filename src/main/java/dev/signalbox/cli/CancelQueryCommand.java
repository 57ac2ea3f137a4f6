package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Parameters;

/// `signalbox query cancel`.
@picocli.CommandLine.Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "End one open query of the query cluster.")
final class CancelQueryCommand extends DriveCommand {
  @Parameters(paramLabel = "ID", description = "As 'signalbox status' shows it.")
  String id = "";

  CancelQueryCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.CancelQuery(id)));
  }
}
