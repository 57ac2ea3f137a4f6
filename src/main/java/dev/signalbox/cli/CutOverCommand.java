package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// `signalbox release cutover`.
@picocli.CommandLine.Command(
    name = "cutover",
    mixinStandardHelpOptions = true,
    description = "Move traffic and writes to the other stack, once every gate passes.")
final class CutOverCommand extends DriveCommand {
  /// For gates that are pending; the slowest is health, at most 10 checks 60 s apart, as a rule 3.
  private static final Duration SETTLE = Duration.ofSeconds(60);

  /// For gates that are closed because something was asked once only.
  private static final Duration LAST_LOOK = Duration.ofSeconds(3);

  CutOverCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int drive(Session session, Output output) throws InterruptedException, TimeoutException {
    // This console has only begun to look: health wants several good checks in a row.
    session.awaitWithin(SETTLE, s -> !mayOpen(s));
    session.awaitWithin(LAST_LOOK, s -> free(s) || !ready(s));
    return finish(session, output, session.submit(new Command.CutOver()));
  }

  /// Whether something is not proven yet that may be so without anybody doing anything.
  private static boolean mayOpen(EngineSnapshot snapshot) {
    return ready(snapshot)
        && !free(snapshot)
        && snapshot.gates().stream().anyMatch(g -> g.state() == GateView.State.PENDING);
  }

  private static boolean free(EngineSnapshot snapshot) {
    return snapshot.lever(LeverId.CUT_OVER) instanceof Lever.Free;
  }

  private static boolean ready(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    return release != null && release.status() instanceof ReleaseView.Status.Ready;
  }
}
