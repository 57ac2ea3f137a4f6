package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Starts the target's processes, unless they run. The live stack is not touched.
public record DeployStep(Stacks stacks, Colour target, long release) implements Step {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public String id() {
    return "application.deploy";
  }

  @Override
  public String title() {
    return "Deploy " + target + " stack";
  }

  @Override
  public Stage stage() {
    return Stage.WORK;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(90);
  }

  private List<ProcessSettings> processes() {
    return stacks.stack(target).processes();
  }

  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    for (ProcessSettings process : processes()) {
      if (!(stacks.driver().status(process) instanceof ProcessDriver.Status.Running)) {
        return Reality.NOT_DONE;
      }
    }
    return silent().isEmpty() ? Reality.DONE : Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    List<String> started = new ArrayList<>();
    List<String> adopted = new ArrayList<>();
    for (ProcessSettings process : processes()) {
      context.check();
      boolean now = stacks.driver().start(process, release);
      (now ? started : adopted).add(process.name());
    }
    stacks.await(context, "The " + target + " stack did not answer", this::obstacle);
    return (started.isEmpty() ? "" : "Started " + String.join(", ", started) + "; ")
        + (adopted.isEmpty() ? "" : "already running " + String.join(", ", adopted) + "; ")
        + "every address answers";
  }

  /// A dead process ends the waiting at once; a silent one may still come.
  private String obstacle() throws IOException, InterruptedException {
    for (ProcessSettings process : processes()) {
      if (stacks.driver().status(process) instanceof ProcessDriver.Status.Ended(String lines)) {
        throw new IOException(
            "The process "
                + process.name()
                + " of the "
                + target
                + " stack ended. The end of its log:\n"
                + lines);
      }
    }
    return silent();
  }

  /// An address of the stack that does not answer at all; healthy it need not be yet.
  private String silent() throws InterruptedException {
    for (EndpointSettings endpoint : stacks.stack(target).endpoints()) {
      String path = endpoint.checks().isEmpty() ? "/" : endpoint.checks().getFirst();
      try {
        stacks.probe().get(endpoint.address().resolve(path), Stacks.ASK);
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
    }
    return "";
  }

  /// Stops what this release started; what ran before it goes on.
  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    if (stacks.router().state().route() == target) {
      throw new IOException(
          "The "
              + target
              + " stack gets traffic: it is not stopped. Route to "
              + target.other()
              + " first.");
    }
    for (ProcessSettings process : processes()) {
      if (stacks.driver().status(process) instanceof ProcessDriver.Status.Running running
          && running.release() == release) {
        context.check();
        stacks.driver().stop(process, PATIENCE);
      }
    }
  }
}
