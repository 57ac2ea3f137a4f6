package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release takeover`.

@picocli.CommandLine.Command(
    name = "takeover",
    mixinStandardHelpOptions = true,
    description = "Take the lease from another console.")
final class TakeOverCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      required = true,
      description = "The name of the environment: the other console is deposed.")
  String confirm = "";

  @Option(
      names = "--alone",
      paramLabel = "WORDS",
      description =
          "Drive without the database or the entry that does not answer: 'the other side is"
              + " closed'. See the runbooks first.")
  String alone = "";

  TakeOverCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  boolean needsLease() {
    return false;
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    return finish(session, output, session.submit(new Command.TakeOver(confirm, alone)));
  }
}
