package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;

/// `signalbox release cutover`.
@picocli.CommandLine.Command(
    name = "cutover",
    mixinStandardHelpOptions = true,
    description = "Move traffic and writes to the other stack, once every gate passes.")
final class CutOverCommand extends DriveCommand {

  CutOverCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.CutOver()));
  }
}
