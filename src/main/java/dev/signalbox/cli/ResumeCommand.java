package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;

/// `signalbox release resume`.
@picocli.CommandLine.Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Go on with a release that holds.")
final class ResumeCommand extends DriveCommand {

  ResumeCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.Resume()));
  }
}
