package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
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

/// Proves that traffic arrives, by three witnesses: the router's own word, answers on fresh
/// connections from outside, and the counters of each stack of a router that has them.
public record VerifyStep(Stacks stacks, Move move) implements Step {
  private static final int PROBES = 5;

  @Override
  public String id() {
    return "application.verify";
  }

  @Override
  public String title() {
    return "Verify traffic on " + move.to();
  }

  @Override
  public Stage stage() {
    return Stage.VERIFY;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(15);
  }

  /// A proof is not a state: it is made again.
  @Override
  public Reality observe(StepContext context) {
    return Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    RouterState before = stacks.router().state();
    if (before.route() != move.to() || before.holding()) {
      throw new IOException(
          "The router says it "
              + (before.holding() ? "holds requests" : "routes to " + before.route())
              + ", expected traffic on "
              + move.to()
              + ".");
    }
    int probes = probe();
    RouterState after = stacks.router().state();
    Colour source = move.from();
    if (after.generation() != before.generation()) {
      throw new IOException("The router was commanded anew during the verification. Look again.");
    }
    String proven =
        "Router at generation "
            + after.generation()
            + "; "
            + probes
            + " fresh connections answered by "
            + move.to();
    if (!stacks.router().can().contains(Router.Can.COUNT)) {
      return proven;
    }
    if (after.stack(source).sinceRoute() > 0) {
      throw new IOException(
          "The router sent "
              + after.stack(source).sinceRoute()
              + " requests to "
              + source
              + " after the switch.");
    }
    long arrived = after.stack(move.to()).sinceRoute();
    if (arrived < before.stack(move.to()).sinceRoute() + probes) {
      throw new IOException(
          "Of "
              + probes
              + " probes not all were counted at "
              + move.to()
              + " by the router: something else answers at "
              + stacks.settings().router().address()
              + ".");
    }
    int draining = after.stack(source).inFlight();
    return proven
        + "; "
        + arrived
        + " requests since, none to "
        + source
        + (draining == 0 ? "" : " but " + draining + " that began before");
  }

  private int probe() throws IOException {
    URI entry = stacks.settings().router().address();
    int count = 0;
    for (EndpointSettings endpoint : stacks.stack(move.to()).endpoints()) {
      String path = endpoint.checks().getFirst();
      for (int i = 0; i < PROBES; i++) {
        Probe.Answer answer = stacks.probe().getFresh(entry.resolve(path), Stacks.ASK);
        if (answer.status() != 200 || answer.stack().filter(move.to()::equals).isEmpty()) {
          throw new IOException(
              "A new connection to "
                  + entry.resolve(path)
                  + " got "
                  + answer.status()
                  + " from "
                  + answer.stack().map(Colour::id).orElse("an unnamed stack")
                  + ", expected 200 from "
                  + move.to()
                  + ".");
        }
        count++;
      }
    }
    return count;
  }

  @Override
  public void undo(StepContext context) {
    // Looking changed nothing.
  }
}
