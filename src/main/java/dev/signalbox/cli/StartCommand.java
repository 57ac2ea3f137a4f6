package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import java.util.concurrent.TimeoutException;
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

  StartCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    ReleaseView before = session.snapshot().release();
    long last = before == null ? 0 : before.number();
    Outcome started = session.submit(new Command.StartRelease(version));
    if (!(started instanceof Outcome.Done)) {
      return finish(session, output, started);
    }
    ReleaseView release = release(session.await(s -> isNew(s, last) && settled(release(s))));
    if (!(release.status() instanceof Status.Ready)) {
      return output.outcome(new Outcome.Failed(standing(release)));
    }
    if (!cutover) {
      return output.outcome(
          new Outcome.Done(
              "Release "
                  + release.number()
                  + " is ready. Cut over with 'signalbox release cutover'."));
    }
    return cutOver(session, output);
  }

  private static int cutOver(Session session, Output output)
      throws InterruptedException, TimeoutException {
    ReleaseView release =
        release(
            session.await(s ->
                s.lever(LeverId.CUT_OVER) instanceof Lever.Free
                    || !(release(s).status() instanceof Status.Ready)));
    if (!(release.status() instanceof Status.Ready)) {
      return output.outcome(new Outcome.Failed(standing(release)));
    }
    Outcome moved = session.submit(new Command.CutOver());
    if (!(moved instanceof Outcome.Done)) {
      return finish(session, output, moved);
    }
    release = release(session.await(s -> watched(release(s)) || stopped(release(s))));
    return output.outcome(
        watched(release)
            ? new Outcome.Done(
                "Version "
                    + release.version()
                    + " is live on "
                    + release.target()
                    + ", and the watch is over."
                    + " The way back stays until 'signalbox release cleanup'.")
            : new Outcome.Failed(standing(release)));
  }

  private static boolean isNew(EngineSnapshot snapshot, long last) {
    ReleaseView release = snapshot.release();
    return release != null && release.number() > last;
  }

  private static boolean settled(ReleaseView release) {
    return switch (release.status()) {
      case Status.Running ignored -> false;
      case Status.Moving ignored -> false;
      case Status.CleaningUp ignored -> false;
      case Status.GivingUp ignored -> false;
      case Status.Ready ignored -> true;
      case Status.Watching ignored -> true;
      case Status.Holding ignored -> true;
      case Status.Completed ignored -> true;
      case Status.GivenUp ignored -> true;
    };
  }

  private static boolean watched(ReleaseView release) {
    boolean over =
        release.phases().stream()
            .anyMatch(
                p -> p.phase() == Phase.WATCH && p.state() == ReleaseView.PhaseView.State.DONE);
    return release.status() instanceof Status.Completed
        || (release.status() instanceof Status.Watching && over);
  }

  /// Whether the cutover ended otherwise: held, given up, or back where it came from.
  private static boolean stopped(ReleaseView release) {
    return switch (release.status()) {
      case Status.Holding ignored -> true;
      case Status.GivenUp ignored -> true;
      case Status.Ready ignored -> back(release);
      case Status.Running ignored -> false;
      case Status.Moving ignored -> false;
      case Status.Watching ignored -> false;
      case Status.CleaningUp ignored -> false;
      case Status.GivingUp ignored -> false;
      case Status.Completed ignored -> false;
    };
  }

  private static boolean back(ReleaseView release) {
    if (release.moves().isEmpty()) {
      return false;
    }
    ReleaseView.MoveView last = release.moves().getLast();
    return last.result() == ReleaseView.MoveView.Result.UNDONE
        || last.move().to() == release.origin();
  }

  private static String standing(ReleaseView release) {
    String detail = StatusWords.detail(release.status());
    return "Release "
        + release.number()
        + " is "
        + StatusWords.word(release.status())
        + (detail.isEmpty() ? ". " : ": " + detail + " ")
        + release.next();
  }

  private static ReleaseView release(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    if (release == null) {
      throw new IllegalStateException("The release is gone from the engine's state.");
    }
    return release;
  }
}
