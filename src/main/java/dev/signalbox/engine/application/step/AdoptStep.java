package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;

/// Looks whether the router and the source stack are what the release takes them for. Changes
/// nothing, so a release that fails here has deployed nothing.
public record AdoptStep(Stacks stacks, Colour source) implements Step {
  @Override
  public String id() {
    return "application.adopt";
  }

  @Override
  public String title() {
    return "Adopt router and " + source + " stack";
  }

  @Override
  public Stage stage() {
    return Stage.WORK;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(20);
  }

  /// Never done before it was looked at: it costs nothing to look again.
  @Override
  public Reality observe(StepContext context) {
    return Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    RouterState state = stacks.router().state();
    if (state.route() != source) {
      throw new IOException(
          "The router sends traffic to "
              + state.route()
              + ", the release starts from "
              + source
              + ". Start a release from "
              + state.route()
              + ", or route to "
              + source
              + " first.");
    }
    if (state.holding()) {
      throw new IOException("The router holds requests. Wait until the hold ends, or release it.");
    }
    String version = "";
    for (EndpointSettings endpoint : stacks.stack(source).endpoints()) {
      for (String path : endpoint.checks()) {
        Probe.Answer answer = stacks.probe().get(endpoint.address().resolve(path), Stacks.ASK);
        if (answer.status() != 200) {
          throw new IOException(
              endpoint.address().resolve(path)
                  + " answers "
                  + answer.status()
                  + ", expected 200. The "
                  + source
                  + " stack must be well before a release.");
        }
        version = answer.version();
      }
    }
    stacks.intended().accept(source);
    return "Router reachable and on "
        + source
        + "; "
        + source
        + " answers"
        + (version.isEmpty() ? "" : " as " + version);
  }

  @Override
  public void undo(StepContext context) {
    // Nothing was changed.
  }
}
