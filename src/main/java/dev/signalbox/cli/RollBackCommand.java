package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// `signalbox release rollback`.
@picocli.CommandLine.Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Move traffic and writes back to where the release came from.")
final class RollBackCommand extends DriveCommand {
  /// For what a console that has just begun to look does not know yet of the way back.
  private static final Duration LOOK = Duration.ofSeconds(3);

  @Option(
      names = "--acknowledge",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "The words that 'signalbox release status' asks for when writes would be lost.")
  String acknowledge = "";

  RollBackCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    session.awaitWithin(LOOK, s -> free(s) || !watching(s));
    return session.submit(new Command.RollBack(acknowledge));
  }

  private boolean free(EngineSnapshot snapshot) {
    return snapshot.lever(LeverId.ROLL_BACK) instanceof Lever.Free free
        && (free.wordsToType().isEmpty() || free.wordsToType().equals(acknowledge));
  }

  private static boolean watching(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    return release != null && release.status() instanceof Status.Watching;
  }

  @Override
  boolean reached(ReleaseView release) {
    return Standing.back(release);
  }
}
