package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// Does beforehand what a switch would otherwise wait for: the target's pools and code are warm,
/// and the router has the epoch and the next route on disk.
public record AnnounceStep(Stacks stacks, Move move) implements Step {
  private static final int ROUNDS = 5;
  private static final int WARM = 16;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  @Override
  public String id() {
    return "application.announce";
  }

  @Override
  public String title() {
    return "Warm " + move.to() + " up";
  }

  @Override
  public Stage stage() {
    return Stage.ANNOUNCE;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(20);
  }

  /// Warmth cannot be seen, and costs little to renew.
  @Override
  public Reality observe(StepContext context) {
    return Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    int probes = warm(context);
    RouterState state = stacks.router().announce(context.epoch(), move.to(), WARM);
    if (!stacks.router().can().contains(Router.Can.WARM)) {
      return probes + " fresh connections were answered by " + move.to();
    }
    if (state.warm() <= WARM) {
      throw new IOException(
          "Only "
              + state.warm()
              + " of "
              + (WARM + 1)
              + " requests from the router to the "
              + move.to()
              + " stack were answered well. Look at its log.");
    }
    return probes
        + " fresh connections and "
        + state.warm()
        + " through the router were answered by "
        + move.to();
  }

  private int warm(StepContext context) throws IOException, InterruptedException {
    int count = 0;
    for (int round = 0; round < ROUNDS; round++) {
      count += ask(context, EndpointSettings::checks, Stacks.ASK);
    }
    return count + ask(context, EndpointSettings::warmUp, WARM_UP);
  }

  private int ask(
      StepContext context, Function<EndpointSettings, List<String>> paths, Duration limit)
      throws IOException, InterruptedException {
    int count = 0;
    for (EndpointSettings endpoint : stacks.stack(move.to()).endpoints()) {
      for (String path : paths.apply(endpoint)) {
        context.check();
        URI address = endpoint.address().resolve(path);
        Probe.Answer answer = stacks.probe().getFresh(address, limit);
        if (answer.status() != 200) {
          throw new IOException(address + " answers " + answer.status() + ", expected 200.");
        }
        count++;
      }
    }
    return count;
  }

  @Override
  public void undo(StepContext context) {
    // Nothing was moved, and a warm stack does no harm.
  }
}
