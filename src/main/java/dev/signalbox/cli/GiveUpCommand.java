package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `signalbox release give-up`.
@picocli.CommandLine.Command(
    name = "give-up",
    mixinStandardHelpOptions = true,
    description = {
      "Give a release up while its origin is live: undo every step that it took, and throw",
      "away what it built on the target."
    })
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
  Outcome drive(Session session) throws InterruptedException, TimeoutException {
    EngineSnapshot now = session.snapshot();
    ReleaseView release = now.release();
    if (release != null && release.endedAt() == null) {
      session.note(thrownAway(release, now.database()));
    }
    return session.submit(new Command.GiveUp(confirm));
  }

  private static String thrownAway(ReleaseView release, @Nullable DatabaseView database) {
    DatabaseView.Server server = database == null ? null : database.servers().get(release.target());
    String copied =
        server == null || !server.reachable()
            ? "its tables; how much they hold is not known"
            : "its tables, the database holds " + StatusText.bytes(server.size());
    return "Giving up release "
        + release.number()
        + " ("
        + release.version()
        + ") throws away what it built on "
        + release.target()
        + ": "
        + copied
        + "; the application that it deployed there is stopped. "
        + release.origin()
        + " stays live.";
  }

  @Override
  boolean reached(ReleaseView release) {
    return release.status() instanceof ReleaseView.Status.GivenUp;
  }
}
