package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.stack.StackDriver;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/// Starts the target stack, unless it runs. The live stack is not touched.
public record DeployStep(Stacks stacks, Colour target, long release) implements Step {
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

  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    return switch (stacks.driver().status(target)) {
      case StackDriver.Status.Running _, StackDriver.Status.External _ ->
          silent().isEmpty() ? Reality.DONE : Reality.NOT_DONE;
      case StackDriver.Status.NotStarted _,
          StackDriver.Status.Incomplete _,
          StackDriver.Status.Ended _ ->
          Reality.NOT_DONE;
    };
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    String started = stacks.driver().start(target, release, context);
    context.await("The " + target + " stack did not answer", this::obstacle, Function.identity());
    return started + "every address answers";
  }

  /// What has ended ends the waiting at once; what is silent may still come.
  private String obstacle() throws IOException, InterruptedException {
    if (stacks.driver().status(target)
        instanceof StackDriver.Status.Ended(String part, String lastLines)) {
      throw new IOException(
          "The process "
              + part
              + " of the "
              + target
              + " stack ended. The end of its log:\n"
              + lastLines);
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
    stacks.driver().stop(target, release, context);
  }
}
