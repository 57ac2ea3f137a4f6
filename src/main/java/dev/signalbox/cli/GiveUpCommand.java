package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release give-up`.
@picocli.CommandLine.Command(
    name = "give-up",
    mixinStandardHelpOptions = true,
    description = {
      "Give a release up while its origin is live.",
      "Undoes every step that it took, and throws away what it built on the target."
    })
final class GiveUpCommand extends DriveCommand {
  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = {
        "The name of the environment: what the release built is thrown away. Without it, nothing",
        "is done, and how much that is is said."
      })
  String confirm = "";

  GiveUpCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    if (session.snapshot().lever(LeverId.GIVE_UP)
        instanceof Lever.Free(String effect, String name)) {
      if (confirm.isEmpty()) {
        return new Outcome.Refused(effect + " To confirm, add --confirm '" + name + "'.");
      } else if (confirm.equals(name)) {
        session.note(effect);
      }
    }
    return session.submit(new Command.GiveUp(confirm));
  }

  @Override
  boolean reached(ReleaseView release) {
    return release.status() instanceof ReleaseView.Status.GivenUp;
  }
}
