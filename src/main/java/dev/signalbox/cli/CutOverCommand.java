package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;

/// `signalbox release cutover`.
@picocli.CommandLine.Command(
    name = "cutover",
    mixinStandardHelpOptions = true,
    description = {
      "Move traffic and writes to the other stack, once every gate passes.",
      "Stays until the watch is over."
    })
final class CutOverCommand extends DriveCommand {
  /// For gates that are pending; the slowest is health, at most 10 checks 60 s apart, as a rule 3.
  private static final Duration SETTLE = Duration.ofSeconds(60);

  /// For gates that are closed because something was asked once only.
  private static final Duration LAST_LOOK = Duration.ofSeconds(3);

  @Mixin WatchOption watch = new WatchOption();

  CutOverCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    if (!session.resident()) {
      // A cutover that was under way, with nobody at it, may be the one that is wanted.
      session.awaitSettled();
      ReleaseView release = session.snapshot().release();
      if (release != null && session.events().tookUp() && reached(release)) {
        return new Outcome.Done(Standing.text(release));
      }
    }
    // This console has only begun to look: health wants several good checks in a row.
    session.awaitWithin(LAST_LOOK, s -> !closed(s));
    session.awaitWithin(SETTLE, s -> !mayOpen(s));
    session.awaitWithin(LAST_LOOK, s -> free(s) || !ready(s));
    return pull(session);
  }

  /// Pulls the lever, and sees whether the target is still live when nothing is under way any more.
  static Outcome pull(EngineSession session) throws InterruptedException, TimeoutException {
    Outcome outcome = session.submit(new Command.CutOver());
    if (!(outcome instanceof Outcome.Done(String text))) {
      return outcome;
    }
    ReleaseView release =
        session.await(s -> Standing.settled(s.release()) || EngineSession.elsewhere(s)).release();
    return release != null
            && (Standing.back(release) || release.status() instanceof ReleaseView.Status.Holding)
        ? new Outcome.Failed(
            text
                + " It did not stay so: "
                + session.events().lastNote()
                + " "
                + Standing.text(release))
        : outcome;
  }

  @Override
  boolean reached(ReleaseView release) {
    return release.status() instanceof ReleaseView.Status.Watching;
  }

  @Override
  WatchBy watchBy() {
    return watch.watchBy();
  }

  /// Whether something is not proven yet that may be so without anybody doing anything.
  private static boolean mayOpen(EngineSnapshot snapshot) {
    return ready(snapshot)
        && !free(snapshot)
        && !closed(snapshot)
        && snapshot.gates().stream().anyMatch(g -> g.state() == GateView.State.PENDING);
  }

  /// Whether somebody must do something first.
  private static boolean closed(EngineSnapshot snapshot) {
    return ready(snapshot)
        && snapshot.gates().stream().anyMatch(g -> g.state() == GateView.State.CLOSED);
  }

  private static boolean free(EngineSnapshot snapshot) {
    return snapshot.lever(LeverId.CUT_OVER) instanceof Lever.Free;
  }

  private static boolean ready(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    return release != null && release.status() instanceof ReleaseView.Status.Ready;
  }
}
