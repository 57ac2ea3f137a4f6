package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;

/// `signalbox release abort`.
@picocli.CommandLine.Command(
    name = "abort",
    mixinStandardHelpOptions = true,
    description = "Give a release up before its cutover and undo every step.")
final class AbortCommand extends DriveCommand {

  AbortCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.Abort()));
  }
}
