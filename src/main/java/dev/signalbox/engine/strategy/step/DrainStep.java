package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterRefusedException;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import java.io.IOException;
import java.time.Duration;

/// Waits until the queries of the old stack have ended, and says all the time how many are left and
/// which is the oldest. What is left after [#patience], be it a very long query or those of clients
/// that do not follow announcements, goes on to its end; it holds up clean-up, not the release.
///
/// @param patience how long it may take
public record DrainStep(ControlClient client, Move move, Duration patience)
    implements StrategyStep {
  private static final Duration POLL = Duration.ofMillis(200);

  /// How long the cluster may be silent meanwhile: restarting it takes some seconds.
  private static final Duration SILENCE = Duration.ofSeconds(10);

  @Override
  public String id() {
    return "strategy.drain";
  }

  @Override
  public String title() {
    return "Let queries on " + move.from() + " end";
  }

  @Override
  public Duration timeout() {
    return patience.plus(SILENCE).plusSeconds(5);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    // Not the clock of the wall, which may be set meanwhile.
    long began = System.nanoTime();
    long seen = began;
    while (true) {
      context.check();
      ClusterStatus status;
      try {
        status = client.status();
      } catch (ClusterRefusedException e) {
        throw e;
      } catch (IOException e) {
        if (System.nanoTime() - seen > SILENCE.toNanos()) {
          throw e;
        }
        context.progress(String.valueOf(e.getMessage()));
        Thread.sleep(POLL);
        continue;
      }
      seen = System.nanoTime();
      if (!status.getAnnounced().equals(move.to().id())
          && !status.getLive().equals(move.to().id())) {
        throw new IOException(
            move.to() + " is no longer announced: the query cluster was commanded by another.");
      }
      if (engine(status, move.from()).getOpenQueries() == 0) {
        return "No query is open on " + move.from();
      }
      if (System.nanoTime() - began > patience.toNanos()) {
        return OpenQueryText.count(status, move.from()) + "; they go on to their end";
      }
      context.progress(OpenQueryText.show(status, move.from()));
      Thread.sleep(POLL);
    }
  }
}
