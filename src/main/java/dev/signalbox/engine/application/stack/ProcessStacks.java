package dev.signalbox.engine.application.stack;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.release.StepContext;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Stacks of processes on this machine. A stack without processes is run by something else.
public final class ProcessStacks implements StackDriver {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<Colour, StackSettings> stacks;
  private final ProcessDriver driver = new ProcessDriver();

  public ProcessStacks(Map<Colour, StackSettings> stacks) {
    this.stacks = Map.copyOf(stacks);
  }

  private List<ProcessSettings> processes(Colour colour) {
    return Objects.requireNonNull(stacks.get(colour)).processes();
  }

  @Override
  public Status status(Colour colour) throws IOException {
    List<ProcessSettings> processes = processes(colour);
    int running = 0;
    for (ProcessSettings process : processes) {
      switch (driver.status(process)) {
        case ProcessDriver.Status.Ended(String lastLines) -> {
          return new Status.Ended(process.name(), lastLines);
        }
        case ProcessDriver.Status.Running _ -> running++;
        case ProcessDriver.Status.NeverStarted _ -> {}
      }
    }
    if (processes.isEmpty()) {
      return new Status.External();
    }
    return running == processes.size()
        ? new Status.Running()
        : running == 0 ? new Status.NotStarted() : new Status.Incomplete();
  }

  @Override
  public String start(Colour colour, long release, StepContext context)
      throws IOException, InterruptedException {
    List<String> started = new ArrayList<>();
    List<String> adopted = new ArrayList<>();
    for (ProcessSettings process : processes(colour)) {
      context.check();
      boolean now = driver.start(process, release);
      (now ? started : adopted).add(process.name());
    }
    return (started.isEmpty() ? "" : "Started " + String.join(", ", started) + "; ")
        + (adopted.isEmpty() ? "" : "already running " + String.join(", ", adopted) + "; ");
  }

  @Override
  public void stop(Colour colour, long release, StepContext context)
      throws IOException, InterruptedException {
    for (ProcessSettings process : processes(colour)) {
      if (driver.status(process) instanceof ProcessDriver.Status.Running running
          && running.release() == release) {
        context.check();
        boolean _ = driver.stop(process, PATIENCE);
      }
    }
  }
}
