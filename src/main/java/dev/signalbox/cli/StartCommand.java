package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `signalbox release start`: until the cutover may be pulled, or with `--cutover` through it and
/// the watch.
@picocli.CommandLine.Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = "Start a release and run it until the cutover is ready.")
final class StartCommand extends DriveCommand {
  @Parameters(paramLabel = "VERSION", description = "The version that the other stack shall run.")
  String version = "";

  @Option(
      names = "--cutover",
      description = "Cut over as soon as every gate passes, and stay until the watch is over.")
  boolean cutover;

  @Mixin WatchOption watch = new WatchOption();

  StartCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    ReleaseView before = session.snapshot().release();
    long last = before == null ? 0 : before.number();
    Outcome started = session.submit(new Command.StartRelease(version));
    if (!(started instanceof Outcome.Done)) {
      return started;
    }
    ReleaseView release =
        release(
            session.await(s ->
                EngineSession.elsewhere(s) || (isNew(s, last) && Standing.settled(release(s)))));
    if (!(release.status() instanceof Status.Ready)) {
      return new Outcome.Failed(Standing.text(release));
    }
    return cutover
        ? cutOver(session)
        : new Outcome.Done(
            "Release "
                + release.number()
                + " is ready. Cut over with 'signalbox release cutover'.");
  }

  private static Outcome cutOver(EngineSession session)
      throws InterruptedException, TimeoutException {
    ReleaseView release =
        release(
            session.await(s ->
                EngineSession.elsewhere(s)
                    || s.lever(LeverId.CUT_OVER) instanceof Lever.Free
                    || !(release(s).status() instanceof Status.Ready)));
    if (!(release.status() instanceof Status.Ready)) {
      return new Outcome.Failed(Standing.text(release));
    }
    return CutOverCommand.pull(session);
  }

  @Override
  WatchBy watchBy() {
    return cutover && !watch.none ? WatchBy.COMMAND : watch.watchBy();
  }

  private static boolean isNew(EngineSnapshot snapshot, long last) {
    ReleaseView release = snapshot.release();
    return release != null && release.number() > last;
  }

  private static ReleaseView release(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    if (release == null) {
      throw new IllegalStateException("The release is gone from the engine's state.");
    }
    return release;
  }
}
