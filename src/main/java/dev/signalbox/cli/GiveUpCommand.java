package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release give-up`.
@picocli.CommandLine.Command(
    name = "give-up",
    mixinStandardHelpOptions = true,
    description = "Give a release up before its cutover and undo every step that it took.")
final class GiveUpCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      required = true,
      description = "The name of the environment: what the release built is thrown away.")
  String confirm = "";

  GiveUpCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.GiveUp(confirm)));
  }
}
