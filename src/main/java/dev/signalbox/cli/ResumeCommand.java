package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;

/// `signalbox release resume`.
@picocli.CommandLine.Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Go on with a release that holds, or that was left with nobody at it.")
final class ResumeCommand extends DriveCommand {
  @Mixin WatchOption watch = new WatchOption();

  ResumeCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    Outcome outcome = session.submit(new Command.Resume());
    ReleaseView release = session.snapshot().release();
    if (outcome instanceof Outcome.Refused
        && session.snapshot().lease().mine()
        && release != null
        && Standing.underWatch(release)) {
      // What was left is the watch, and whoever drives goes on with it.
      return new Outcome.Done(Standing.text(release));
    }
    // Whoever goes on with a switch that had not been made takes it back: that is its good end.
    return outcome instanceof Outcome.Failed && release != null && takenBack(release)
        ? new Outcome.Done(outcome.text() + " " + Standing.text(release))
        : outcome;
  }

  private static boolean takenBack(ReleaseView release) {
    return Standing.back(release)
        && release.moves().getLast().result() == ReleaseView.MoveView.Result.UNDONE;
  }

  @Override
  boolean reached(ReleaseView release) {
    return Standing.settled(release) && !(release.status() instanceof ReleaseView.Status.Holding);
  }

  @Override
  WatchBy watchBy() {
    return watch.watchBy();
  }
}
