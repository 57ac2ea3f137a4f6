package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `signalbox release takeover`.
@picocli.CommandLine.Command(
    name = "takeover",
    mixinStandardHelpOptions = true,
    description = "Take the lease from another console, and go on with what it left.")
final class TakeOverCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      required = true,
      description = "The name of the environment: the other console is deposed.")
  String confirm = "";

  @Mixin WatchOption watch = new WatchOption();

  @Option(
      names = "--alone",
      paramLabel = "WORDS",
      description =
          "Drive without the database or the entry that does not answer: '"
              + Command.TakeOver.OTHER_SIDE_CLOSED
              + "'. See the runbooks first.")
  String alone = "";

  TakeOverCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  WatchBy watchBy() {
    return watch.watchBy();
  }

  @Override
  boolean needsLease() {
    return false;
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    Outcome outcome = session.submit(new Command.TakeOver(confirm, alone));
    // The other console may have ended meanwhile: whoever wanted to drive does.
    return outcome instanceof Outcome.Refused && session.snapshot().lease().mine()
        ? new Outcome.Done(outcome.text())
        : outcome;
  }
}
